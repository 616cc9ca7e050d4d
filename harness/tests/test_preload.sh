#!/bin/sh
# test_preload - programs run on an allocator by LD_PRELOAD: all of malloc(3),
# under every allocator, and what the library says and refuses.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=harness/tests/preload.sh
. "$(dirname "$0")/preload.sh"
needs_preload
preloaded=$build/tests/preloaded

# all_right NAME: the program found nothing wrong, and the counts add up.
all_right() {
	ends_with 0
	complains_not
	holds "blocks add up" [ "$(($(counts allocs) + $(counts entered)))" -eq \
		"$(($(counts frees) + $(counts left) + $(counts live_blocks)))" ]
	holds "blocks were served" [ "$(counts allocs)" -gt 0 ]
	proves "$1"
}

for allocator in $(allocators); do
	# Thresholds and classes low, so that it does what it is named after.
	spelling=$(low_thresholds "$allocator")
	on "$spelling" 64K "$preloaded" calls threads
	if cannot_run; then
		skips "malloc(3) is whole on $spelling" "$(head -n 1 "$err")"
		continue
	fi
	all_right "malloc(3) is whole, under threads, on $spelling"
	on "$spelling" 64K "$preloaded" forks spawn
	all_right "a program forks among its threads on $spelling"
done

on mremap-maymove 1 "$preloaded" calls threads
ends_with 0
complains_not
proves "every block can be served, from 1 byte on"

on mremap-maymove 64K "$preloaded" exit
ends_with 0
holds "two lines" [ "$(wc -l <"$stats")" -eq 2 ]
holds "the child counts from fork on" \
	grep -q '"forked":true.*"allocs":0,.*"frees":0,.*"live_blocks":2,' "$stats"
holds "the parent counts its own" \
	grep -q '"forked":false.*"allocs":2,.*"frees":1,.*"live_blocks":1,' "$stats"
proves "a forked child that exits leaves a line of its own"

on none 64K "$preloaded" calls
ends_with 0
holds "nothing is served" [ "$(counts allocs)" -eq 0 ]
holds "no allocator is named" test -z "$(grep -o '"allocator"' "$stats")"
proves "none serves nothing"

run "${CC:-cc}" -O2 -shared -fPIC -D_GNU_SOURCE -Iharness/include \
	-o "$scratch/mine.so" harness/docs/skeleton-allocator.c
on "$scratch/mine.so" 64K "$preloaded" calls threads
all_right "a plug-in is named by its path"

on 'exponential:over=[mremap-maymove]:first=64K' 64K "$preloaded" calls
ends_with 0
holds "classes have room" [ "$(counts slack)" -gt 0 ]
proves "options and wrapped allocators are taken"

refused() {
	ends_with 2
	complains "regrow-preload: $1"
	holds "the program did not run" [ ! -s "$out" ]
}
on mremap-maymov 64K echo ran
refused "REGROW_ALLOC: unknown allocator 'mremap-maymov': did you mean 'mremap-maymove'?"
on mremap-maymove:threshold=1x 64K echo ran
refused "REGROW_ALLOC: "
on null 64K echo ran
refused "REGROW_ALLOC: 'null' keeps no contents"
on mremap-maymove many echo ran
refused "REGROW_FROM=many is not a size"
on mremap-maymove 0 echo ran
refused "REGROW_FROM=0: from 1 on"
on mremap-maymove -1K echo ran
refused "REGROW_FROM=-1K is not a size"
stats=$scratch/none/stats on mremap-maymove 64K echo ran
refused "REGROW_STATS: cannot open $scratch/none/stats"
stats=$scratch/%d on mremap-maymove 64K echo ran
refused "REGROW_STATS=$scratch/%d: only p"
proves "a program does not start on what cannot be understood or done"

# bash, since dash ends by _exit(2), which leaves nothing.
on_many() {
	env LD_PRELOAD="$library" REGROW_ALLOC=mremap-maymove \
		REGROW_STATS="$1" bash -c "$2" 2>"$err"
}
rm -f "$stats"
on_many "$stats" '/bin/true; /bin/true; exit 0'
complains_not
holds "three lines" [ "$(wc -l <"$stats")" -eq 3 ]
holds "each names its program" grep -q '"program":"bash"' "$stats"
proves "all processes append to one file"

mkdir "$scratch/pids"
(cd "$scratch/pids" && on_many '50%%.%p' '/bin/true; cd /; exit 0')
complains_not
holds "a file each" \
	[ "$(find "$scratch/pids" -name '50%.[0-9]*' -size +0 | wc -l)" -eq 2 ]
proves "%p in the name is the process, and a relative name is from where it began"

on_many - 'exit 0'
complains '{"type":"preload"'
on_many - 'exec 2>&-; exit 0'
complains_not
on_many - "exec 2>'$scratch/other'; exit 0"
complains_not
holds "another file is not written to" [ ! -s "$scratch/other" ]
on_many - 'exit 0' 2>&-
proves "- is the standard error that the program began with, or nothing"

while read -r line; do
	printf '%s\n' "$line" >"$scratch/line"
	! can_read_json || holds "JSON: $line" is_json "$scratch/line"
done <"$stats"
proves "the lines are JSON"

interposed="aligned_alloc calloc free free_aligned_sized free_sized malloc"
interposed="$interposed malloc_usable_size memalign posix_memalign pvalloc"
interposed="$interposed realloc reallocarray valloc"
seen=$(nm -D --defined-only "$library" | sed 's/.* //' | sort | xargs)
holds "the functions of malloc(3): $seen" [ "$seen" = "$interposed" ]
holds "thread-local storage is static" \
	sh -c "readelf -d '$library' | grep -q STATIC_TLS"
proves "nothing else of the library is seen by a program"
ends
