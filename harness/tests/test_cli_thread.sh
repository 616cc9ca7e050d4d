#!/bin/sh
# test_cli_thread - the page of the claims, and what is asked of it wrongly.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

folder=$scratch/thread
mkdir "$folder"

run "$regrow" run --reference exponential:step=+4M --alloc exponential \
	--workload vector-growth --set vector-growth.last=8M,16M \
	--set vector-growth.factor=+1M --counts 3 --quiet \
	--results "$folder/classes.jsonl"
ends_with 0
run "$regrow" thread "$folder" --claims T5,T7 --no-plot
ends_with 0
complains_not
prints "T5  Exponential size classes amortise the cost of realloc away."
prints "x2: 0."
prints "T7  The holes are caused by unmapping."
prints "cannot tell"
prints "It was not measured."
prints_not "T3  "
prints "$folder/thread.md, thread.html"
proves "claims are judged from a folder's results, one that was not measured too"

holds "a verdict is in the Markdown" grep -q '^## T5: ' "$folder/thread.md"
holds "its table is there" grep -q '| +1M | 16M | x2 |' "$folder/thread.md"
holds "what reproduces it is there" \
	grep -qF 'regrow thread --claims T5' "$folder/thread.md"
holds "a verdict is in the HTML" grep -q '<h2>T5: <span' "$folder/thread.html"
holds "its table is there as well" grep -q '<td>16M</td>' "$folder/thread.html"
proves "the page has verdicts, tables and commands, as Markdown and HTML"

if can_read_json; then
	run "$regrow" thread "$folder" --claims T5 --json --no-plot
	ends_with 0
	holds "it is JSON" is_json "$out"
	prints '"id": "T5"'
	proves "the JSON has the verdicts and nothing else"
else
	skips "the JSON has the verdicts and nothing else" "nothing reads JSON"
fi

# Names out of a file are text wherever they are shown.
sed 's/"cpu_model":"[^"]*"/"cpu_model":"<script>*x*|y"/' \
	"$folder/classes.jsonl" >"$scratch/named"
mv "$scratch/named" "$folder/classes.jsonl"
run "$regrow" thread "$folder" --claims T5 --no-plot
ends_with 0
holds "HTML has no script" \
	sh -c "! grep -q '<script' '$folder/thread.html' '$folder/thread.md'"
holds "Markdown has no emphasis of it" \
	sh -c "! grep -qF '*x*|' '$folder/thread.md'"
proves "what a file says is escaped on both pages"

echo '{"type":"run"' >"$folder/keeping.jsonl"
run "$regrow" thread "$folder" --no-plot
ends_with 5
complains "keeping.jsonl"
rm "$folder/keeping.jsonl"
mkdir "$scratch/empty"
run "$regrow" thread "$scratch/empty"
ends_with 5
complains "has no results of regrow thread"
proves "a folder without results, and a damaged file, are said to be so"

for claims in T9 t1 '' T1,,T2; do
	run "$regrow" thread --claims "$claims" --dry-run
	ends_with 2
	complains "--claims"
done
run "$regrow" thread "$folder" --budget 1m
ends_with 2
complains "with a folder nothing is measured"
run "$regrow" thread "$folder" "$folder"
ends_with 2
proves "claims that there are not, and measuring into what is shown, are refused"

run "$regrow" thread --claims T7 --dry-run --output "$scratch/nothing"
ends_with 0
prints "counting: 3 rounds"
prints "server-churn"
prints_not "hole-refill"
run "$regrow" thread --claims T1 --dry-run --output "$scratch/nothing"
prints "vector-growth:last=64M"
prints_not "vector-growth:last=1G"
run "$regrow" thread --claims T1 --dry-run --budget 2h --output "$scratch/nothing"
prints "vector-growth:last=1G"
holds "nothing was made" test ! -e "$scratch/nothing"
proves "a dry run shows the plans of the claims asked for, and makes nothing"

run "$regrow" thread --claims T6 --budget 1ns --no-plot --output "$scratch/late"
ends_with 4
complains "no time is left for containers"
complains "nothing of what the claims need could be measured"
holds "it was not begun" test ! -e "$scratch/late/containers.jsonl"
proves "where the budget is used up, what is timed is left out and not told"

ends
