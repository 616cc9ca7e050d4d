#!/bin/sh
# test_resume - a run goes on where it was stopped, on the same machine alone.
# shellcheck disable=SC2317 # functions are called by others
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

good=$scratch/good.jsonl
before=$scratch/before.jsonl

# begin OPTION...: a run in the background, into $results; its number in $driver.
begin() {
	"$regrow" run "$@" >"$out" 2>"$err" </dev/null &
	driver=$!
}

wait_for() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || return 1
		sleep 0.05
	done
}

rounds_are() {
	[ "$(grep -c '^{"type":"round",.*"timing"' "$results")" -ge "$1" ]
}

stop() {
	kill -s "$1" "$driver"
	wait "$driver" 2>/dev/null
	status=$?
}

# One run of so many complete rounds, in however many parts.
is_one_run() {
	wrong=$(awk -v rounds="$1" -f harness/tests/rounds.awk "$results") ||
		problem "the file is not one run: $wrong"
}

resume() {
	run "$regrow" run --resume "$results" "$@"
}

unchanged() {
	cmp -s "$before" "$results" || problem "the file was changed"
}

# What was there is there still, in front of what is new.
goes_on_from() {
	head -c "$(wc -c <"$1")" "$results" | cmp -s - "$1" ||
		problem "what was measured before has changed"
}

# A file of the good run, changed by sed, is not to be gone on with.
change() {
	sed "$1" "$good" >"$results"
	! cmp -s "$good" "$results" || problem "nothing was changed by $1"
	cp "$results" "$before"
}

refuses() {
	resume --rounds 3
	ends_with 1
	complains "$1"
	complains "--force"
	unchanged
}

begin --alloc mremap-maymove --workload "$steps" --rounds 100000 \
	--label kept --results "$results"
holds "some rounds were made" wait_for rounds_are 3
stop INT
ends_with 130
rounds=$(grep -c '^{"type":"round",.*"timing"' "$results")
cp "$results" "$before"
resume --rounds $((rounds + 3))
ends_with 0
goes_on_from "$before"
is_one_run $((rounds + 3))
records_times 1 '^{"type":"run",'
records_times 1 '^{"type":"calibration",'
records_times 1 '^{"type":"resume",.*"rounds":'$((rounds + 3))','
records_times 1 '^{"type":"end","status":"interrupted",'
records_times 1 '^{"type":"end","status":"done",'
prints "mremap-maymove"
prints "resumed: once"
proves "a run that was interrupted goes on at its next round, as one run"

cp "$results" "$before"
resume
ends_with 0
complains "nothing is left to do"
prints "resumed: once"
unchanged
run "$regrow" run --resume "$results" --rounds 2
ends_with 0
complains "nothing is left to do"
unchanged
proves "where nothing is left to do, that is said and nothing is written"

measure --alloc mremap-maymove --rounds 1 --seed 5
ends_with 0
cp "$results" "$good"
resume --rounds 3
ends_with 0
is_one_run 3
goes_on_from "$good"
cp "$results" "$before"
resume
complains "nothing is left to do"
proves "a finished run can be given more rounds, and keeps them"

cp "$good" "$results"
resume --budget 10m --precision 100%
ends_with 0
records '^{"type":"end","status":"precision",'
records '^{"type":"resume",.*"rounds":0,"budget_ns":600000000000,"precision":1.0'
is_one_run 12
resume --precision 100%
complains "nothing is left to do"
proves "a run of some rounds can be made one of a budget and a precision"

sed '$d' "$good" >"$results"
resume
ends_with 0
is_one_run 1
records '^{"type":"end","status":"done",.*"rounds":1,'
proves "a run that lacks its end line alone gets it"

change 's/"kernel":"[^"]*"/"kernel":"1.2.3"/'
refuses "machine.kernel: 1.2.3 -> $(uname -r)"
holds "it has a line of its own" \
	grep -q "^  machine.kernel: 1.2.3 -> $(uname -r)\$" "$err"
change 's/"memory_bytes":[0-9]*/"memory_bytes":4096/'
refuses "machine.memory_bytes: 4096 -> "
change 's/"binary":"[0-9a-f]*"/"binary":"0123456789abcdef"/'
refuses "binary: 0123456789abcdef -> "
change 's/"binary":"[0-9a-f]*",//'
refuses "binary: none -> "
change 's/"name":"page-faults",/&"missing":"not in that kernel",/'
refuses "counters.page-faults: not in that kernel -> counted"
change 's/"driver_cpu":-*[0-9]*/"driver_cpu":77/'
refuses "placement.driver_cpu: 77 -> "
proves "another kernel, machine, program or placement is refused, and named"

change 's/"memory_available_bytes":[0-9]*/"memory_available_bytes":1/'
resume --rounds 2
ends_with 0
is_one_run 2
proves "what changes by itself is no other machine"

change 's/"kernel":"[^"]*"/"kernel":"1.2.3"/'
resume --rounds 2 --force
ends_with 0
is_one_run 2
goes_on_from "$before"
records "^{\"type\":\"resume\",.*\"forced\":\[{\"what\":\"machine.kernel\",\"was\":\"1.2.3\",\"is\":\"$(uname -r)\"}\]"
prints "forced once although something differed: machine.kernel 1.2.3 ->"
proves "--force goes on all the same, and the file keeps what differed"

change 's/"cpus":\[[-0-9]*\]/"cpus":[4095]/'
resume --rounds 2
ends_with 2
complains "4095"
unchanged
resume --rounds 2 --force
ends_with 0
is_one_run 2
proves "CPUs that are no longer there are refused, and replaced where forced"

for bytes in 1 40 700; do
	head -c $(($(wc -c <"$good") - bytes)) "$good" >"$results"
	run "$regrow" show "$results"
	ends_with 0
	lines=$(wc -l <"$results")
	head -n "$lines" "$results" >"$before"
	resume --rounds 3
	ends_with 0
	goes_on_from "$before"
	is_one_run 3
done
proves "a torn last line is taken off, whole lines stay"

# Behind the run line; behind the calibration and the pilot; in the checking pass.
checking=$(grep -n '"pass":"checking"' "$good" | head -n 1 | cut -d : -f 1)
for lines in 1 $((checking - 1)) $((checking + 1)); do
	head -n "$lines" "$good" >"$results"
	cp "$results" "$before"
	resume
	ends_with 0
	goes_on_from "$before"
	records_times 1 '^{"type":"calibration",'
	records_times 1 '^{"type":"round",.*"checking"'
	is_one_run 1
done
proves "what comes before the first round is made up for"

begin --resume "$results" --rounds 100000
holds "it goes on" wait_for rounds_are 4
run "$regrow" run --resume "$results"
ends_with 5
complains "another regrow writes to it"
measure_into=$results
run "$regrow" run --alloc null --workload "$steps" --rounds 1 \
	--results "$measure_into"
ends_with 5
cp "$results" "$before"
stop INT
ends_with 130
goes_on_from "$before"
records '^{"type":"end","status":"interrupted",'
is_one_run "$(grep -c '^{"type":"round",.*"timing"' "$results")"
proves "two cannot go on with one file; Ctrl-C ends the one that does"

cp "$good" "$results"
if sanitized; then
	skips "a full disk while it goes on leaves whole lines" \
		"the driver of a sanitizer writes larger files"
else
	# The samples' shared memory is a file, too.
	blocks=$(($(wc -c <"$good") / 512 + 400))
	# shellcheck disable=SC3045 # dash and bash both have it
	run sh -c "ulimit -f $blocks && exec \"\$0\" run --resume \"\$1\" \
		--rounds 2000" "$regrow" "$results"
	ends_with 5
	complains "File too large"
	goes_on_from "$good"
	run "$regrow" show "$results"
	ends_with 0
	resume --rounds "$(($(grep -c '^{"type":"round",.*"timing"' "$results") + 1))"
	ends_with 0
	goes_on_from "$good"
	proves "a full disk while it goes on leaves whole lines"
fi

for option in "--alloc null" "--workload null" "--set null.a=1" "--thp never" \
	"--layout legacy" "--reference null" "--seed 1" "--cpus 0" "--timeout 1s" \
	"--counters page-faults" "--results x" "--label x" "--anonymous" \
	"--margin 1%" "--settle 1s" "--plan x"; do
	# shellcheck disable=SC2086 # an option and its value
	run "$regrow" run --resume "$good" $option
	ends_with 2
	complains "${option%% *} cannot be given with --resume"
done
run "$regrow" run --alloc null --force
ends_with 2
complains "--force is for --resume"
proves "what the file says cannot be said otherwise"

run "$regrow" run --resume "$scratch/nowhere"
ends_with 5
complains "No such file"
printf 'my notes' >"$results"
cp "$results" "$before"
resume
ends_with 5
unchanged
: >"$results"
resume
ends_with 5
complains "nothing to go on from"
run "$regrow" run --resume /dev/null
ends_with 5
change 's/"format":[0-9]*/"format":1/'
resume --rounds 2
ends_with 5
complains "another format"
unchanged
change 's/"clock_why":"[^"]*"/"clock_why":""/g'
resume --rounds 2
ends_with 5
complains "stopped in its pilot"
unchanged
change 's/"growths":[1-9][0-9]*,"block/"growths":99,"block/'
resume --rounds 2 --force
ends_with 5
complains "other work"
unchanged
proves "a file that holds no run to go on with is refused and left as it is"

cp "$faulty" "$scratch/mine.so"
rm -f "$results"
run "$regrow" run --alloc "$scratch/mine.so:fault=exit" --timeout 40s \
	--workload "$steps" --rounds 2 --results "$results"
records_times 3 '"outcome":"failed"'
records '"timeout_ns":40000000000'
resume --rounds 4
ends_with 0
records_times 3 '"outcome":"failed"'
proves "a cell that was left out stays so"

cp "$results" "$before"
printf 'x' >>"$scratch/mine.so"
resume --rounds 5
ends_with 1
complains "binary: "
unchanged
rm "$scratch/mine.so"
resume --rounds 5
ends_with 5
complains "mine.so"
unchanged
proves "a plug-in that was built anew is another program"

rm -f "$results"
run "$regrow" run --plan "$good" --rounds 2 --label other --results "$results"
ends_with 0
is_one_run 2
# All of the plan but how long it goes on and takes.
plan_of() {
	sed -n '1s/.*"plan":\(.*\),"placement".*/\1/p' "$1" |
		sed -e 's/"rounds":[0-9]*//' -e 's/"sample_ns":[0-9]*//g'
}
[ -n "$(plan_of "$good")" ] || problem "no plan was found"
[ "$(plan_of "$good")" = "$(plan_of "$results")" ] ||
	problem "the plan is another"
records '"seed":5,"rounds":2,'
records_not '"pass":"pilot"'
proves "--plan measures the plan of another file, clocks and planted rows, too"

"$regrow" run --alloc mremap-maymove --workload "$steps" --seed 9 --rounds 1 \
	--dry-run --json >"$scratch/plan" 2>"$err"
rm -f "$results"
run "$regrow" run --plan "$scratch/plan" --results "$results"
ends_with 0
is_one_run 1
records '"seed":9,"rounds":1,'
records '"pass":"pilot"'
proves "a plan can be made in advance, and is measured as it is"

for option in "--alloc null" "--workload null" "--seed 1" "--thp never" \
	"--layout legacy" "--margin 1%" "--settle 1s"; do
	# shellcheck disable=SC2086 # an option and its value
	run "$regrow" run --plan "$good" $option
	ends_with 2
	complains "${option%% *} cannot be given with --plan"
done
run "$regrow" run --plan "$scratch/nowhere" --results "$scratch/none"
ends_with 5
complains "cannot take the plan of"
run "$regrow" run --plan /dev/null --results "$scratch/none"
ends_with 5
change 's/"growths":[1-9][0-9]*,"block/"growths":99,"block/'
run "$regrow" run --plan "$results" --results "$scratch/none"
ends_with 2
complains "other work"
holds "no file was made" test ! -e "$scratch/none"
proves "a plan that is none, or of other work, is refused before measuring"

ends
