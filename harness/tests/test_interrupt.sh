#!/bin/sh
# test_interrupt - a run that is stopped keeps its results and leaves no process.
# shellcheck disable=SC2317 # functions are called by others
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# A copy, so that its processes can be told from all others.
mkdir "$scratch/bin"
cp "$regrow" "$build/regrow-driver.so" "$scratch/bin"
copy=$scratch/bin/regrow

# Waits, a minute at most, until a command succeeds.
wait_for() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || return 1
		sleep 0.05
	done
}

lines_in_results() {
	[ "$(wc -l <"$results")" -ge "$1" ]
}

# The processes of the copy; one that is dead and not waited for has no exe.
processes() {
	find /proc -maxdepth 2 -path '/proc/[0-9]*/exe' -lname "$copy" 2>/dev/null
}

are_there() {
	[ "$(processes | wc -l)" -eq "$1" ]
}

# begin OPTION...: a run that goes on until it is stopped; its number in
# $driver. Its samples are of ours and of one that hangs, so that some sample is
# always under way.
begin() {
	rm -f "$results"
	"$copy" run --workload "$steps" --timeout 1h --rounds 100000 \
		--results "$results" "$@" >"$out" 2>"$err" </dev/null &
	driver=$!
}

ended() {
	! readlink "/proc/$driver/exe"
}

# Sends the driver a signal and waits for its end, in vain if need be.
stop_driver() {
	kill -s "$1" "$driver"
	holds "SIG$1 ended it" wait_for ended
	kill -s KILL "$driver" 2>/dev/null
	wait "$driver" 2>/dev/null
	status=$?
}

none_left() {
	holds "no process is left" wait_for are_there 0
	for exe in $(processes); do
		exe=${exe%/exe}
		kill -s KILL "${exe#/proc/}"
	done
}

# No sample may outlive it.
stop() {
	stop_driver "$1"
	none_left
}

hanging="$faulty:fault=hang"
for signal in INT:130 TERM:143 HUP:129; do
	name=SIG${signal%:*}
	begin --alloc "$hanging"
	# The run, the calibration and what is before the one that hangs.
	holds "it started" wait_for lines_in_results 2
	holds "a sample is under way" wait_for are_there 2
	stop "${signal%:*}"
	ends_with "${signal#*:}"
	records_times 1 '^{"type":"end","status":"interrupted",'
	records_not '"outcome":"interrupted"'
	complains "interrupted after"
	complains "$results keeps them"
	run "$regrow" show "$results"
	ends_with 0
	prints "steps.so"
	proves "$name in a sample that hangs ends the run, and keeps the file"
done

# The driver waits for a sample, and not for what it tries before.
a_sample_runs() {
	for exe in $(processes); do
		if grep -q -e --sample "${exe%/exe}/cmdline"; then
			return
		fi
	done
	return 1
}

begin --alloc null --reference "$hanging"
holds "the pilot is under way" wait_for a_sample_runs
holds "there is no file yet" test ! -e "$results"
stop INT
ends_with 130
records_times 1 '^{"type":"run",.*"clock_why":""'
records_times 1 '^{"type":"end","status":"interrupted","samples":0,"rounds":0,'
complains "interrupted after 0 rounds"
run "$regrow" show "$results"
ends_with 0
prints "interrupted"
proves "SIGINT in the pilot ends the run, and leaves a file that says so"

begin --alloc null --reference "$hanging"
holds "the pilot is under way" wait_for a_sample_runs
stop KILL
ends_with 137
holds "there is no file" test ! -e "$results"
proves "SIGKILL in the pilot leaves no sample and no file"

for signal in INT:130 TERM:143; do
	name=SIG${signal%:*}
	begin --alloc mremap-maymove
	holds "some rounds were made" wait_for lines_in_results 40
	stop "${signal%:*}"
	ends_with "${signal#*:}"
	records '^{"type":"round",.*"pass":"timing"'
	records_times 1 '^{"type":"end","status":"interrupted",'
	holds "the table was printed" grep -q mremap-maymove "$out"
	run "$regrow" show "$results"
	ends_with 0
	prints "mremap-maymove"
	prints "interrupted"
	run "$regrow" export "$results"
	ends_with 0
	holds "there are samples" test "$(wc -l <"$out")" -gt 20
	run "$regrow" plot "$results" -o "$scratch/figures"
	ends_with 0
	proves "$name between rounds keeps them: they show, plot and export"
done

begin --alloc mremap-maymove
holds "some rounds were made" wait_for lines_in_results 40
stop KILL
ends_with 137
records_not '^{"type":"end"'
run "$regrow" show "$results"
ends_with 0
prints "mremap-maymove"
prints "interrupted"
run "$regrow" export "$results"
ends_with 0
run "$regrow" plot "$results" -o "$scratch/figures"
ends_with 0
proves "SIGKILL of the driver leaves a file without an end, which is read"

begin --alloc "$hanging"
holds "it started" wait_for lines_in_results 2
holds "a sample is under way" wait_for are_there 2
stop KILL
ends_with 137
run "$regrow" show "$results"
ends_with 0
proves "a sample dies with its driver"

# A terminal sends Ctrl-C to the whole group in the foreground.
if command -v setsid >/dev/null; then
	rm -f "$results" "$scratch/status"
	# shellcheck disable=SC2016 # these are the inner shell's
	setsid sh -c 'trap : INT
		"$0" run --alloc "$4" --workload "$1" --timeout 1h \
			--results "$2" >"$3/group" 2>&1
		echo $? >"$3/status"' \
		"$copy" "$steps" "$results" "$scratch" "$hanging" &
	group=$!
	holds "it started" wait_for lines_in_results 2
	holds "a sample is under way" wait_for are_there 2
	kill -s INT -- "-$group"
	holds "it ended" wait_for test -s "$scratch/status"
	wait "$group"
	status=$(cat "$scratch/status")
	ends_with 130
	none_left
	records_not '"outcome":"crashed"'
	records_not '"outcome":"killed"'
	records_times 1 '^{"type":"end","status":"interrupted",'
	proves "Ctrl-C is the driver's to handle: no sample is recorded as killed"
else
	skips "Ctrl-C is the driver's to handle: no sample is recorded as killed" \
		"no setsid(1)"
fi

# Under nohup a run outlives its terminal.
rm -f "$results"
nohup "$copy" run --alloc null --workload "$steps" --rounds 100000 \
	--results "$results" >"$out" 2>"$err" </dev/null &
driver=$!
holds "some rounds were made" wait_for lines_in_results 20
kill -s HUP "$driver"
lines=$(($(wc -l <"$results") + 20))
holds "it goes on" wait_for lines_in_results $lines
stop TERM
ends_with 143
proves "SIGHUP does not stop a run under nohup"

# What is drawn after the last round can be stopped as any program can.
mkdir "$scratch/slow"
printf '#!/bin/sh\nexec sleep 3600\n' >"$scratch/slow/gnuplot"
chmod +x "$scratch/slow/gnuplot"
rm -f "$results"
PATH=$scratch/slow:$PATH "$regrow" run --alloc null --workload "$steps" \
	--rounds 1 --results "$results" --plot="$scratch/slow" \
	>"$out" 2>"$err" </dev/null &
driver=$!
sleeping() {
	grep -qs "^PPid:[[:space:]]*$driver\$" /proc/[0-9]*/status &&
		[ "$(tail -n 1 "$results" | cut -c 1-13)" = '{"type":"end"' ] &&
		[ -s "$out" ]
}
holds "gnuplot was started" wait_for sleeping
drawing=$(grep -ls "^PPid:[[:space:]]*$driver\$" /proc/[0-9]*/status |
	sed 's|/proc/\(.*\)/status|\1|')
stop_driver TERM
# shellcheck disable=SC2086 # one number for each picture
kill $drawing 2>/dev/null
ends_with 143
run "$regrow" show "$results"
ends_with 0
proves "a signal while the figures are drawn ends it, and keeps the file"

ends
