# shellcheck shell=sh
# tap.sh - what the shell tests share: a folder to work in, claims, TAP lines.
#
# Sourced. A test runs a command, makes claims about how it ended, and names
# what they prove:
#
#	run "$regrow" run --alloc mremap-maymov
#	ends_with 2
#	complains "did you mean 'mremap-maymove'"
#	proves "an unknown allocator is answered with the nearest one"
# shellcheck disable=SC2034 # what is set here is used there
set -u
# Commands print what they print where nobody has set anything.
unset NO_COLOR HWLOC_XMLFILE HWLOC_SYNTHETIC HWLOC_FSROOT HWLOC_COMPONENTS
cd "$(dirname "$0")/../.." || exit 1
root=$(pwd)
build=$(cd "${BUILD:-build}" && pwd) || exit 1
regrow=$build/regrow
plugins=$build/tests/plugins
steps=$plugins/steps.so
faulty=$plugins/faulty.so
scratch=$(mktemp -d) || exit 1
# A user without rights is to read and write there, too.
chmod 1777 "$scratch"
trap 'rm -rf "$scratch"' EXIT
tap_number=0
tap_failed=0
tap_problems=

# Runs a command to its end; what it prints is kept in $out and $err.
out=$scratch/out
err=$scratch/err
run() {
	timeout -k 5 "${RUN_TIMEOUT:-100}" "$@" >"$out" 2>"$err" </dev/null
	status=$?
}

# What is measured beside the rows, in each group: the reference before the
# first round; in each round reference, twin, two planted effects, floor.
pilot_samples=6
standard_cells=5

# The lines before the first round of a run with one group: the run, the
# calibration, the pilot.
first_lines=$((2 + pilot_samples))

# regrow run, as small as can be: one round of known work, into $results.
results=$scratch/results.jsonl
measure() {
	rm -f "$results"
	run "$regrow" run --workload "$steps" --rounds 1 --results "$results" "$@"
}

problem() {
	tap_problems="$tap_problems
# $1"
}

ends_with() {
	[ "$status" -eq "$1" ] || problem "exit status $status, not $1"
}

complains() {
	grep -qF -- "$1" "$err" || problem "stderr lacks: $1"
}

prints() {
	grep -qF -- "$1" "$out" || problem "stdout lacks: $1"
}

prints_not() {
	! grep -qF -- "$1" "$out" || problem "stdout has: $1"
}

prints_nothing() {
	[ ! -s "$out" ] || problem "stdout is not empty"
}

complains_not_of() {
	! grep -qF -- "$1" "$err" || problem "stderr has: $1"
}

complains_not() {
	[ ! -s "$err" ] || problem "stderr is not empty"
}

# A basic regular expression on the lines of the results file.
records() {
	grep -q -- "$1" "$results" || problem "the results file lacks: $1"
}

records_not() {
	! grep -q -- "$1" "$results" || problem "the results file has: $1"
}

# records_times N PATTERN: on so many lines.
records_times() {
	times=$(grep -c -- "$2" "$results")
	[ "$times" -eq "$1" ] ||
		problem "$times lines of the results file, not $1, have: $2"
}

# Any other claim: holds "what it means" command...
holds() {
	claim=$1
	shift
	"$@" >/dev/null 2>&1 || problem "not so: $claim"
}

proves() {
	tap_number=$((tap_number + 1))
	if [ -z "$tap_problems" ]; then
		echo "ok $tap_number - $1"
		return
	fi
	tap_failed=1
	echo "not ok $tap_number - $1$tap_problems"
	sed 's/^/# stdout: /' "$out" | head -n 20
	sed 's/^/# stderr: /' "$err" | head -n 20
	tap_problems=
}

skips() {
	tap_number=$((tap_number + 1))
	tap_problems=
	echo "ok $tap_number - $1 # SKIP $2"
}

ends() {
	echo "1..$tap_number"
	exit "$tap_failed"
}

# The sanitizers' shadow memory needs the address space that a limit takes.
sanitized() {
	[ -n "${SANITIZE:-}" ]
}

# For a test that looks at valid samples: these have exact numbers of faults.
needs_exact_faults() {
	case ${SANITIZE:-} in
	*thread*)
		echo "the thread sanitizer's shadow memory adds page faults"
		exit 77
		;;
	esac
}

is_json() {
	if command -v jq >/dev/null; then
		jq -e . <"$1"
	else
		python3 -c 'import json, sys; json.load(sys.stdin)' <"$1"
	fi
}

can_read_json() {
	command -v jq >/dev/null || python3 -c 'import json' 2>/dev/null
}

# Root's limits and rights are none: what is to be refused runs as a user of this
# test's own. As nobody it would share RLIMIT_NPROC with the tests beside it.
stranger=$((20000 + $$ % 40000))
as_stranger=
if [ "$(id -u)" -eq 0 ]; then
	as_stranger="setpriv --reuid=$stranger --regid=$stranger --clear-groups
		--inh-caps=-all --bounding-set=-all"
fi

can_lack_rights() {
	# shellcheck disable=SC2086 # these are words
	$as_stranger test -x "$regrow" -a -r "$steps" 2>/dev/null
}

run_without_rights() {
	# shellcheck disable=SC2086 # these are words
	run $as_stranger "$@"
}

# Mounts of a command's own, which are gone with it.
if unshare -m true 2>/dev/null; then
	mounting=-m
elif unshare -rm true 2>/dev/null; then
	mounting=-rm
else
	mounting=
fi

can_mount() {
	[ -n "$mounting" ]
}

run_mounting() {
	run unshare "$mounting" "$@"
}
