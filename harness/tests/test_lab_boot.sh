#!/bin/sh
# test_lab_boot - what becomes of a machine of the lab, told by an emulator that
# is a script: an end, a panic, a hang, an error; and nothing is left running.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

bin=$scratch/bin
mkdir "$bin"
# Does what $FAKE says; its serial ports are files, in the order of the options.
cat >"$bin/qemu-system-x86_64" <<'END'
#!/bin/sh
if [ "$1" = --version ]; then
	echo 'QEMU emulator version 7.2.99 (Debian)'
	exit 0
fi
printf '%s\n' "$@" >"$FAKE_LOG"
echo boot >>"$FAKE_LOG.boots"
console= results=
while [ $# -gt 0 ]; do
	case $1 in
	-serial)
		if [ -z "$console" ]; then console=${2#file:}; else results=${2#file:}; fi
		shift
		;;
	-initrd) cpio --quiet -it <"$2" >"$FAKE_LOG.initrd"; cpio --quiet -i --to-stdout command <"$2" >"$FAKE_LOG.command" ;;
	esac
	shift
done
end='{"type":"end","status":"done"}'
case $FAKE in
good) echo "$end" >"$results"; printf 'regrow guest: ended with status 0\r\n' >"$console" ;;
panic) printf 'Kernel panic - not syncing: no \033[31minit\r\n' >"$console" ;;
status) echo 'regrow guest: ended with status 4' >"$console" ;;
torn) echo '{"type":"sample"' >"$results"; echo 'regrow guest: ended with status 0' >"$console" ;;
hang) echo 'still booting' >"$console"; exec sleep 1000 ;;
stuck) echo 'KVM internal error. Suberror: 1' >&2; exec sleep 1000 ;;
broken) echo 'qemu: warning: a feature' >&2; echo 'no such machine' >&2; exit 3 ;;
esac
END
chmod +x "$bin/qemu-system-x86_64"
PATH=$bin:$PATH
FAKE_LOG=$scratch/log
export PATH FAKE_LOG
if ! command -v cpio >/dev/null; then
	echo "1..0 # skip no cpio: make deps-lab"
	exit 77
fi
: >"$scratch/kernel"
output=$scratch/machine
boot() {
	FAKE=$1
	shift
	export FAKE
	[ "$FAKE" = good ] || rm -rf "$output"
	run harness/lab/boot --regrow "$regrow" --output "$output" --clock icount \
		--limit "${LIMIT:-20}" "$@" "$scratch/kernel" -- run --alloc malloc
}

boot good --facts '"kernel_version":"6.1"'
ends_with 0
holds "its facts are an object" \
	grep -q '^{"clock_unit":"instructions",.*"emulator_version":"7.2.99".*"kernel_version":"6.1"}$' "$output/lab.json"
holds "the machine has three files" sh -c "test \"\$(sort '$FAKE_LOG.initrd' | tr '\n' ' ')\" = 'command lab.json regrow '"
holds "and the command, a word on each line" \
	sh -c "test \"\$(tr '\n' ' ' <'$FAKE_LOG.command')\" = 'run --alloc malloc --quiet --lab /lab.json '"
holds "seconds are kept" grep -q '^[0-9.]*$' "$output/seconds"
holds "its clock is of instructions" grep -q 'shift=0,sleep=off,rr=record' "$FAKE_LOG"
proves "a machine gets its program, its command and its facts, and ends well"

booted() {
	grep -c . "$FAKE_LOG.boots"
}
boot good
boots=$(booted)
boot good
ends_with 0
holds "the same is not booted again" test "$(booted)" = "$boots"
echo changed >>"$output/results.jsonl"
boot good
ends_with 0
holds "results that were changed are made again" test "$(booted)" = "$((boots + 1))"
echo another >>"$scratch/kernel"
boot good
ends_with 0
holds "another kernel is booted" test "$(booted)" = "$((boots + 2))"
proves "a boot that came to its end is kept, unless something of it has changed"

if command -v strip >/dev/null && command -v nm >/dev/null; then
	: >"$scratch/profile.so"
	boot broken --profile "$scratch/profile.so"
	for operation in alloc grow release touch reread shrink fork fault none pause resume; do
		holds "$operation has a mark" grep -q "mark=$operation:[0-9a-f]" "$FAKE_LOG"
	done
	rm -f "$FAKE_LOG"
	strip -s -o "$scratch/stripped" "$regrow"
	boot good --profile "$scratch/profile.so" --regrow "$scratch/stripped"
	ends_with 1
	complains 'lacks symbols'
	complains 'buffer_grow_aligned'
	holds "nothing was booted" test ! -e "$FAKE_LOG"
	proves "each operation has its mark for the profiler, or nothing is profiled"
else
	skips "each operation has its mark for the profiler, or nothing is profiled" "no binutils"
fi

boot panic
ends_with 1
complains 'the kernel panicked'
complains 'no ?[31minit'
proves "a panic is reported with the console's last lines, which command no terminal"

boot status
ends_with 1
complains 'ended with status 4'
boot torn
ends_with 1
complains 'have no end'
boot broken
ends_with 1
complains 'status 3'
complains 'no such machine'
proves "a command that fails, results without an end and an emulator's error are reported"

LIMIT=1 boot hang
ends_with 1
complains 'it hangs'
complains 'still booting'
proves "a machine that hangs is ended at its limit"

FAKE=hang
export FAKE
rm -rf "$output"
harness/lab/boot --regrow "$regrow" --output "$output" --clock icount --limit 900 \
	"$scratch/kernel" -- run --alloc malloc >"$out" 2>"$err" </dev/null &
pid=$!
tries=0
while ! grep -q 'still booting' "$output/console.txt" 2>/dev/null && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill "$pid"
wait "$pid"
holds "nothing of it runs on" sh -c "! pgrep -f 'sleep 1000' -P 1 >/dev/null"
proves "who ends the boot ends the machine"

run harness/lab/boot --arch mips --regrow "$regrow" --output "$output" "$scratch/kernel" -- run
ends_with 1
complains "no lab for 'mips'"
run harness/lab/boot --regrow "$regrow" --output "$output" "$scratch/none" -- run
ends_with 1
complains 'cannot be read'
run harness/lab/boot --regrow "$regrow"
ends_with 2
proves "what cannot be booted is refused with a reason"

# Not by its limit, which comes after the test's own.
RUN_TIMEOUT=30
LIMIT=1000
boot stuck --clock time
unset RUN_TIMEOUT LIMIT
ends_with 1
complains 'KVM cannot run this kernel here'
complains 'CLOCK=icount'
holds "nothing of it runs on" sh -c "! pgrep -f 'sleep 1000' -P 1 >/dev/null"
proves "a machine that KVM cannot go on with is ended at once, and said"

: >"$scratch/kvm"
printf 'flags\t\t: fpu vmx de\n' >"$scratch/with"
printf 'flags\t\t: fpu vmx_no de\n' >"$scratch/without"
# clock_is CLOCK ARCH HOST KVM CPUINFO
clock_is() {
	want=$1
	shift
	run bash -c '. harness/lab/clock.sh && lab_clock "$@"' clock "$@"
	ends_with 0
	holds "$want: $*" test "$(cat "$out")" = "$want"
}
clock_is time amd64 x86_64 "$scratch/kvm" "$scratch/with"
clock_is icount amd64 x86_64 "$scratch/none" "$scratch/with"
complains_not
clock_is icount arm64 x86_64 "$scratch/kvm" "$scratch/with"
clock_is time arm64 aarch64 "$scratch/kvm" "$scratch/without"
clock_is icount amd64 x86_64 "$scratch/kvm" "$scratch/without"
complains 'no vmx or svm'
proves "time is kept where KVM runs kernels of that architecture, and else instructions are counted"
ends
