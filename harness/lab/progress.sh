# shellcheck shell=bash
# progress.sh - says after each job of GNU parallel how many are left, and for how
# long. Sourced by what runs it; the function is for its jobs' shells.
#
#	progress_begin kernels 10 boots
#	parallel ... progress_ended '{1}' ...
#
# QUIET=1 says nothing.

# progress_begin PROGRAM COUNT THINGS: the jobs that are to come.
progress_begin() {
	export progress_program=$1 progress_count=$2 progress_things=$3
	export progress_began=$EPOCHSECONDS progress_list
	progress_list=$(mktemp)
	export -f progress_ended
	# Jobs are told by their shell what the function is.
	export PARALLEL_SHELL=$BASH
}

progress_end() {
	rm -f "${progress_list:-}"
}

# progress_ended NAME SECONDS: a job, which took that long. What takes no second
# was there already, mostly, and says nothing of the others.
progress_ended() {
	local ended measured left=

	[ -z "${QUIET:-}" ] || return 0
	# A line in one piece: jobs end at once.
	printf '%d %s\n' "$2" "$1" >>"$progress_list"
	ended=$(wc -l <"$progress_list")
	measured=$(grep -vc '^0 ' "$progress_list" || :)
	if [ "$ended" -lt "$progress_count" ] && [ "$measured" -gt 0 ]; then
		left=$(((EPOCHSECONDS - progress_began) * (progress_count - ended) / measured))
		if [ $left -ge 120 ]; then
			left=", about $((left / 60)) min left"
		else
			left=", about $left s left"
		fi
	fi
	printf '%s: %d of %d %s: %s, %d s%s\n' "$progress_program" "$ended" \
		"$progress_count" "$progress_things" "$1" "$2" "$left" >&2
}
