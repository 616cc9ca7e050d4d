#!/bin/sh
# lab_kernels - real kernels in QEMU: two of amd64, whose boots say the same and
# which are compared, and one of arm64, whose PMU counts. What `make check-lab`
# runs: it fetches packages, and takes minutes.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

RUN_TIMEOUT=${RUN_TIMEOUT:-600}
for tool in qemu-system-x86_64 qemu-system-aarch64 cpio parallel; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # skip no $tool: make deps-lab"
		exit 77
	fi
done
run harness/lab/packages kernel 6.12 amd64
if [ "$status" != 0 ]; then
	echo "1..0 # skip no packages: $(tail -n 1 "$err")"
	exit 77
fi

run env REGROW="$build/static/regrow" COMPARE="$regrow" OUTPUT="$scratch/kernels" CLOCK=icount \
	ALLOC=mremap-maymove SWEEP=12 WORKLOAD=control:size=8M:times=8,vector-growth:last=256K,hole-refill:size=2M \
	harness/lab/kernels 5.10 6.12
ends_with 0
holds "the boots of both are the same" sh -c "grep -c 'two boots the same' '$out' | grep -qx 2"
prints 'instructions of a call, median of 12 layouts'
prints 'What a kernel does'
holds "the control is the same" sh -c "sed -n '/control:/,/^\$/p' '$out' | grep -q 'service .* same'"
proves "two kernels boot, say the same twice, and are compared"

for name in "$scratch"/kernels/*.jsonl; do
	holds "every sample is good" sh -c "! grep -q '\"outcome\":\"[^o]\|\"valid\":false' '$name'"
	holds "its machine is the guest" grep -q '"hypervisor":"qemu' "$name"
	holds "with the emulator and the kernel's package" \
		grep -q '"lab":{"clock_unit":"instructions","emulator":"QEMU".*"kernel_package":"linux-' "$name"
done
proves "what the guests send are results files with facts of the guest and of the lab"

arm64=$root/build/arm64/static/regrow
if [ ! -x "$arm64" ]; then
	skips "counters count on an emulated PMU of arm64" "no binary: make static ARCH=arm64"
	ends # and exits
fi
run harness/lab/packages kernel 6.12 arm64
if [ "$status" != 0 ]; then
	skips "counters count on an emulated PMU of arm64" "no packages: $(tail -n 1 "$err")"
	ends # and exits
fi
kernel=$(cut -d ' ' -f 2- <"$out")
# Twice the same layout, and two boots.
count_on_arm64() {
	timeout -k 5 "$RUN_TIMEOUT" harness/lab/boot --arch arm64 --clock icount --regrow "$arm64" \
		--output "$scratch/$1" "$kernel" -- run --alloc mremap-maymove --workload vector-growth:last=256K \
		--rounds 2 --counters instructions:u,instructions:k,cycles,page-faults >"$scratch/$1.log" 2>&1 </dev/null
}
count_on_arm64 again &
again=$!
count_on_arm64 arm64
status=$?
holds "a boot ends well: $(tail -n 1 "$scratch/arm64.log")" test $status = 0
wait $again
status=$?
holds "another boot ends well: $(tail -n 1 "$scratch/again.log")" test $status = 0
holds "two boots count the same" cmp "$scratch/arm64/results.jsonl" "$scratch/again/results.jsonl"
counts() {
	grep "^{\"type\":\"sample\".*\"round\":$1,\"pass\":\"timing\"" "$scratch/arm64/results.jsonl" |
		sed "s/.*\"cell\":\([0-9]*\).*\"$2\":{\"value\":\([0-9]*\).*/\1 \2/" | sort
}
# A histogram takes a few instructions more or fewer for another duration.
counts 0 instructions:u >"$scratch/first"
counts 1 instructions:u >"$scratch/second"
holds "user instructions are the same in both rounds, but for one in a thousand" \
	sh -c "join '$scratch/first' '$scratch/second' | awk '
		{ d = \$2 - \$3; if (d < 0) d = -d; if (d > \$2 / 1000) exit 1 }
		END { if (NR == 0) exit 1 }'"
holds "and some" sh -c "echo '$(counts 0 instructions:u)' | grep -q ' [1-9][0-9]*\$'"
holds "kernel instructions are counted apart" sh -c "echo '$(counts 0 instructions:k)' | grep -q ' [1-9][0-9]*\$'"
holds "and cycles" sh -c "echo '$(counts 0 cycles)' | grep -q ' [1-9][0-9]*\$'"
holds "nothing is missing" sh -c "! grep -q '\"missing\"' '$scratch/arm64/results.jsonl'"
proves "counters count on an emulated PMU of arm64, user and kernel apart"

ends
