#!/bin/sh
# test_cli_units - --units machine: the table and the figures of one file.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

measure --alloc mremap-maymove --workload vector-growth:last=1M,null --quiet \
	--units machine
ends_with 0
complains_not
prints "times of samples in copies (memcpy of the "
prints "of calls in faults (first touch of a page: "
prints "times of samples and of calls in faults"
holds "no line has more than 100 columns" sh -c "! grep -qE '^.{101}' '$out'"
cp "$out" "$scratch/table"
run "$regrow" show --units=machine "$results"
holds "it is the run's" cmp "$out" "$scratch/table"
run "$regrow" show --units time "$results"
holds "there are no copies" sh -c "! grep -q 'in copies' '$out'"
proves "run and show print times in copies and faults"

run "$regrow" show --units machine --json "$results"
ends_with 0
prints '"units": "machine"'
prints '"name": "copies"'
proves "JSON says what to divide by"

if command -v gnuplot >/dev/null; then
	run "$regrow" plot --units machine -o "$scratch/figures" "$results"
	ends_with 0
	complains_not
	for kind in growth-cost phases rounds; do
		holds "$kind is drawn" \
			test -s "$scratch/figures/$kind-vector-growth-1.png"
		holds "$kind is in copies" grep -q _copies \
			"$scratch/figures/data/$kind-vector-growth-1.tsv"
	done
	proves "figures are drawn in them"
else
	skips "figures are drawn in them" "no gnuplot"
fi

grep -v '"type":"calibration"' "$results" >"$scratch/without.jsonl"
for command in show plot; do
	run "$regrow" $command --units machine "$scratch/without.jsonl"
	ends_with 5
	complains "without.jsonl has no calibration"
	complains "leave out --units machine"
	prints_nothing
done
run "$regrow" show "$scratch/without.jsonl"
ends_with 0
proves "a file without a calibration is refused for it, and shown otherwise"

for command in "run --alloc malloc" "show $results" "plot $results"; do
	# shellcheck disable=SC2086 # words of a command
	run "$regrow" $command --units miles
	ends_with 2
	complains "miles"
done
proves "other units are refused"
ends
