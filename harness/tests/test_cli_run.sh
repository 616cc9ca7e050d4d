#!/bin/sh
# test_cli_run - a run: its rounds, seed, requests, output, and who reads it.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

escape=$(printf '\033')
churn=server-churn:live=16:scale=S:steps=64

# What a run did, in its order: round, pass and cell of each sample.
order_of() {
	sed -n 's/^{"type":"sample",.*\("round":[0-9]*,"pass":"[a-z]*","cell":[0-9]*\),.*/\1/p' "$1"
}

# The digests of the requests, by cell.
digests_of() {
	sed -n 's/^{"type":"sample",.*"cell":\([0-9]*\),.*"digest":"\([0-9a-f]*\)".*/\1 \2/p' \
		"$1" | sort -u
}

one=$scratch/one.jsonl
two=$scratch/two.jsonl
other=$scratch/other.jsonl
measure_seed() {
	run "$regrow" run --alloc mremap-maymove,malloc --rounds 3 --quiet \
		--workload "$steps,$churn" --seed "$1" --results "$2"
	ends_with 0
}
measure_seed 7 "$one"
cp "$out" "$scratch/table"
measure_seed 7 "$two"
measure_seed 8 "$other"

results=$one
# Two groups of the standard cells and two rows; three rounds and a check.
group=$((standard_cells + 2))
cells=$((2 * group))
pilots=$((2 * pilot_samples))
samples=$((pilots + 4 * cells))
records_times $cells '^{"type":"sample",.*"pass":"checking"'
records_times $((3 * cells)) '^{"type":"sample",.*"pass":"timing"'
records_times 4 '^{"type":"round"'
records_times 1 "^{\"type\":\"end\",\"status\":\"done\",\"samples\":$samples,\"rounds\":3,"
records_times $samples '^{"type":"sample",.*"outcome":"ok".*"valid":true'
proves "--rounds makes exactly so many, after one for checking"

for cell in $(seq 0 $((cells - 1))); do
	records_times 1 "^{\"type\":\"sample\",.*\"pass\":\"checking\",\"cell\":$cell,"
	records_times 3 "^{\"type\":\"sample\",.*\"pass\":\"timing\",\"cell\":$cell,"
done
proves "every cell is measured once in each round"

# The references come first in their groups.
for cell in 0 $group; do
	for round in $(seq 0 $((pilot_samples - 1))); do
		echo "\"round\":$round,\"pass\":\"pilot\",\"cell\":$cell"
	done
done >"$scratch/pilot"
order_of "$one" | head -n $pilots >"$scratch/order.first"
holds "the pilot is the references, in their order" \
	cmp "$scratch/pilot" "$scratch/order.first"
records_times $pilots '"pass":"pilot"'
holds "it follows the calibration" sh -c "sed -n '2p;3p' '$one' |
	cut -c 2-20 | tr -d '\n' | grep -q '\"type\":\"calibration.*\"type\":\"sample\"'"
records_times 1 '^{"type":"run",.*"clock":"[a-z]*","clock_why":"in the pilot .*"clock":"[a-z]*","clock_why":"in the pilot '
proves "a pilot of the references fixes the clocks before the first round"

for percent in 5 10; do
	records_times 1 "^{\"type\":\"run\",.*\"role\":\"planted\",\"allocator\":\"copy-realloc\",\"planted_percent\":$percent,\"planted_iterations\":[1-9]"
done
proves "the reference runs with 5 and 10 % planted, sized from the pilot"
results=$scratch/results.jsonl

order_of "$one" >"$scratch/order.one"
order_of "$two" >"$scratch/order.two"
order_of "$other" >"$scratch/order.other"
holds "all samples are there" \
	test "$(wc -l <"$scratch/order.one")" -eq $samples
holds "the orders are the same" cmp "$scratch/order.one" "$scratch/order.two"
holds "another seed has another" \
	sh -c "! cmp -s '$scratch/order.one' '$scratch/order.other'"
proves "the same seed makes the same order, another one another"

digests_of "$one" >"$scratch/digests.one"
digests_of "$two" >"$scratch/digests.two"
digests_of "$other" >"$scratch/digests.other"
holds "each cell has one digest" \
	test "$(wc -l <"$scratch/digests.one")" -eq $cells
holds "two runs ask the same" cmp "$scratch/digests.one" "$scratch/digests.two"
holds "another seed asks otherwise" \
	sh -c "! cmp -s '$scratch/digests.one' '$scratch/digests.other'"
holds "every allocator of a group is asked the same" \
	test "$(cut -d ' ' -f 2 "$scratch/digests.one" | sort -u | wc -l)" -eq 2
proves "the same seed makes the same requests, whatever the allocator"

run "$regrow" show "$one"
ends_with 0
holds "the table is the run's" cmp "$out" "$scratch/table"
complains_not
proves "show prints the table of the run again"

for row in copy-realloc mremap-maymove malloc null "$churn" steps.so; do
	prints "$row"
done
prints "noise floor"
holds "no line has more than 100 columns" \
	sh -c "! grep -v '$steps' '$out' | LC_ALL=C grep -q '.\{105\}'"
proves "the table names each row and fits the page"

run "$regrow" export "$one"
ends_with 0
holds "a row for each sample, and the names" test "$(wc -l <"$out")" -eq $((samples + 1))
run "$regrow" export "$one" "$two" --format csv
ends_with 0
holds "of both files" test "$(wc -l <"$out")" -eq $((2 * samples + 1))
complains_not
proves "export writes a row for each sample of each file"

run "$regrow" export "$one" --format cvs
ends_with 2
complains "did you mean 'csv'?"
proves "an unknown format is answered with the nearest"

if command -v gnuplot >/dev/null; then
	run "$regrow" plot -o "$scratch/figures" "$one"
	ends_with 0
	holds "there is an SVG" \
		test -n "$(find "$scratch/figures" -name '*.svg' -size +0)"
	holds "there is a PNG" \
		test -n "$(find "$scratch/figures" -name '*.png' -size +0)"
	proves "plot draws the run"
else
	skips "plot draws the run" "gnuplot is not installed"
fi

mkdir "$scratch/bin"
for tool in sh env cat; do
	ln -s "$(command -v $tool)" "$scratch/bin/$tool"
done
run env PATH="$scratch/bin" "$regrow" run --alloc null --workload "$steps" \
	--rounds 1 --plot --results "$scratch/undrawn.jsonl"
ends_with 0
complains gnuplot
holds "it is whole" grep -q '^{"type":"end"' "$scratch/undrawn.jsonl"
run env PATH="$scratch/bin" "$regrow" plot "$one" -o "$scratch/data"
ends_with 0
complains gnuplot
proves "without gnuplot a run is measured, and it says what to install"

if can_read_json; then
	run "$regrow" show --json "$one"
	ends_with 0
	holds "it is JSON" is_json "$out"
	measure --alloc mremap-maymove --json --quiet
	ends_with 0
	holds "it is JSON" is_json "$out"
	complains_not
	while IFS= read -r line; do
		printf '%s\n' "$line" >"$scratch/line"
		holds "each line is JSON" is_json "$scratch/line"
	done <"$results"
	proves "--json prints the table as JSON, and each line of the file is JSON"
else
	skips "--json prints the table as JSON" "neither jq nor python3 is here"
fi

measure --alloc null --workload "$steps" --rounds 2
ends_with 0
complains "pilot done"
complains "checking pass done"
complains "round 1 done"
complains "round 2 done"
holds "nothing but whole lines" \
	sh -c "! LC_ALL=C grep -q '[[:cntrl:]]' '$err'"
proves "progress is a plain line for each round where nobody sits there"

measure --alloc null --quiet
ends_with 0
complains_not
proves "--quiet prints no progress"

holds "nothing printed had an escape" \
	sh -c "! grep -q '$escape' '$scratch/table' '$out' '$err'"
proves "there are no colours where nobody sits there"

if command -v script >/dev/null; then
	export TERM=xterm
	script -qec "'$regrow' show '$one'" /dev/null >"$out" 2>&1 </dev/null
	holds "it is the table" grep -q mremap-maymove "$out"
	holds "a terminal sees emphasis" grep -q "$escape\[[0-9;]*m" "$out"
	NO_COLOR=1 script -qec "'$regrow' show '$one'" /dev/null \
		>"$out" 2>&1 </dev/null
	holds "it is the table" grep -q mremap-maymove "$out"
	holds "NO_COLOR sees none" sh -c "! grep -q '$escape\[[0-9;]*m' '$out'"
	TERM=dumb script -qec "'$regrow' show '$one'" /dev/null \
		>"$out" 2>&1 </dev/null
	holds "a dumb terminal sees none" sh -c "! grep -q '$escape' '$out'"
	proves "colours are for terminals, and NO_COLOR is heard"

	NO_COLOR=1 script -qec "'$regrow' run --alloc null --workload '$steps' \
		--rounds 2 --results '$scratch/terminal.jsonl'" /dev/null \
		>"$out" 2>&1 </dev/null
	holds "the line is written over" grep -q "$escape\[K" "$out"
	holds "and no line is left behind" \
		sh -c "! grep -q 'round 1 done' '$out'"
	holds "without colours" sh -c "! grep -q '$escape\[[0-9;]*m' '$out'"
	proves "on a terminal progress is one line that is written over"
else
	skips "colours are for terminals, and NO_COLOR is heard" "no script(1)"
	skips "on a terminal progress is one line that is written over" \
		"no script(1)"
fi

measure --alloc null --label 'a "label" of ours' --anonymous
ends_with 0
records '^{"type":"run",.*"label":"a \\"label\\" of ours"'
records_not '"host":'
measure --alloc null
records '^{"type":"run",.*"host":'
proves "--label is kept in the record, and --anonymous keeps the host out"

measure --alloc null --reference mremap-maymove
ends_with 0
records '"role":"reference","allocator":"mremap-maymove"'
proves "--reference chooses what the others are compared with"

measure --alloc null --workload "$churn" --rounds 1 \
	--set server-churn.touch=ends,all
ends_with 0
records "\"workload\":\"$churn\""
records "\"workload\":\"$churn:touch=all\""
proves "--set makes a group of each value"

measure --alloc mremap-maymove --workload "$steps:growths=0"
ends_with 0
records_times 1 '"role":"planted",[^}]*"planted_percent":5,"planted_iterations":0,[^}]*"skipped":"nothing grows: '
records_times 1 '"role":"planted",[^}]*"planted_percent":10,"planted_iterations":0,[^}]*"skipped":"nothing grows: '
# Reference, twin, floor and the row.
records_times $((pilot_samples + 2 * 4)) '^{"type":"sample"'
prints "nothing grows"
proves "nothing is planted where nothing grows, and that is said"

# The budget ends a run after whole rounds: at least one, and not for ever.
rm -f "$results"
run "$regrow" run --alloc null --workload "$steps" --budget 1ms \
	--results "$results"
ends_with 0
records_times 1 '^{"type":"end","status":"budget",.*"rounds":1,'
proves "a budget that is too small makes one round and ends"

# ended STATUS ROUNDS: a regular expression for each.
ended() {
	ends_with 0
	records_times 1 "^{\"type\":\"end\",\"status\":\"$1\",\"samples\":[0-9]*,\"rounds\":$2,"
}

# Rounds until it is over, of work that differs by far less than half. Where
# shadow memory makes faults of its own, a moved sample may not be used: the
# twin's width decides then.
row=mremap-maymove
sanitized && row=null
measure_until() {
	rm -f "$results"
	run "$regrow" run --alloc $row --workload "$steps:growths=8" \
		--results "$results" "$@"
}

measure_until --precision 50% --budget 20s
# At the first look, or where others have the machine, at a later one.
ended precision '\(12\|18\|27\|41\|62\|93\|140\)'
records '^{"type":"run",.*"rounds":0,"budget_ns":20000000000,"precision":0.5,'
complains "round 12 done"
proves "a run ends when its intervals are narrow enough, at a look from 12 rounds on"

# As long as it takes to get beyond the first look, on a busy machine, too.
for budget in 2s 6s 20s 60s; do
	measure_until --precision 0 --budget $budget
	! grep -q "round 13 done" "$err" || break
done
ended budget '[0-9]*'
complains "round 13 done"
records '^{"type":"run",.*"precision":0\(\.0\)\?,'
proves "--precision 0 uses all of the budget"

measure_until --precision 50% --budget 1ms
ended budget 1
proves "a budget that is spent ends a run before it is precise"

measure_until --precision 50% --budget 1ms --rounds 13
ended "done" 13
complains_not_of "round 14 done"
proves "--rounds overrides precision and budget"

for precision in 101% 1e3 -1% 1s nan ''; do
	measure --alloc null --precision="$precision"
	ends_with 2
	complains "--precision '$precision' is not a share such as 1% or 0.5%, or 0"
	prints_nothing
done
for margin in 0 0% 101% -1% 1s auto% nan ''; do
	measure --alloc null --margin="$margin"
	ends_with 2
	complains "--margin '$margin' is neither auto nor a share such as 1%"
	prints_nothing
done
for settle in 99ms 6s -1s '' none; do
	measure --alloc null --settle="$settle"
	ends_with 2
	complains "--settle '$settle'"
	prints_nothing
done
holds "no file was made" test ! -e "$results"
measure --alloc null --margin
ends_with 2
complains "--margin"
proves "a precision or a margin that is no share is refused, and a time to settle that no look is in"

measure --alloc null --margin 25% --precision 12.5
ends_with 0
records '^{"type":"run",.*"precision":0\.125,"margin":0\.25,'
measure --alloc null --margin auto
ends_with 0
records '^{"type":"run",.*"precision":0\.01[0-9]*,"margin":0\(\.0\)\?,'
proves "precision and margin are kept in the plan"

measure --alloc 'copy-realloc:keep=pages' --settle 100ms
ends_with 0
records '^{"type":"run",.*"settle_ns":100000000,'
records '"settled":\[{"at_ns":1[0-9]*,'
run "$regrow" run --plan "$results" --dry-run
ends_with 0
prints "settling: the checking pass waits up to 100 ms after each sample"
measure --alloc null
records '^{"type":"run",.*"settle_ns":0,'
proves "a time to settle is kept in the plan, and holds for who takes it"

ends
