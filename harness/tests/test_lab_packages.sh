#!/bin/sh
# test_lab_packages - kernels by prefixes of their versions, from an apt that is
# a script: chosen, fetched once, refused with a reason, and nothing of the
# machine's own configuration touched.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

for tool in dpkg-deb dpkg apt-get; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # skip no $tool: not a Debian"
		exit 77
	fi
done
bin=$scratch/bin
mirror=$scratch/mirror
mkdir "$bin" "$mirror"

# A package with an image, or with none.
package() {
	folder=$scratch/package
	rm -rf "$folder"
	mkdir -p "$folder/DEBIAN" "$folder/$3"
	printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: a kernel\n' \
		"$1" "$2" >"$folder/DEBIAN/control"
	[ -z "$4" ] || echo "image of $2" >"$folder/$3/$4"
	dpkg-deb --build "$folder" "$mirror/$1.deb" >/dev/null
}
package linux-image-6.1.0-57-cloud-amd64 6.1.192-3 boot vmlinuz-6.1.0-57
package linux-image-6.1.0-9-cloud-amd64 6.1.27-1 boot vmlinuz-6.1.0-9
package linux-image-6.12.1+deb13-cloud-amd64 6.12.1-1 boot vmlinuz-6.12.1
package linux-image-7.2.1+deb14-cloud-amd64 7.2.1-1 usr/share/doc ''
package linux-binary-7.2.1+deb14-cloud-amd64 7.2.1-1 usr/lib/modules/7.2.1 vmlinuz
package linux-image-9.9.9-cloud-amd64 9.9.9-1 usr/share/doc ''
package linux-source-6.1 6.1.192-3 usr/src ''
mkdir -p "$scratch/source/linux-source-6.1/mm"
echo 'int mmap;' >"$scratch/source/linux-source-6.1/mm/mmap.c"
tar -C "$scratch/source" -cJf "$scratch/package/usr/src/linux-source-6.1.tar.xz" linux-source-6.1
dpkg-deb --build "$scratch/package" "$mirror/linux-source-6.1.deb" >/dev/null
package linux-source-9.9 9.9.9-1 usr/src ''

cat >"$bin/apt-get" <<END
#!/bin/sh
echo "apt-get \$*" >>"$scratch/calls"
case \$1 in
indextargets)
	echo http://mirror.example/debian
	echo http://mirror.example/debian-security
	exit 0
	;;
esac
conf=\$2
shift 2
case \$* in
*update*)
	[ ! -e "$scratch/offline" ] || exit 100
	lists=\$(sed -n 's/^Dir::State::lists "\(.*\)";/\1/p' "\$conf")
	: >"\$lists/mirror_Packages"
	;;
*download*)
	! grep -qxF "\${3%=*}" "$scratch/gone" 2>/dev/null || { echo '404 Not Found'; exit 100; }
	cp "$mirror/\${3%=*}.deb" .
	;;
*) exit 1 ;;
esac
END
cat >"$bin/apt-cache" <<END
#!/bin/sh
case \$3 in
search)
	for deb in "$mirror"/*.deb; do
		basename "\$deb" .deb
	done | grep -E "\$5" | sed 's/$/ - a kernel/'
	;;
madison)
	shift 3
	for name; do
		printf '%s | %s | http://mirror.example/debian x/main\n' \
			"\$name" "\$(dpkg-deb -f "$mirror/\$name.deb" Version)"
	done
	;;
esac
END
chmod +x "$bin"/*
PATH=$bin:$PATH
LAB=$scratch/lab
export PATH LAB

run harness/lab/packages list
ends_with 0
prints '6.12.1-1'
prints 'linux-image-6.1.0-57-cloud-amd64'
prints '6.1.192-source           linux-source-6.1'
holds "the lists are asked of the machine's own site" \
	grep -q 'http://mirror.example/debian trixie main' "$LAB/apt-amd64/sources.list"
holds "and the security updates of theirs" \
	grep -q 'http://mirror.example/debian-security bookworm-security main' "$LAB/apt-amd64/sources.list"
proves "the kernels that can be had are listed, from where this machine's apt gets Debian"

run harness/lab/packages kernel 6.1
ends_with 0
prints '6.1.192-3 '
holds "its image is there" grep -q 'image of 6.1.192-3' "$LAB/kernels/amd64/6.1.192-3/vmlinuz"
holds "with its package and its sum" \
	grep -Eq '^linux-image-6.1.0-57-cloud-amd64 6.1.192-3 [0-9a-f]{64}$' "$LAB/kernels/amd64/6.1.192-3/package"
run harness/lab/packages kernel 6.1.27
ends_with 0
prints '6.1.27-1 '
run harness/lab/packages kernel 6.12
ends_with 0
prints '6.12.1-1 '
proves "a prefix chooses the newest version that has it, and 6.1 is not 6.12"

: >"$scratch/calls"
run harness/lab/packages kernel 6.1
ends_with 0
holds "apt is not asked again" sh -c "! grep -qE 'download|update' '$scratch/calls'"
proves "what was fetched is not fetched again"

run harness/lab/packages kernel 7.2
ends_with 0
holds "the image is the other package's" grep -q 'image of 7.2.1-1' "$LAB/kernels/amd64/7.2.1-1/vmlinuz"
proves "an image that lies in linux-binary is found there"

run harness/lab/packages source 6.1
ends_with 0
prints '6.1.192-3 '
holds "it is unpacked" grep -qx 'int mmap;' "$LAB/sources/6.1.192-3/mm/mmap.c"
holds "with its package" grep -qx 'linux-source-6.1 6.1.192-3' "$LAB/sources/6.1.192-3/package"
: >"$scratch/calls"
run harness/lab/packages source 6.1
ends_with 0
holds "nothing is fetched again" test ! -s "$scratch/calls"
run harness/lab/packages source 9.9
ends_with 1
complains 'linux-source-9.9 holds no source'
run harness/lab/packages source 6.12
ends_with 1
complains 'no source of a kernel 6.12 for amd64'
proves "the source of a kernel is unpacked, once"

run harness/lab/packages kernel 9.9
ends_with 1
complains 'holds no image'
run harness/lab/packages kernel 3.7
ends_with 1
complains 'no kernel 3.7'
complains 'kernels-list'
run harness/lab/packages kernel '6.1;reboot'
ends_with 1
complains 'no version of a kernel'
run harness/lab/packages kernel 6.1 mips
ends_with 1
complains "no lab for 'mips'"
run harness/lab/packages
ends_with 2
holds "nothing is left of what failed" sh -c "! ls -d '$LAB'/fetch.* 2>/dev/null"
proves "what cannot be had is refused with a reason"

package linux-image-6.18.5-cloud-amd64 6.18.5-1 boot vmlinuz-6.18.5
package linux-image-6.18.4-cloud-amd64 6.18.4-1 boot vmlinuz-6.18.4
package linux-image-6.18.3-cloud-amd64 6.18.3-1 boot vmlinuz-6.18.3
printf '%s\n' linux-image-6.18.5-cloud-amd64 linux-image-6.18.4-cloud-amd64 >"$scratch/gone"
run harness/lab/packages refresh
run harness/lab/packages kernel 6.18
ends_with 0
prints '6.18.3-1 '
complains 'linux-image-6.18.5-cloud-amd64 6.18.5-1 cannot be fetched: 404'
complains 'linux-image-6.18.4-cloud-amd64 6.18.4-1 cannot be fetched: 404'
run harness/lab/packages kernel 6.18.5
ends_with 1
complains 'no package of a kernel 6.18.5 for amd64 can be fetched'
rm "$scratch/gone"
run harness/lab/packages kernel 6.18
ends_with 0
prints '6.18.5-1 '
proves "what lists name and the archive has not gives way to the next older one, and is said"

touch "$scratch/offline"
LAB=$scratch/lab2
run harness/lab/packages kernel 6.1
ends_with 1
complains 'no lists'
proves "without a network the reason is the lists"

MIRROR=http://other.example/debian
export MIRROR
rm "$scratch/offline"
run harness/lab/packages list
ends_with 0
holds "the sites are those asked for" \
	grep -q 'http://other.example/debian trixie main' "$LAB/apt-amd64/sources.list"
proves "MIRROR is where packages come from instead"

ends
