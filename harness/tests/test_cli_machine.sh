#!/bin/sh
# test_cli_machine - machines that lack something: CPUs, memory, processes, /sys.
#
# That perf_event_paranoid is 3 cannot be arranged from here: test_counters
# proves what is said then, and here a user without rights meets its 1 or 2.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
needs_exact_faults

# Of a run of one round, and one for checking, without a row.
samples=$((pilot_samples + 2 * standard_cells))

measure --alloc null --cpus 4095
ends_with 2
complains "CPU 4095 is outside the set that this process may use"
complains "choose from it"
prints_nothing
holds "no file was made" test ! -e "$results"
proves "a CPU that the machine does not have is refused"

allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
first=${allowed%%[-,]*}
last=${allowed##*[-,]}
if command -v taskset >/dev/null && [ "$first" != "$last" ]; then
	measure_on_one() {
		rm -f "$results"
		run taskset -c "$first" "$regrow" run --workload "$steps" \
			--rounds 1 --results "$results" "$@"
	}
	measure_on_one --alloc null --cpus "$last"
	ends_with 2
	complains "CPU $last is outside the set that this process may use ($first)"
	proves "a CPU outside the cpuset is refused"

	measure_on_one --alloc null
	ends_with 0
	complains "no CPU is left over for the driver"
	records "\"placement\":{\"cpus\":\[$first\],"
	measure_on_one --alloc null --workload "$steps:threads=2"
	ends_with 0
	complains "2 threads share CPU $first"
	records '"shared":true'
	proves "a single CPU is enough, and what shares it is said"
else
	skips "a CPU outside the cpuset is refused" "there is one CPU, or no taskset"
	skips "a single CPU is enough, and what shares it is said" \
		"there is one CPU, or no taskset"
fi

measure --alloc null --cpus "$first"
ends_with 0
records "\"placement\":{\"cpus\":\[$first\],"
records_times $samples "\"cpu_start\":$first,\"cpu_end\":$first,"
proves "--cpus is where the samples run"

# hwloc finds no topology, as in some containers.
export HWLOC_COMPONENTS=stop
measure --alloc null
ends_with 0
complains "nothing is bound: hwloc cannot load the topology"
records '"placement":{"cpus":\[-1\],"driver_cpu":-1,.*"nodes":\[\],'
records '"note":"nothing is bound: hwloc cannot load the topology'
records_times $samples '"outcome":"ok".*"valid":true'
proves "without a topology it measures unbound, and says so"

measure --alloc null --cpus "$first"
ends_with 2
complains "leave out --cpus"
holds "no file was made" test ! -e "$results"
proves "without a topology --cpus is refused, not passed over"
unset HWLOC_COMPONENTS

HWLOC_SYNTHETIC='node:2 core:4 pu:2'
export HWLOC_SYNTHETIC
measure --alloc null
ends_with 0
complains "unset HWLOC_XMLFILE, HWLOC_SYNTHETIC and HWLOC_FSROOT"
records '"placement":{"cpus":\[-1\],'
unset HWLOC_SYNTHETIC
proves "a topology of another machine is not used"

if can_mount; then
	rm -f "$results"
	# shellcheck disable=SC2016 # these are the inner shell's
	run_mounting sh -c 'mount -t tmpfs none /sys || exit 99
		exec "$1" run --alloc null --workload "$2" --rounds 1 --results "$3"' \
		sh "$regrow" "$steps" "$results"
fi
if can_mount && [ "$status" -ne 99 ]; then
	ends_with 0
	records '^{"type":"end"'
	records_times $samples '"outcome":"ok".*"valid":true'
	proves "without /sys it measures"
else
	skips "without /sys it measures" "nothing can be mounted here"
fi

# Counters that are not there have a reason, and the run goes on.
tracepoints=mmap:vm_unmapped_area,syscalls:sys_enter_mremap
measure --alloc null --counters "page-faults,cycles:u,$tracepoints"
ends_with 0
for counter in page-faults cycles:u $(echo $tracepoints | tr , ' '); do
	grep -q "{\"name\":\"$counter\",\"tracepoint\":[a-z]*}" "$results" ||
		records "{\"name\":\"$counter\",\"tracepoint\":[a-z]*,\"missing\":\"[^\"]\{10,\}\"}"
done
proves "a counter is counted, or its reason is kept"

# shellcheck disable=SC2016 # this is the inner shell's
hidden='for d in /sys/kernel/tracing /sys/kernel/debug; do
	[ ! -d $d ] || mount -t tmpfs none $d || exit 99
done'
if can_mount; then
	rm -f "$results"
	# shellcheck disable=SC2016 # these are the inner shell's
	run_mounting sh -c "$hidden"'
		exec "$1" run --alloc null --workload "$2" --rounds 1 \
			--counters "page-faults,$4" --results "$3"' \
		sh "$regrow" "$steps" "$results" "$tracepoints"
fi
if can_mount && [ "$status" -ne 99 ]; then
	ends_with 0
	records '"name":"mmap:vm_unmapped_area","tracepoint":true,"missing":"no tracefs is mounted: as root, mount -t tracefs'
	prints "no tracefs is mounted"
	records_times $samples '"outcome":"ok".*"valid":true'
	proves "without tracefs it measures, and says how to mount it"
else
	skips "without tracefs it measures, and says how to mount it" \
		"nothing can be mounted here"
fi

paranoid=$(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null || echo 0)
if can_lack_rights && [ "$paranoid" -ge 2 ]; then
	rm -f "$results"
	run_without_rights "$regrow" run --alloc null --workload "$steps" \
		--rounds 1 --counters page-faults:u,page-faults:k \
		--results "$results"
fi
if can_lack_rights && [ "$paranoid" -ge 2 ] &&
	grep -q '{"name":"page-faults:u","tracepoint":false}' "$results"; then
	ends_with 0
	records '{"name":"page-faults:k","tracepoint":false,"missing":"perf_event_paranoid is'
	prints "perf_event_paranoid"
	proves "perf_event_paranoid is named where it forbids a counter"
else
	skips "perf_event_paranoid is named where it forbids a counter" \
		"it is below 2, or not what forbids it here"
fi

# Limits.
if sanitized; then
	skips "a growth beyond RLIMIT_AS is a recorded outcome" \
		"a sanitizer's shadow memory does not fit a limit"
	skips "an RLIMIT_AS that is too small for a sample is said" \
		"a sanitizer's shadow memory does not fit a limit"
else
	rm -f "$results"
	# 32 MiB of blocks fit beside the program, 64 and 128 do not.
	# shellcheck disable=SC2016 # these are the inner shell's
	run sh -c 'ulimit -v 122880 && exec "$0" run --alloc mremap-maymove \
		--workload "$1:growths=15" --rounds 1 --results "$2"' \
		"$regrow" "$steps" "$results"
	ends_with 0
	records '"outcome":"ok".*"failed":[1-9][0-9]*},.*"failed_calls":{"ENOMEM":'
	records '"verified":{"words":[1-9][0-9]*,"wrong":0}'
	records '^{"type":"end","status":"done"'
	prints "failed"
	proves "a growth beyond RLIMIT_AS is a recorded outcome"

	rm -f "$results"
	# shellcheck disable=SC2016 # these are the inner shell's
	run sh -c 'ulimit -v 122880 && exec "$0" run --alloc null \
		--workload "$1:growths=15" --rounds 1 --results "$2"' \
		"$regrow" "$steps" "$results"
	ends_with 0
	complains "null on"
	complains "Cannot allocate memory"
	records '"outcome":"failed".*"error":"ENOMEM"'
	proves "an RLIMIT_AS that is too small for a sample is said"
fi

if can_lack_rights && command -v prlimit >/dev/null; then
	# Looking for leaks takes a process.
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
	export ASAN_OPTIONS
	rm -f "$results"
	run_without_rights prlimit --nproc=1 "$regrow" run --alloc null \
		--workload "$steps" --rounds 1 --results "$results"
	ends_with 4
	complains "RLIMIT_NPROC"
	prints_nothing
	proves "an RLIMIT_NPROC that allows no process is named"

	rm -f "$results"
	run_without_rights prlimit --nproc=2 "$regrow" run --alloc null \
		--workload "$steps:threads=2" --rounds 1 --results "$results"
	ends_with 4
	complains "Resource temporarily unavailable"
	proves "an RLIMIT_NPROC that allows no thread fails the samples, with 4"

	rm -f "$results"
	# shellcheck disable=SC2086 # these are words
	$as_stranger sleep 60 &
	beside=$!
	run_without_rights prlimit --nproc=2 "$regrow" run --alloc null \
		--workload "$steps" --rounds 1 --results "$results"
	kill "$beside"
	ends_with 4
	complains "no process can be started"
	complains "RLIMIT_NPROC"
	complains_not_of "seccomp"
	holds "no file was made" test ! -e "$results"
	proves "an RLIMIT_NPROC that others use up is no property of the system"
else
	skips "an RLIMIT_NPROC that allows no process is named" \
		"root has no such limit, and cannot become another user here"
	skips "an RLIMIT_NPROC that allows no thread fails the samples, with 4" \
		"root has no such limit, and cannot become another user here"
	skips "an RLIMIT_NPROC that others use up is no property of the system" \
		"root has no such limit, and cannot become another user here"
fi

setting=/sys/kernel/mm/transparent_hugepage/enabled
if [ -r "$setting" ] && ! grep -qF '[always]' "$setting"; then
	measure --alloc null --thp always
	ends_with 4
	complains "nothing of this can run here: THP is '"
	complains_not_of "has been left out"
	prints_nothing
	records '"skipped":"THP is '
	proves "where nothing can run it says why"
else
	skips "where nothing can run it says why" "each THP mode can run here"
fi

measure --alloc null --workload "$steps:threads=1000"
ends_with 2
complains "1000 threads: at least 1, at most 64"
proves "more threads than can be are refused"

run env -i "$regrow" run --alloc null --workload "$steps" --rounds 1 --quiet \
	--results "$scratch/bare.jsonl"
ends_with 0
complains_not
proves "an empty environment is enough"

ends
