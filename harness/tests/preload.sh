# shellcheck shell=sh disable=SC2154
# preload.sh - what the tests of the preload library share.
#
# Sourced behind tap.sh.
library=$build/libregrow-preload.so
stats=$scratch/stats
unset REGROW_TRACE REGROW_TRACE_FROM

needs_preload() {
	if sanitized; then
		echo "a sanitizer has a malloc of its own, and must be loaded first"
		exit 77
	fi
}

# on ALLOCATOR FROM COMMAND...: runs it on the library; $stats is new. Where the
# allocator wants variables of its own in the environment, it gets them.
on() {
	on_allocator=$1 on_from=$2
	shift 2
	rm -f "$stats"
	run env LD_PRELOAD="$library" REGROW_ALLOC="$on_allocator" \
		REGROW_FROM="$on_from" REGROW_STATS="$stats" "$@"
	on_tries=0
	while [ "$on_tries" -lt 8 ] && grep -q ' needs .* in the program' "$err"; do
		on_variable=$(sed -n "s/.* needs \(.*\) in the program's.*/\1/p" "$err")
		set -- "$on_variable" "$@"
		run env LD_PRELOAD="$library" REGROW_ALLOC="$on_allocator" \
			REGROW_FROM="$on_from" REGROW_STATS="$stats" "$@"
		on_tries=$((on_tries + 1))
	done
}

# The sum of a field over all lines.
counts() {
	grep -o "\"$1\":[0-9]*" "$stats" | awk -F : '{ sum += $2 } END { print sum + 0 }'
}

# Why an allocator cannot be run on here, which is no fault of the library.
cannot_run() {
	[ "$status" -eq 2 ] && grep -qE "cannot run here|LD_PRELOAD=" "$err"
}

# What is registered; asked once, since it tries what this machine can do.
list() {
	[ -s "$scratch/list" ] || "$regrow" list >"$scratch/list"
	cat "$scratch/list"
}

# Those that keep contents.
allocators() {
	list | sed -n '/^Allocators/,/^$/s/^  \([^ ]*\).*/\1/p' |
		grep -vx null
}

# An allocator with its thresholds and first classes low enough for small work.
low_thresholds() {
	low=$1
	for option in $(list | awk -v name="$1" '
		/^  [^ ]/ { here = $1 == name }
		here && /^      (threshold|first)=/ { sub(/=.*/, ""); print $1 }'); do
		low=$low:$option=64K
	done
	echo "$low"
}
