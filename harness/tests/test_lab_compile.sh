#!/bin/sh
# test_lab_compile - kernels of a source with patches: built once each, each
# patch taken back before the next, and what cannot be built refused with a
# reason. The source is a few lines, and its image what they say.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

for tool in dpkg gcc make patch flex bison bc xz; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # skip no $tool: make deps-kernel"
		exit 77
	fi
done
if [ "$(dpkg --print-architecture)" != amd64 ]; then
	echo "1..0 # skip kernels are built on amd64 only"
	exit 77
fi

# shellcheck source=harness/tests/lab_source.sh
. "$root/harness/tests/lab_source.sh"
printf 'one\ntwo\nthree\n' >"$source/mm/mmap.c"
: >"$source/refused"
sed -n 's/^CONFIG_\(.*\)=.*/config \1/p' harness/lab/kernel.config >"$source/Kconfig"
cat >"$source/Makefile" <<'MAKE'
allnoconfig:
	: >.config
olddefconfig:
	grep -vxFf refused .config >.config.new; mv .config.new .config
bzImage:
	echo built >>built
	@! grep -n broken mm/mmap.c | sed 's/^/mm.c:/; s/broken/error: broken/' | grep .
	mkdir -p arch/x86/boot
	echo "$$KBUILD_BUILD_HOST $$KBUILD_BUILD_TIMESTAMP" | cat - mm/mmap.c >arch/x86/boot/bzImage
MAKE

# A patch that makes one line another.
patch_of() {
	sed "s/^$2\$/$3/" "$source/mm/mmap.c" >"$scratch/changed"
	diff -U1 --label a/mm/mmap.c --label b/mm/mmap.c "$source/mm/mmap.c" "$scratch/changed" >"$scratch/$1.patch"
}
patch_of first one uno
patch_of last three tre
patch_of broken two broken
printf 'uno\ntwo\nthree\n' >"$scratch/uno"
sed 's/uno/ein/' "$scratch/uno" >"$scratch/ein"
diff -U1 --label a/mm/mmap.c --label b/mm/mmap.c "$scratch/uno" "$scratch/ein" >"$scratch/later.patch"

# compiled EXPECTED PATCH...: the lines of the image, in one.
compiled() {
	expected=$1
	shift
	run harness/lab/compile 6.1 "$@"
	ends_with 0
	image=$(cut -d ' ' -f 2- <"$out")
	holds "the image has: $expected" test "$(tail -n +2 "$image" | xargs)" = "$expected"
}

compiled 'one two three'
prints '6.1.9-source '
holds "the image does not say where and when it was built" grep -qx 'lab 2000-01-01' "$image"
holds "with its configuration" grep -qx CONFIG_PERF_EVENTS=y "$(dirname "$image")/config"
holds "with its package" grep -qx 'linux-source-6.1 6.1.9-1' "$(dirname "$image")/package"
proves "a source without patches is a kernel"

compiled 'uno two three' "$scratch/first.patch"
prints '6.1.9+first '
holds "which patch, by its sum" \
	grep -qx "first $(sha256sum <"$scratch/first.patch" | cut -d ' ' -f 1)" "$(dirname "$image")/patches"
compiled 'one two tre' "$scratch/last.patch"
compiled 'ein two tre' "$scratch/first.patch" "$scratch/later.patch" "$scratch/last.patch"
prints '6.1.9+first+later+last '
proves "patches are applied in order, and taken back before others are"

: >"$source/built"
compiled 'one two three'
compiled 'uno two three' "$scratch/first.patch"
holds "nothing was built" test ! -s "$source/built"
mkdir "$scratch/same"
cp "$scratch/last.patch" "$scratch/same/first.patch"
compiled 'one two tre' "$scratch/same/first.patch"
holds "this was" test -s "$source/built"
proves "what was built is not built again, and other contents are another kernel"

run harness/lab/compile 6.1 "$scratch/first.patch" "$scratch/first.patch"
ends_with 1
complains 'first.patch does not apply to 6.1.9-1'
prints_nothing
rm -rf "$LAB/compiled"
compiled 'one two three'
proves "a patch that does not apply is named, and leaves nothing behind"

run harness/lab/compile 6.1 "$scratch/broken.patch"
ends_with 1
complains '6.1.9+broken does not build: mm.c:2:error: broken'
prints_nothing
run harness/lab/compile 6.1 "$scratch/broken.patch"
ends_with 1
compiled 'one two tre' "$scratch/last.patch"
proves "a kernel that does not build is refused with the compiler's word, and not kept"

cp "$scratch/first.patch" "$source/regrow-applied.doing"
rm -rf "$LAB/compiled"
run harness/lab/compile 6.1
ends_with 1
complains "in the middle of a patch: remove $source"
rm "$source/regrow-applied.doing"
proves "a source that was left half patched is not built"

: >"$source/built"
compiled 'one two tre' "$scratch/last.patch"
cp -p "$source/mm/mmap.c" "$scratch/before"
rm -rf "$LAB/compiled"
compiled 'one two tre' "$scratch/last.patch"
holds "its files are as old as they were" sh -c "! test '$source/mm/mmap.c' -nt '$scratch/before'"
proves "patches that are there already are not applied anew"

echo CONFIG_PERF_EVENTS=y >"$source/refused"
rm -rf "$LAB/compiled"
run harness/lab/compile 6.1
ends_with 1
complains '6.1.9-1 does not take CONFIG_PERF_EVENTS=y'
sed -i '/PERF/d' "$source/Kconfig"
compiled 'one two three'
: >"$source/refused"
proves "a kernel without what the lab needs is not built"

run harness/lab/compile 6.1 "$scratch/none.patch"
ends_with 1
complains 'none.patch cannot be read'
run harness/lab/compile 6.2
ends_with 1
complains 'no source of a kernel 6.2'
run harness/lab/compile
ends_with 2
proves "patches and sources that are not there are named"

ends
