#!/bin/sh
# test_cli_counts - --counts counts in equal rounds, times nothing, resumes.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

churn=server-churn:live=16:scale=S:steps=64

rm -f "$results"
run "$regrow" run --alloc mremap-maymove --workload "$churn" --counts 3 \
	--quiet --results "$results"
ends_with 0
complains_not
records '^{"type":"run",.*"counts":3,'
records_times 9 '^{"type":"sample",.*"pass":"checking".*"valid":true'
records_times 9 '^{"type":"sample"'
records_times 3 '^{"type":"round",.*"pass":"checking"'
records '^{"type":"end","status":"done"'
proves "each allocator and the twin count in three rounds, and nothing else runs"

prints "counted in 3 rounds"
prints "counted: "
prints_not "requests of"
prints_not "growths moved of"
holds "nothing is compared by time" \
	sh -c "! grep -qE 'ratio to|noise floor|planted|wall' '$out'"
proves "the table shows counts, and says of which rounds"

# One sample of the second round asked for more.
cp "$results" "$scratch/good.jsonl"
sed '/"round":1,"pass":"checking","cell":2/s/"requests":[0-9]*/"requests":100000/' \
	"$scratch/good.jsonl" >"$results"
holds "a sample was changed" sh -c "! cmp -s '$scratch/good.jsonl' '$results'"
run "$regrow" show "$results"
ends_with 0
prints "counted: not the same in all rounds"
holds "its least and greatest value are named" \
	sh -c "tr -s '\\n ' ' ' <'$out' | grep -q 'requests of mremap-maymove [0-9]* to 100000'"
proves "a count that differs between rounds is named with its least and greatest"

if can_read_json; then
	run "$regrow" show --json "$scratch/good.jsonl"
	ends_with 0
	holds "it is JSON" is_json "$out"
	prints '"counted": 3'
	proves "the JSON says in how many rounds it was counted"
else
	skips "the JSON says in how many rounds it was counted" "nothing reads JSON"
fi

# The end of the second round is the last thing that is there.
sed '/"type":"round","round":1/q' "$scratch/good.jsonl" >"$results"
run "$regrow" run --resume "$results" --quiet
ends_with 0
records_times 9 '^{"type":"sample",.*"pass":"checking"'
records_times 3 '^{"type":"round",.*"pass":"checking"'
proves "a run that was stopped goes on counting at its next round"

run "$regrow" run --resume "$results"
ends_with 0
complains "nothing is left to do"
records_times 9 '^{"type":"sample"'
proves "a run that has counted all its rounds is at its end"

for option in --rounds=3 --repeat=2 --precision=1%; do
	run "$regrow" run --alloc null --counts 3 "$option"
	ends_with 2
	complains "--counts times nothing"
	run "$regrow" run --plan "$scratch/good.jsonl" --dry-run "$option"
	ends_with 2
done
for count in 0 1001 x; do
	run "$regrow" run --alloc null --counts "$count"
	ends_with 2
done
run "$regrow" run --resume "$results" --counts 3
ends_with 2
complains "--counts cannot be given with --resume"
proves "counting is neither timed nor of no rounds, and a file says its own"

run "$regrow" run --alloc mremap-maymove --workload "$churn" --counts 3 --dry-run
ends_with 0
prints "counting: 3 rounds of the checking pass and nothing else"
prints_not "planted"
proves "a dry run says that it only counts"

ends
