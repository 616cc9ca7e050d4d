#!/bin/sh
# test_preload_overhead - what the preload library costs small blocks is
# measured: the program that it is measured with, the table, what is refused.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=harness/tests/preload.sh
. "$(dirname "$0")/preload.sh"
needs_preload
overhead=$build/tests/overhead
small_blocks=$build/tests/small_blocks

on mremap-maymove 4097 "$small_blocks" 200000
ends_with 0
complains_not
holds "no block is served" [ "$(counts allocs)$(counts entered)" = 00 ]
proves "all blocks of the program are of 4096 bytes or less"

on mremap-maymove 16 "$small_blocks" 20000
ends_with 0
complains_not
holds "all are served" [ "$(counts allocs)" -gt 5000 ]
holds "thousands live" [ "$(counts live_blocks)" -gt 2000 ]
holds "none has to enter" [ "$(counts entered)" -eq 0 ]
proves "none is of less than 16 bytes, and they keep their contents"

for calls in '' x 1x -1 99999999999999999999; do
	run "$small_blocks" "$calls"
	ends_with 2
	complains "usage: small_blocks CALLS"
done
proves "a number of calls that is none is refused"

# row TEXT: the side has a time, two ratios with intervals, ns a call.
row() {
	holds "$1 has its numbers" grep -qE "^  $1 +[0-9.]+(  [0-9.]+ \([0-9.]+-[0-9.]+\)[ *]){2} +-?[0-9.]+$" "$out"
}

# What others set is not for the processes that are measured.
run env REGROW_STATS="$scratch/none" REGROW_FROM=1 "$overhead" "$library" "$small_blocks" 8 30ms
ends_with 0
complains_not
prints "medians of 8 rounds"
holds "plain has its time" grep -qE '^  plain +[0-9.]+$' "$out"
row 'plain again'
row 'with the library, mremap-fixed-fallback'
row 'with the library, none'
holds "each side has its start" [ "$(grep -cE '^  (plain|with).* +[0-9]+\.[0-9]{3} +[0-9]+\.[0-9]{3}$' "$out")" -eq 4 ]
holds "it says where the interval lies" \
	[ "$(grep -cE '^with the library, .*: the interval (lies|does not lie) below 1\.02' "$out")" -eq 2 ]
holds "no process was told to report" [ ! -e "$scratch/none" ]
proves "the overhead is a table with the control beside it, and a sentence"

run "$overhead" "$library" "$small_blocks" 2 30ms
ends_with 0
prints "* too few rounds for an interval"
prints "with the library, none: too few rounds to tell."
proves "two rounds are no interval"

refused() {
	run "$overhead" "$@"
	ends_with 2
	prints_nothing
	complains "usage: overhead LIBRARY PROGRAM"
}
refused
refused "$library"
refused "$library" "$small_blocks" 1 1s 1
for rounds in '' 0 x 3x -3 1001; do
	refused "$library" "$small_blocks" "$rounds"
done
for duration in '' 0s x -1s 2h; do
	refused "$library" "$small_blocks" 1 "$duration"
done
proves "arguments that make no sense are refused"

gives_up() {
	ends_with 4
	prints_nothing
	complains "overhead: nothing is measured: $1"
}
run "$overhead" "$scratch/none.so" "$small_blocks" 1 1ms
gives_up "$scratch/none.so does not come to life in $small_blocks"
run "$overhead" "$library" "$scratch/none" 1 1ms
gives_up "$library does not come to life in $scratch/none"
# It refuses the size that the library refuses, and ends with 1 otherwise.
cat >"$scratch/program" <<'end'
#!/bin/sh
[ -n "$REGROW_FROM" ] && exit 2
exit 1
end
chmod +x "$scratch/program"
run "$overhead" "$library" "$scratch/program" 1 1ms
gives_up "$scratch/program, plain, ended with wait status 0x100"
proves "where nothing is measured it says why, with a status of its own"
ends
