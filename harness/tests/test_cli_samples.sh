#!/bin/sh
# test_cli_samples - a sample that goes wrong says so, and the run goes on.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

# The samples of the others, in one round and the one for checking.
others=$((pilot_samples + 2 * standard_cells))

# The reference beside an allocator with a planted fault, one round.
measure_fault() {
	fault=$1
	shift
	measure --alloc "$faulty:fault=$fault" "$@"
}

# Two samples of the fault, and of the others what they always are.
goes_on() {
	ends_with 0
	records_times 2 "\"outcome\":\"$1\""
	records_times $others '"outcome":"ok".*"valid":true'
	records_times 1 "^{\"type\":\"end\",\"status\":\"done\",\"samples\":$((others + 2)),"
	prints "copy-realloc"
	prints "faulty"
}

# A sanitizer's own handler would make an exit of it.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0
TSAN_OPTIONS=${TSAN_OPTIONS:+$TSAN_OPTIONS:}handle_segv=0
export ASAN_OPTIONS TSAN_OPTIONS
measure_fault crash
goes_on crashed
records '"outcome":"crashed","reason":"Segmentation fault while the workload ran","signal":11,"stage":"run"'
complains "Segmentation fault while the workload ran"
proves "a sample that crashes says so, and the run goes on"

measure_fault kill
goes_on killed
records '"outcome":"killed".*"signal":9'
complains "probably by the OOM killer"
complains "choose less work"
proves "a sample that is killed, as the OOM killer does, says so"

measure_fault exit
goes_on failed
records '"reason":"exit status 7 while the workload ran"'
proves "a sample that exits says with what"

# Long for the others, even where the machine is busy.
timeout=2s
sanitized && timeout=8s
measure_fault hang --timeout $timeout
goes_on timeout
records '"outcome":"timeout","reason":"no end after [0-9.]* s while the workload ran'
complains "--timeout"
proves "a sample that hangs is ended after --timeout"

measure_fault open
goes_on failed
records '"reason":"faulty: open: Operation not permitted".*"stage":"open"'
records '"error":"EPERM"'
proves "an allocator that cannot be opened says why, once"

# The contents, the tally and the address are checked against each other.
for fault in drop swap stale; do
	measure_fault $fault --set "$steps.lives=2"
	ends_with 0
	records '"valid":false,"invalid":\["wrong word"'
	records_times $others '"outcome":"ok".*"valid":true'
	prints "faulty"
done
proves "a page that is lost, swapped or stale makes the sample invalid"

for fault in tally silent; do
	measure_fault $fault
	ends_with 0
	records '"valid":false,"invalid":\["contradiction"'
	records '"contradiction":"'
done
proves "a tally that contradicts the address makes the sample invalid"

measure_fault grow
ends_with 0
records '"outcomes":{"slack":0,"in_place":0,"moved":0,"copied":0,"failed":4}'
records '"failed_calls":{"ENOMEM":4}'
records_times $((others + 2)) '"outcome":"ok".*"valid":true'
proves "a growth that fails is an outcome that is counted, not an error"

rm -f "$results"
run "$regrow" run --alloc "$faulty:fault=crash" --workload "$steps" \
	--rounds 5 --results "$results"
ends_with 0
records_times 3 '"outcome":"crashed"'
records_times $((pilot_samples + 6 * standard_cells)) '"outcome":"ok"'
complains "failed 3 times in a row: left out from here on"
proves "a cell that fails three times in a row is left out, which is said"

# The floor fails as well: it runs on a workload that gives up.
cat >"$scratch/quitter.c" <<'C'
#include <errno.h>
#include <regrow/workload.h>
static void quitter_estimate(const struct option_value *options, uint64_t seed,
			     struct estimate *estimate)
{
	(void)options;
	(void)seed;
	estimate->threads = 1;
}
static int quitter_run(struct worker *worker)
{
	(void)worker;
	return -EIO;
}
static const struct workload quitter = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "quitter",
	.summary = "gives up",
	.estimate = quitter_estimate,
	.run = quitter_run,
};
REGISTER_WORKLOAD(quitter);
C
run "${CC:-cc}" -D_GNU_SOURCE -Iharness/include -shared -fPIC \
	-o "$scratch/quitter.so" "$scratch/quitter.c"
ends_with 0
rm -f "$results"
run "$regrow" run --alloc mremap-maymove --workload "$scratch/quitter.so" \
	--rounds 9 --results "$results"
ends_with 4
complains "quitter: run of thread 0: Input/output error"
complains "no sample succeeded; $results says why"
prints_nothing
records_not '"outcome":"ok"'
# All are left out after three samples: the reference in the pilot, twin, floor
# and row in the rounds; nothing could be planted.
records_times 3 '"pass":"pilot",.*"outcome":"failed"'
records_times 9 '"pass":"[ct][a-z]*",.*"outcome":"failed"'
records_times 12 '"outcome":"failed"'
records_times 1 '"role":"planted",[^}]*"planted_percent":10,[^}]*"skipped":"the pilot has too few good samples'
records_times 1 '^{"type":"end"'
run "$regrow" show "$results"
ends_with 0
proves "where every sample fails the status is 4, and the file says why"

# Memory that is touched here and there: what is copied untouched is read from
# pages of its own, what a class holds beyond its request is written by the copy.
# cell, faults, expected, applies, valid of each timing sample.
faults_of() {
	sed -n 's/^{"type":"sample",.*"pass":"timing","cell":\([0-9]*\),.*"faults":{"minor":\([0-9]*\),.*"oracle":{"expected":\([0-9]*\),.*"applies":\([a-z]*\).*"valid":\([a-z]*\).*/\1 \2 \3 \4 \5/p' \
		"$results" | sort -n
}
faults_are_computed() {
	rm -f "$results"
	run "$regrow" run --alloc \
		'mremap-maymove,exponential:step=quarter:first=64K,copy-realloc:populate=map,malloc' \
		--workload server-churn:live=64:scale=S:steps=400,vector-growth:last=1M:touch=30 \
		--rounds 1 --quiet --results "$results"
	ends_with 0
	faults_of >"$scratch/faults"
	holds "two groups of nine cells" test "$(wc -l <"$scratch/faults")" -eq 18
	# Reference, twin, planted, mover and classes, in both groups.
	# shellcheck disable=SC2016 # they are awk's
	holds "each fault is computed, but for a few of the program's own" awk '
		$1 % 9 != 4 && $1 % 9 < 7 && ($4 != "true" || $5 != "true" || $2 < $3 || $2 > $3 + 8) { wrong++ }
		END { exit wrong > 0 }' "$scratch/faults"
	# shellcheck disable=SC2016 # they are awk's
	holds "what populates or reuses is not judged by it" awk '
		$1 % 9 >= 7 && ($4 != "false" || $5 != "true") { wrong++ }
		END { exit wrong > 0 }' "$scratch/faults"
	records 'the allocator faults it in itself'
	records 'the allocator hands out pages again'
	proves "page faults are computed also where memory is touched here and there"

	# A heap hands out again what was released: fewer faults are right.
	rm -f "$results"
	run "$regrow" run --alloc malloc --workload "$steps:lives=40" --rounds 1 \
		--quiet --results "$results"
	ends_with 0
	records_times 1 '"pass":"timing","cell":5,.*"applies":true,"at_most":true.*"valid":true'
	proves "an allocator that hands out pages again may fault less"
}
if sanitized; then
	skips "page faults are computed also where memory is touched here and there" \
		"a sanitizer's own memory adds some"
else
	faults_are_computed
fi

# Neighbours take every mapping that the process may have.
limit=$(cat /proc/sys/vm/max_map_count)
if [ "$limit" -gt 200000 ]; then
	skips "max_map_count is a recorded outcome" "it is $limit: too long"
else
	rm -f "$results"
	run "$regrow" run --alloc copy-realloc --workload "$plugins/crowd.so" \
		--rounds 1 --results "$results"
	ends_with 0
	# Only the floor has nothing to map.
	records_times $((others - 2)) '"outcome":"ok".*"outcomes":{"slack":0,"in_place":0,"moved":0,"copied":0,"failed":1}.*"failed_calls":{"ENOMEM":1}.*"valid":true'
	records_times $others '"verified":{"words":[0-9]*,"wrong":0}'
	prints "failed 1"
	prints "not exercised: copy-realloc: "
	prints "not exercised: copy-realloc (twin): "
	proves "max_map_count is a recorded outcome, and the block is as it was"
fi

ends
