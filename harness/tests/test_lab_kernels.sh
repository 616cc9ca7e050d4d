#!/bin/sh
# test_lab_kernels - kernels are booted twice and compared where both boots say
# the same; one that panics, or says something else the second time, is left out
# with its reason; with a real clock boots are the runs. The emulator is a
# script, and an image the name of the results that it gives.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

for tool in parallel cpio; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # skip no $tool: make deps-lab"
		exit 77
	fi
done

# Results of the lab: a control, and growths of so many instructions.
results_of() {
	awk -v kernel="$1" -v cost="$2" -v unit="$3" 'BEGIN {
		q = "\""
		printf "{\"type\":\"run\",\"format\":2,\"clock_unit\":\"%s\",\"regrow\":\"v1\",\"binary\":\"0123456789abcdef\",\"plan\":{\"seed\":1,\"repeat\":1,\"rounds\":16,\"sweep\":16,\"groups\":[{\"workload\":\"work\",\"thp\":\"never\",\"is_control\":true},{\"workload\":\"vector-growth:last=1M\",\"thp\":\"never\"}],\"cells\":[{\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"},{\"group\":1,\"role\":\"reference\",\"allocator\":\"copy\"}]},\"counters\":[],\"lab\":{\"clock_unit\":\"%s\",\"cpu\":\"named\"},\"machine\":{\"kernel\":\"%s\"}}\n", unit, unit, kernel
		for (round = 0; round < 16; round++)
			for (cell = 0; cell < 2; cell++)
				printf "{\"type\":\"sample\",\"sequence\":%d,\"round\":%d,\"pass\":\"timing\",\"cell\":%d,\"outcome\":\"ok\",\"stage\":\"done\",\"valid\":true,\"time\":{\"wall_ns\":%d,\"cpu_ns\":%d},\"operations\":{\"%s\":{\"count\":1,\"failed\":0,\"sum_ns\":%d}}}\n", 2 * round + cell, round, cell, cost, cost, cell ? "grow" : "reread", cell ? cost + round : 4000
		print "{\"type\":\"end\",\"status\":\"done\"}"
	}'
}

bin=$scratch/bin
mkdir "$bin"
cat >"$bin/qemu-system-x86_64" <<'END'
#!/bin/sh
[ "$1" != --version ] || { echo 'QEMU emulator version 7.2.99'; exit 0; }
console= results= kernel=
while [ $# -gt 0 ]; do
	case $1 in
	-serial)
		if [ -z "$console" ]; then console=${2#file:}; else results=${2#file:}; fi
		shift
		;;
	-kernel) kernel=$(cat "$2"); echo "$kernel" >>"$FAKE_LOG"; shift ;;
	esac
	shift
done
case $kernel in
panic) echo 'Kernel panic - not syncing' >"$console"; exit ;;
esac
[ -z "${SWAP:-}" ] || cp "$(command -v env)" "$SWAP"
cp "$kernel" "$results"
[ ! -e "$kernel.second" ] || case $results in *-2/*) cp "$kernel.second" "$results" ;; esac
echo 'regrow guest: ended with status 0' >"$console"
END
chmod +x "$bin/qemu-system-x86_64"
PATH=$bin:$PATH
FAKE_LOG=$scratch/boots
export PATH FAKE_LOG

image() {
	results_of "$1" "$2" "$3" >"$scratch/$1.jsonl"
	echo "$scratch/$1.jsonl" >"$scratch/image-$1"
}
image 6.1.0 1000 instructions
image 6.12.0 1500 instructions
image 5.19.0 1500 instructions
image 6.18.0 1500 instructions
sed '4s/4000/4001/' "$scratch/6.18.0.jsonl" >"$scratch/6.18.0.jsonl.second"
echo panic >"$scratch/image-panic"
kernels() {
	run env REGROW="${PROGRAM:-$regrow}" COMPARE="$regrow" OUTPUT="$scratch/kernels" CLOCK="${CLOCK:-icount}" \
		BOOTS=5 ALLOC=malloc WORKLOAD="${WORKLOAD:-}" PROFILE="${PROFILE:-}" REGROW_PLOT_DIR="$root/plot" \
		harness/lab/kernels "$@"
}

kernels "$scratch/image-6.1.0" "$scratch/image-6.12.0"
ends_with 0
prints 'image-6.1.0              two boots the same'
prints 'the largest first'
prints '+49'
complains "kernels: 4 of 4 boots: image-6.1"
holds "each was booted twice" test "$(wc -l <"$FAKE_LOG")" = 4
holds "the results are ordinary files" \
	sh -c "'$regrow' show '$scratch/kernels/image-6.12.0.jsonl' >/dev/null"
holds "what was compared is kept" grep -q 'the largest first' "$scratch/kernels/compare.txt"
proves "kernels are booted twice each, and compared"

cp "$regrow" "$scratch/program"
export SWAP="$scratch/program" JOBS=1
PROGRAM=$SWAP kernels "$scratch/image-6.1.0" "$scratch/image-5.19.0"
unset SWAP JOBS
ends_with 0
holds "it was made another" sh -c "! cmp -s '$scratch/program' '$regrow'"
# What a boot was made of, by its sum.
holds "both boots were of the same" cmp "$scratch/kernels/boots/image-5.19.0-1/done" \
	"$scratch/kernels/boots/image-5.19.0-2/done"
holds "nothing of it is left" sh -c "! ls '$scratch'/kernels/regrow.* 2>/dev/null"
proves "a program that is built anew meanwhile is not what the later boots run"

kernels "$scratch/image-6.1.0" "$scratch/image-6.18.0" "$scratch/image-panic" "$scratch/image-6.12.0"
ends_with 1
complains 'image-6.18.0: its two boots differ, from line 4 on'
complains 'the kernel panicked'
complains 'image-panic: no results'
prints '+49'
holds "what differs is not compared" sh -c "! grep -q 6.18.0 '$scratch/kernels/compare.txt'"
proves "a kernel that panics or whose boots differ is left out with its reason"

mkdir "$scratch/other"
cp "$scratch/image-6.12.0" "$scratch/other/image-6.1.0"
kernels "$scratch/image-6.1.0" "$scratch/other/image-6.1.0"
ends_with 0
prints 'image-6.1.0-no2'
prints '+49'
proves "two images of one name keep their results apart"

: >"$FAKE_LOG"
image 5.10.0 1000 ns
image 6.0.0 1500 ns
CLOCK='time' kernels "$scratch/image-5.10.0" "$scratch/image-6.0.0"
holds "each was booted five times" test "$(wc -l <"$FAKE_LOG")" = 10
holds "by turns each first" sh -c "test \"\$(sed -n '1p' '$FAKE_LOG')\" != \"\$(sed -n '3p' '$FAKE_LOG')\""
holds "boots are the runs of a side" sh -c "test \"\$(ls '$scratch/kernels/image-5.10.0' | wc -l)\" = 5"
prints '5 boots'
proves "with a real clock boots are the rounds, in balanced order"

kernels "$scratch/none"
ends_with 1
complains 'cannot be read'
kernels
ends_with 2
PROFILE=x kernels "$scratch/image-6.1.0"
ends_with 2
complains 'one WORKLOAD='
proves "what is missing is said before anything is booted"

# A source whose image is what a line of it says, and a patch of that line.
# shellcheck source=harness/tests/lab_source.sh
. "$root/harness/tests/lab_source.sh"
echo "$scratch/6.1.0.jsonl" >"$source/mm/mmap.c"
printf -- '--- a/mm/mmap.c\n+++ b/mm/mmap.c\n@@ -1 +1 @@\n-%s\n+%s\n' \
	"$scratch/6.1.0.jsonl" "$scratch/6.12.0.jsonl" >"$scratch/dearer.patch"
printf 'allnoconfig:\n\t: >.config\nolddefconfig:\nbzImage:\n\tmkdir -p arch/x86/boot; cp mm/mmap.c arch/x86/boot/bzImage\n' \
	>"$source/Makefile"
if harness/lab/compile 6.1 >/dev/null 2>"$err"; then
	kernels 6.1-source "6.1-source+$scratch/dearer.patch"
	ends_with 0
	prints '6.1.9-source             two boots the same'
	prints '6.1.9+dearer             two boots the same'
	prints '+49'
	holds "the machine is told the package and the patch" grep -q \
		'"kernel_version":"6.1.9+dearer".*"kernel_package":"linux-source-6.1","kernel_patches":\["dearer [0-9a-f]\{64\}"\]' \
		"$scratch/kernels/boots/6.1.9+dearer-1/lab.json"
	holds "and of the source as it is, that there is none" \
		sh -c "! grep -q kernel_patches '$scratch/kernels/boots/6.1.9-source-1/lab.json'"
	proves "a kernel is built of its source, with a patch and without"
else
	skips "a kernel is built of its source, with a patch and without" "$(tail -n 1 "$err")"
fi
ARCH=arm64 kernels 6.1-source
ends_with 1
complains 'built for amd64 only'
kernels "6.1-source+$scratch/none.patch"
ends_with 1
complains 'none'
proves "what cannot be built is said before anything is booted"

ends
