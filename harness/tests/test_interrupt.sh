#!/bin/sh
# test_interrupt - a run that is stopped or killed keeps what it measured.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# Starts an endless run in the background and waits for a finished round.
driver=
begin() {
	rm -f "$results"
	"$regrow" run --alloc "$faulty" --workload "$steps" --rounds 100000 \
		--quiet --results "$results" >"$out" 2>"$err" &
	driver=$!
	while ! grep -q '"type":"round","round":1,"pass":"timing"' "$results" 2>/dev/null; do
		kill -0 $driver 2>/dev/null || break
		sleep 0.05
	done
}

# Samples of the driver that are still there.
orphans() {
	pgrep -f -- "^regrow --sample" | while read -r process; do
		[ "$(readlink "/proc/$process/exe")" = "$regrow" ] && echo "$process"
	done
}

for signal in INT TERM HUP; do
	begin
	kill -$signal $driver
	wait $driver
	status=$?
	case $signal in
	INT) ends_with 130 ;;
	TERM) ends_with 143 ;;
	HUP) ends_with 129 ;;
	esac
	records '"type":"end","status":"interrupted"'
	run "$regrow" show "$results"
	ends_with 0
	prints "faulty"
	run "$regrow" export "$results"
	ends_with 0
	proves "SIG$signal ends a run at once, and what was measured is kept"
done

for round in 1 2 3 4 5; do
	begin
	sleep "0.0$round"
	kill -KILL $driver
	wait $driver 2>/dev/null
	records_not '"type":"end"'
	run "$regrow" show "$results"
	ends_with 0
	prints "interrupted"
	# Nothing but the last line may be torn.
	holds "whole lines" sh -c "! sed '\$d' '$results' | grep -qv '}\$'"
	rounds=$(grep -c '"type":"round"' "$results")
	holds "finished rounds are there" test "$rounds" -ge 3
done
proves "kill -9 leaves a file that is read, with every finished round"

tries=0
while [ -n "$(orphans)" ] && [ $tries -lt 100 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
holds "no sample is left" test -z "$(orphans)"
proves "samples die with their driver"

run "$regrow" plot -q -o "$scratch/figures" "$results"
ends_with 0
proves "a killed run's figures are drawn"
ends
