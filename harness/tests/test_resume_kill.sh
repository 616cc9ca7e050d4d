#!/bin/sh
# test_resume_kill - kill -9 at random moments loses no finished round, and
# the run goes on to the same cells.
#
# SEED=N repeats the moments of a run of this test, which prints its seed; KILLS=N
# makes so many, instead of 50.
# shellcheck disable=SC2317 # functions are called by others
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

kills=${KILLS:-50} # that hit a run; those too early or too late do not count
parts_max=6 # kills of one file; then it goes on to its end
rounds=20
sanitized && rounds=8 # each takes a while
seed=${SEED:-$(($(date +%s) % 100000))}
echo "# seed $seed"

whole=$scratch/whole.jsonl
kept=$scratch/kept.jsonl

# More moments from 0 to 1 than are needed, where the machine is busy.
awk -v seed="$seed" -v count="$((4 * kills))" 'BEGIN {
	srand(seed)
	for (i = 0; i < count; i++)
		print rand()
}' >"$scratch/moments"

# Its options; a function in the background would be a shell to kill.
start="--alloc null --workload $steps --rounds $rounds --quiet"

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# The run line and which cells have samples in which completed rounds.
cells_of() {
	sed -n '1s/.*"cells":\(.*\),"placement".*/\1/p' "$1" |
		sed 's/"planted_iterations":[0-9]*//g'
	grep '^{"type":"sample",.*"pass":"timing"' "$1" |
		grep -o '"cell":[0-9]*' | sort -u
}

# The uninterrupted run: how long it takes, and what it measures.
began=$(now_ms)
# shellcheck disable=SC2086 # options
"$regrow" run $start --results "$results" >/dev/null 2>"$err" ||
	problem "it does not run"
run_ms=$(($(now_ms) - began))
cells_of "$results" >"$scratch/cells"
cp "$results" "$whole"
began=$(now_ms)
"$regrow" run --resume "$results" --rounds $((rounds + 1)) >/dev/null 2>&1
resume_ms=$(($(now_ms) - began))
echo "# a run takes $run_ms ms, going on by a round $resume_ms ms"
[ "$(wc -l <"$scratch/cells")" -gt 5 ] || problem "no cells were found"
awk -v rounds=$((rounds + 1)) -f harness/tests/rounds.awk "$results" >>"$out" ||
	problem "rounds.awk finds fault with a run that was not killed"
awk '!(/"cell":1,/ && /"round":2,/ && /"timing"/)' "$whole" >"$kept"
! awk -f harness/tests/rounds.awk "$kept" >/dev/null ||
	problem "rounds.awk does not see that a sample is missing"
sed 's/"sequence":40,/"sequence":39,/' "$whole" >"$kept"
! awk -f harness/tests/rounds.awk "$kept" >/dev/null ||
	problem "rounds.awk does not see that a sequence stands twice"
proves "a run that nobody kills is one run, and what is not is seen"

# After a kill: what was in the file before is there, it is read, and each round
# that was finished is whole.
look() {
	cmp -s -n "$(wc -c <"$kept")" "$kept" "$results" ||
		problem "kill $kill: what was written is gone"
	head -n "$(wc -l <"$results")" "$results" >"$kept"
	if [ -s "$kept" ]; then
		run "$regrow" show "$results"
		[ "$status" -eq 0 ] || problem "kill $kill: $(cat "$err")"
		wrong=$(awk -f harness/tests/rounds.awk "$kept") ||
			problem "kill $kill: $wrong"
	fi
	torn=$((torn + ($(wc -c <"$results") > $(wc -c <"$kept"))))
}

# The rounds that were finished are there in the end, too.
finish() {
	run "$regrow" run --resume "$results" --quiet
	[ "$status" -eq 0 ] || problem "kill $kill: $(cat "$err")"
	cmp -s -n "$(wc -c <"$kept")" "$kept" "$results" ||
		problem "kill $kill: what was measured has changed"
	wrong=$(awk -v rounds="$rounds" -f harness/tests/rounds.awk "$results") ||
		problem "kill $kill: $wrong"
	records_times 1 '^{"type":"end","status":"done",'
	cells_of "$results" >"$scratch/now"
	cmp -s "$scratch/cells" "$scratch/now" ||
		problem "kill $kill: the cells are others"
	finished=$((finished + 1))
	parts=0
	rm -f "$results"
}

# How long a run takes was measured once, when the machine may have been busier
# or less so than it is: a kill that comes after the end shortens what is taken
# for it, one that hits lengthens it a little.
adapted() {
	if [ "$2" -eq 1 ]; then
		echo $(($1 * 3 / 4 + 1))
	else
		echo $(($1 * 21 / 20 + 1))
	fi
}

# Starts or goes on with the run, and kills it after a share of its time.
kill_after() {
	resumes=0
	if [ -s "$results" ]; then
		resumes=1
		ms=$((resume_ms * 3 / 2))
		"$regrow" run --resume "$results" --quiet >"$out" 2>"$err" &
	else
		ms=$run_ms
		# shellcheck disable=SC2086 # options
		"$regrow" run $start --results "$results" >"$out" 2>"$err" &
	fi
	driver=$!
	sleep "$(echo "$1 $ms" | awk '{ printf "%.3f", $1 * $2 / 1000 }')"
	: >"$kept"
	[ ! -e "$results" ] || cp "$results" "$kept"
	late=0
	kill -s KILL "$driver" 2>/dev/null || late=1
	over=$((over + late))
	if [ "$resumes" -eq 1 ]; then
		resume_ms=$(adapted "$resume_ms" "$late")
	else
		run_ms=$(adapted "$run_ms" "$late")
	fi
	wait "$driver" 2>/dev/null
}

rm -f "$results"
kill=0 parts=0 torn=0 finished=0 unborn=0 over=0
while [ $((kill - unborn - over)) -lt "$kills" ] && read -r moment; do
	kill=$((kill + 1))
	kill_after "$moment"
	if [ ! -e "$results" ]; then
		unborn=$((unborn + 1))
		continue
	fi
	look
	if [ ! -s "$kept" ]; then
		# Not even the first line: there is nothing to go on from.
		run "$regrow" run --resume "$results"
		[ "$status" -eq 5 ] || problem "kill $kill: exit status $status"
		rm "$results"
		continue
	fi
	parts=$((parts + 1))
	[ "$parts" -lt "$parts_max" ] || finish
done <"$scratch/moments"
[ ! -s "$results" ] || finish
echo "# of $kill kills $unborn came before there was a file, $over after the end; $torn left a torn line"
[ "$finished" -gt 0 ] || problem "no run was finished"
[ $((kill - unborn - over)) -eq "$kills" ] || problem "few kills hit a run"
proves "kill -9 at $kills random moments loses no finished round, and each run goes on to the same cells"
ends
