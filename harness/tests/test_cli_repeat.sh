#!/bin/sh
# test_cli_repeat - --repeat keeps every repetition, and compares nothing.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

churn=server-churn:live=16:scale=S:steps=64
once='{"wall_ns":[0-9]*,"cpu_ns":[0-9]*,"minor_faults":[0-9]*}'

rm -f "$results"
run "$regrow" run --alloc mremap-maymove,malloc --workload "$steps,$churn" \
	--rounds 2 --repeat 3 --quiet --results "$results"
ends_with 0
complains_not
records '^{"type":"run",.*"repeat":3,'
records_times 20 "^{\"type\":\"sample\",.*\"pass\":\"timing\",.*\"repetitions\":\[$once,$once,$once\]"
records_times 10 '^{"type":"sample",.*"pass":"checking"'
records_times 30 '^{"type":"sample",.*"pass":"[ct].*"valid":true'
proves "each timing sample keeps every repetition from the first"

# All but the floor's, of which the oracle never says anything.
records_times 16 '"repetitions".*"applies":false,"why":"the work was repeated'
holds "the checking pass, which does the work once, is judged" \
	sh -c "grep '\"pass\":\"checking\"' '$results' | grep -q '\"applies\":true'"
holds "it has no repetitions" \
	sh -c "! grep '\"pass\":\"checking\"' '$results' | grep -q repetitions"
proves "the page-fault oracle judges the checking pass alone, and says why"

prints "trend"
prints "steady"
prints "too few"
prints "repeated: each process did its work 3 times"
holds "nothing is compared" \
	sh -c "! grep -qE 'ratio to|noise floor|interval' '$out'"
holds "no line has more than 100 columns" \
	sh -c "! grep -qE '^.{101}' '$out'"
proves "the table labels each cell and compares nothing"

cp "$out" "$scratch/table"
run "$regrow" show "$results"
holds "it is the run's" cmp "$out" "$scratch/table"
run "$regrow" show --json "$results"
ends_with 0
prints '"repeat": 3'
prints '"warmup": {'
prints '"label": "unknown"'
prints '"first_ns": '
prints '"last_faults": '
holds "there is no ratio" sh -c "! grep -qE '\"(ratio|noise_floor)\":' '$out'"
proves "show has the same, also as JSON"

for times in 0 1001 -1 some; do
	run "$regrow" run --alloc malloc --repeat "$times"
	ends_with 2
	complains "--repeat"
done
proves "repetitions that are none, or too many to keep, are refused"

run "$regrow" run --alloc malloc --workload "$churn" --repeat 7 --dry-run
ends_with 0
prints "does its work 7 times; no verdicts"
proves "a dry run says that nothing will be compared"

measure --alloc malloc --repeat 1
ends_with 0
prints "ratio to the reference"
records_not '"repetitions"'
proves "--repeat 1 is a run like any other"
ends
