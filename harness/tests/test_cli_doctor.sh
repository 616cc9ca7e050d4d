#!/bin/sh
# test_cli_doctor - regrow doctor on this machine: it says what it is, as it is.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
first=${allowed%%[-,]*}

ends_with_0_or_1() {
	[ "$status" -le 1 ] || problem "exit status $status, neither 0 nor 1"
}

# What the doctor has commands for, and what their files hold.
settings() {
	find /proc/sys/vm /proc/sys/kernel /sys/kernel/mm /sys/module/kfence \
		/sys/devices/system/cpu /sys/devices/system/clocksource \
		-type f ! -name stat_refresh 2>/dev/null |
		grep -E 'max_map_count|overcommit_memory|swappiness|zone_reclaim|legacy_va|randomize_va|numa_balancing|nmi_watchdog|paranoid|ksm/run$|transparent_hugepage.*(enabled|defrag|sleep_millisecs)$|sample_interval|(governor|boost|no_turbo|disable|control|online|current_clocksource)$' |
		sort | while read -r file; do
		printf '%s %s\n' "$file" "$(tr '\n' ' ' <"$file" 2>/dev/null)"
	done
	cat /proc/swaps /proc/cmdline
	grep -cE ' (tracefs|cgroup2?) ' /proc/self/mounts
}

settings >"$scratch/before"
run "$regrow" doctor
ends_with_0_or_1
complains_not
prints "Linux $(uname -r)"
prints "Nothing was changed."
grep -q '^bad (' "$out"
[ "$status" -ne $? ] || problem "exit status $status, whatever is bad"
proves "the status is 1 where something is bad, and 0 where nothing is"

[ -z "$(awk 'length > 100 && !/ >\//' "$out")" ] || problem "a line is too long"
! grep -q "$(printf '\033')" "$out" || problem "there are colours in a file"
proves "what is printed to a file has no colours and fits the page"

for option in --all --json --script=change --script=undo "--cpus=$first"; do
	run "$regrow" doctor "$option"
	ends_with_0_or_1
	complains_not
done
settings >"$scratch/after"
cmp -s "$scratch/before" "$scratch/after" ||
	problem "changed: $(diff "$scratch/before" "$scratch/after" | head -n 4)"
proves "nothing is changed by looking, nor by printing the scripts"

run "$regrow" doctor --all
prints "max-map-count: $(cat /proc/sys/vm/max_map_count)"
prints "aslr: $(cat /proc/sys/kernel/randomize_va_space)"
proves "--all says how the good ones are"

run "$regrow" doctor --json
ends_with_0_or_1
if can_read_json; then
	holds "it is JSON" is_json "$out"
	for key in doctor_format regrow kernel cpus driver_cpu probe_cpu states findings; do
		prints "\"$key\":"
	done
	proves "--json prints one JSON object"
else
	skips "--json prints one JSON object" "neither jq nor python3"
fi

# Keys that are printed, and keys that are documented.
if command -v jq >/dev/null; then
	jq -r '[keys[], (.findings[] | keys[])] | unique[]' "$out" |
		sort -u >"$scratch/keys"
	# shellcheck disable=SC2016 # these are backticks
	sed -n '/^# The doctor/,$p' results/TABLE.md |
		grep -oE '`[a-z_]+' | tr -d '`' | sort -u >"$scratch/documented"
	undocumented=$(comm -23 "$scratch/keys" "$scratch/documented" | xargs)
	[ -z "$undocumented" ] || problem "not in results/TABLE.md: $undocumented"
	proves "every key of the JSON is documented"
else
	skips "every key of the JSON is documented" "no jq"
fi

for script in change undo; do
	run "$regrow" doctor --script=$script
	holds "the first line names the shell" grep -qx '#!/bin/sh' "$out"
	holds "a shell can read it" sh -n "$out"
done
proves "the scripts are a shell's"

run "$regrow" doctor "--cpus=$first" --json
ends_with_0_or_1
tr -d ' \n' <"$out" | grep -qF "\"cpus\":[$first]" || problem "not CPU $first"
proves "--cpus is what is looked at"

run "$regrow" doctor --cpus=4095
ends_with 2
complains "CPU 4095 is outside the set that this process may use"
prints_nothing
run "$regrow" doctor --cpus=x
ends_with 2
complains "'x' is not a list of CPUs"
run "$regrow" doctor --cpus=
ends_with 2
complains "is not a list of CPUs"
proves "CPUs that cannot be used are refused, as run refuses them"

run "$regrow" doctor --script=both
ends_with 2
complains "it is change or undo"
run "$regrow" doctor --script=undo --json
ends_with 2
run "$regrow" doctor here
ends_with 2
complains "'here' is not an option"
proves "options that make no sense are refused"

export HWLOC_COMPONENTS=stop
run "$regrow" doctor
ends_with 1
prints "nothing is bound: hwloc cannot load the topology"
run "$regrow" doctor "--cpus=$first"
ends_with 2
complains "leave out --cpus"
unset HWLOC_COMPONENTS
proves "without a topology the placement is bad, and --cpus is refused"

if can_mount; then
	# shellcheck disable=SC2016 # this is the inner shell's
	run_mounting sh -c 'mount -t tmpfs none /sys || exit 99; exec "$0" doctor' \
		"$regrow"
fi
if can_mount && [ "$status" -ne 99 ]; then
	ends_with_0_or_1
	prints "cannot be told ("
	prints "/sys/devices/system/cpu/isolated: No such file or directory"
	proves "without /sys it says what cannot be told"
else
	skips "without /sys it says what cannot be told" "nothing can be mounted here"
fi

if sanitized; then
	skips "limits of the shell are told with their change and undo" \
		"a sanitizer's shadow memory does not fit a limit"
else
	# shellcheck disable=SC2016 # these are the inner shell's
	run sh -c 'ulimit -S -v 4000000 && exec "$0" doctor --all' "$regrow"
	ends_with_0_or_1
	prints "address-space: 3.81 GiB (RLIMIT_AS)"
	if grep -q '^Max address space.* unlimited  *bytes' /proc/self/limits; then
		prints "start   ulimit -S -v unlimited"
		prints "undo    ulimit -S -v 4000000"
	fi
	proves "limits of the shell are told with their change and undo"
fi

if can_lack_rights; then
	run_without_rights "$regrow" doctor
	ends_with_0_or_1
	complains_not
	prints "Nothing was changed."
	proves "it needs no rights"
else
	skips "it needs no rights" "root cannot become another user here"
fi

for option in --all --json --script=undo; do
	# shellcheck disable=SC2016 # these are the inner shell's
	run sh -c '"$0" doctor "$1" >/dev/full' "$regrow" "$option"
	ends_with 5
	complains "cannot write the output"
done
proves "an output that cannot be written is said"
ends
