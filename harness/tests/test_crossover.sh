#!/bin/sh
# test_crossover - regrow crossover, from its command line to its files.
# shellcheck disable=SC2317 # functions are called by others
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# made FILE NAME=VALUE...: a results file, made up.
made() {
	file=$1
	shift
	for setting in "$@"; do
		set -- "$@" -v "$setting"
		shift
	done
	awk "$@" -f harness/tests/crossover_results.awk >"$file"
}

# Without the locale's dashes.
LC_ALL=C
export LC_ALL

octaves="16384 32768 65536 131072 262144 524288 1048576"
grid=$scratch/grid.jsonl
fresh=$scratch/fresh.jsonl
show() {
	run "$regrow" crossover --no-plot "$@"
}

# The line of the thresholds that is about a kind of copy.
line_of() {
	grep -m 1 "^mremap-maymove  *$1 " "$out"
}
line_has() {
	line_of "$1" | grep -qF -- "$2" || problem "the line of $1 lacks: $2"
}

made "$grid" "sizes=$octaves" cross=45000
show "$grid"
ends_with 0
complains_not
line_has cold "32..64 KiB *"
line_has cold moving
line_has pre-populated "256..512 KiB *"
line_has warm none
prints "built in: glibc 128 KiB"
prints "PHP 2 MiB"
prints "copying is cheaper at all sizes tried, 16 KiB to 1 MiB"
holds "no line is wider than the screen" sh -c "! grep -qE '.{101}' '$out'"
proves "a grid has its thresholds between octaves, against each kind of copy"

made "$fresh" "sizes=32768 40960 45056 53248 65536" cross=45000 seed=7 rounds=40
show "$grid" "$fresh"
ends_with 0
line_has cold "40..52 KiB"
holds "no mark of the grid" sh -c "! grep -m1 '^mremap-maymove  *cold' '$out' | grep -qF '*'"
line_has pre-populated "256..512 KiB *"
prints "  40f "
proves "fresh rounds narrow a threshold, and no other"

show --json "$grid" "$fresh"
ends_with 0
if can_read_json; then
	holds "it is JSON" is_json "$out"
fi
prints '"from": "fresh"'
prints '"low": 40960'
prints '"high": 53248'
prints '"above": "moving"'
prints '"level": 0.9'
proves "the map is JSON, too"

made "$scratch/cold.jsonl" "sizes=$octaves" warm=0.5
show "$scratch/cold.jsonl"
prints "not warm"
prints "cannot tell: the warm copy was not warm"
holds "no number" sh -c "! grep -m1 '^mremap-maymove  *warm' '$out' | grep -q iB"
proves "a warm copy that takes page faults has no number"

made "$scratch/blind.jsonl" "sizes=$octaves" planted=1.0
show "$scratch/blind.jsonl"
prints "cannot tell: the planted +10 % was not found"
prints "cannot be told at any size"
proves "where the planted effect was not found nothing is told"

made "$scratch/still.jsonl" "sizes=$octaves" moved=0
show "$scratch/still.jsonl"
prints "not exercised"
prints "cannot be told at any size"
proves "a mover that did not move is not exercised"

made "$scratch/short.jsonl" "sizes=$octaves" rounds=8
show "$scratch/short.jsonl"
prints "too few rounds for an interval"
prints "cannot be told at any size"
proves "too few rounds tell nothing"

made "$scratch/skipped.jsonl" "sizes=$octaves" skipped=1048576
show "$scratch/skipped.jsonl"
prints "cannot tell: no time (1 MiB)"
proves "a size that was skipped has its reason"

made "$scratch/residue.jsonl" "sizes=$octaves" rest=residue=4K cross=45000
made "$scratch/thp.jsonl" "sizes=$octaves" thp=madvise cross=200000
made "$scratch/layout.jsonl" "sizes=$octaves" layout=legacy cross=200000
show "$grid" "$scratch/residue.jsonl" "$scratch/thp.jsonl" \
	"$scratch/layout.jsonl"
ends_with 0
prints "THP never, residue=4K"
prints "THP madvise"
prints "THP never, legacy layout"
holds "four maps" test "$(grep -c '^mremap-maymove  *cold ' "$out")" = 4
line_has cold "32..64 KiB *"
show --json "$grid" "$scratch/layout.jsonl"
prints '"layout": "standard"'
prints '"layout": "legacy"'
proves "THP modes, layouts and residues have a map each"

made "$scratch/other.jsonl" "sizes=$octaves" "cpu=Another CPU"
show "$grid" "$scratch/other.jsonl"
ends_with 2
complains "not of the same machine"
complains "Another CPU"
prints_nothing
proves "files of two machines are no map"

show results/example.jsonl
[ -e results/example.jsonl ] || show "$(find results -name '*.jsonl' | head -n 1)"
ends_with 5
complains "was not made by regrow crossover"
show "$scratch/none.jsonl"
ends_with 5
proves "a file without such groups, or none at all, is refused"

for wrong in "--sizes 16K" "--sizes 32K-16K" "--sizes 100-16K" \
	"--residue 3" "--residue ,"; do
	# shellcheck disable=SC2086
	show $wrong
	ends_with 2
	complains "${wrong%% *}"
done
show --rounds 3 "$grid"
ends_with 2
complains "nothing is measured"
show --alloc mremap-maymov
ends_with 2
complains "did you mean 'mremap-maymove'"
proves "what is wrong on the command line is refused in words"

run "$regrow" crossover --dry-run --sizes 16K-64K --layout standard,legacy
ends_with 0
prints "group 5: single-growth:size=64K:times=32, THP never"
prints "group 6: single-growth:size=64K:times=32, THP never, legacy layout"
prints "copy-realloc:keep=pages"
prints "time: a round takes about"
holds "nothing was written" sh -c "! ls '$scratch'/map* 2>/dev/null"
proves "the dry run shows the coarse plan"

if command -v gnuplot >/dev/null; then
	run "$regrow" crossover "$grid" "$fresh" "$scratch/layout.jsonl" \
		--plot "$scratch/figures"
	ends_with 0
	prints "$scratch/figures/crossover-never-1.svg"
	holds "there is a figure" test -s "$scratch/figures/crossover-never-1.png"
	holds "it has its thresholds" grep -qE "	40960	53248	1$" \
		"$scratch/figures/data/crossover-never-1.tsv"
	holds "the other layout has its own" test -s \
		"$scratch/figures/crossover-never-legacy-1.png"
	proves "the map is drawn"
else
	skips "the map is drawn" "no gnuplot"
fi

map=$scratch/map.jsonl
run "$regrow" crossover --sizes 16K-16K --rounds 1 --results "$map" --quiet \
	--anonymous --label "a map" --no-plot
ends_with 0
complains_not
results=$map
records '"label":"a map"'
records '"workload":"single-growth:size=16K:times=128"'
records '"status":"done"'
prints "cannot be told at any size"
prints "too few rounds"
cp "$out" "$scratch/first"
show "$map"
holds "it is the same" cmp "$out" "$scratch/first"
proves "a map is measured, and is the same from its file"

: >"$scratch/there-fresh.jsonl"
echo x >"$scratch/there-fresh.jsonl"
run "$regrow" crossover --sizes 16K-32K --results "$scratch/there.jsonl"
ends_with 5
complains "there-fresh.jsonl"
holds "nothing was measured" test ! -e "$scratch/there.jsonl"
proves "a file that is in the way is said before a second is spent"

# Until the pilot is over there is no file; then it is stopped.
timeout -k 5 100 "$regrow" crossover --sizes 16K-16K --rounds 100000 --no-plot \
	--results "$scratch/stopped.jsonl" >"$out" 2>"$err" </dev/null &
driver=$!
tries=0
until [ -s "$scratch/stopped.jsonl" ] || [ $tries -gt 1000 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
kill -INT "$(pgrep -P $driver)" 2>/dev/null || kill -INT $driver
wait $driver
status=$?
ends_with 130
prints "From which size on"
complains "regrow crossover $scratch/stopped.jsonl"
proves "an interrupted map keeps what was measured and says what it tells"
ends
