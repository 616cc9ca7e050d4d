#!/bin/sh
# test_preload_trace - what a program asks of malloc is recorded, and a replay
# of it does to an allocator what the program did.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=harness/tests/preload.sh
. "$(dirname "$0")/preload.sh"
needs_preload
command -v zstd >/dev/null 2>&1 || {
	echo "no zstd to read traces with"
	exit 77
}
preloaded=$build/tests/preloaded
trace=$scratch/mine.trace.zst
lines=$scratch/lines

# recording ALLOCATOR TRACE_FROM COMMAND...
recording() {
	recording_allocator=$1 recording_from=$2
	shift 2
	rm -f "$stats"
	run env LD_PRELOAD="$library" REGROW_ALLOC="$recording_allocator" \
		REGROW_STATS="$stats" REGROW_TRACE="$trace" \
		REGROW_TRACE_FROM="$recording_from" "$@"
}

# The trace as lines, or what is wrong with it. What zstd says of a cut frame is
# not asked.
reads() {
	zstd -dcq "${1:-$trace}" 2>/dev/null | "$build/tests/trace_lines" \
		>"$lines" 2>"$scratch/wrong" ||
		problem "no trace: $(cat "$scratch/wrong")"
}

# The events, and how it ends, without the time.
events() {
	sed '1,2d; s/ ms=.*//' "$lines"
}

is_whole() {
	reads "$@"
	holds "the trace has its end" grep -q '^end' "$lines"
}

sound() {
	run "$regrow" run --alloc copy-realloc --workload replay --dry-run \
		--set "replay.trace=$trace" "$@"
	ends_with 0
}

cat >"$scratch/expected" <<'END'
alloc thread=0 block=0 200000
alloc thread=0 block=1 300000
alloc thread=0 block=2 150000
resize thread=0 block=0 500000
free thread=0 block=0
aligned thread=0 block=0 140000 by 4096
alloc thread=1 block=3 210000
free thread=1 block=3
free thread=0 block=1
resize thread=0 block=0 160000
aligned thread=0 block=1 143360 by 4096
free thread=0 block=0
alloc thread=0 block=0 190000
end 13
END
for allocator in none mremap-maymove exponential; do
	recording "$allocator" 128K "$preloaded" events
	ends_with 0
	complains_not
	reads
	events >"$scratch/events"
	holds "the events of $allocator are those of the program" \
		cmp "$scratch/events" "$scratch/expected"
	served=$allocator
	[ "$served" != none ] || served=
	holds "the head of $allocator" grep -q \
		"^from=131072 floor=131072 allocator=$served" "$lines"
	holds "the command" grep -qx "command=$preloaded events" "$lines"
	# 20 ms it slept; a minute is no time for it.
	holds "the time" test "$(sed -n 's/.* ms=//p' "$lines")" -ge 20 \
		-a "$(sed -n 's/.* ms=//p' "$lines")" -lt 60000
done
sound
proves "each call is an event of the trace, whoever serves it"

recording mremap-maymove 0 "$preloaded" calls threads forks spawn
ends_with 0
is_whole
holds "small blocks, too" grep -q '^alloc thread=0 block=[0-9]* [1-9]$' "$lines"
holds "several threads" grep -q 'thread=[2-9]' "$lines"
holds "the floor" grep -q '^from=131072 floor=0 ' "$lines"
sound
recording none 1M "$preloaded" calls threads
ends_with 0
is_whole
holds "none is smaller" test -z "$(events | awk '
	/^alloc|^resize|^aligned/ && $4 < 1048576')"
holds "from is not below the floor" grep -q '^from=1048576 floor=1048576 ' "$lines"
proves "blocks from REGROW_TRACE_FROM on are recorded, under threads and forks"

recording mremap-maymove 1 "$preloaded" pairs kill
[ "$status" -eq 137 ] || problem "exit status $status, not 137"
reads
holds "most of it is there" test "$(sed -n 's/^torn \([0-9]*\) .*/\1/p' "$lines")" -gt 50000
sound --set replay.torn=yes --set replay.from=1
recording none 128K "$preloaded" wait events kill
reads
holds "what is a second old is there" grep -q '^torn 1 ' "$lines"
proves "a program that is killed leaves a trace up to its last whole frame"

recording mremap-maymove 128K "$preloaded" exit
ends_with 0
complains_not
is_whole
holds "the parent's events alone" [ "$(events | xargs)" = "alloc thread=0 \
block=0 200000 alloc thread=0 block=1 300000 resize thread=0 block=0 400000 \
free thread=0 block=1 end 4" ]
mkdir "$scratch/pids"
trace=$scratch/pids/%p.trace.zst recording mremap-maymove 128K "$preloaded" exit
ends_with 0
complains_not
cat "$stats" >"$scratch/both"
for forked in true false; do
	pid=$(sed -n "s/.*\"pid\":\([0-9]*\),\"forked\":$forked.*/\1/p" "$scratch/both")
	is_whole "$scratch/pids/$pid.trace.zst"
	events | tail -n 1 >>"$scratch/ends"
done
holds "each has its own" [ "$(xargs <"$scratch/ends")" = "end 1 end 4" ]
proves "a forked child records nothing, or its own where %p is in the name"

recording none 1 bash -c '/bin/true; exit 0'
ends_with 0
complains "another process is writing its trace there (%p in the name"
holds "it is said once" [ "$(wc -l <"$err")" -eq 1 ]
is_whole
holds "it is the first one's" grep -q '^command=bash' "$lines"
proves "a program does not write into the trace of who started it"

recording none 1 "$preloaded" closing
ends_with 0
complains_not
is_whole
recording none 1 bash -c "exec 512>&-; rm '$trace'; exit 0"
ends_with 0
complains "the program closed it"
proves "a program may close what it did not open"

goes_on() {
	ends_with 0
	prints ran
	complains "$1"
	holds "it is said once" [ "$(wc -l <"$err")" -eq 1 ]
}
trace=/dev/full recording none 1 bash -c 'echo ran'
goes_on "/dev/full: No space left on device; nothing more is recorded"
trace=$scratch/none/trace recording none 1 bash -c 'echo ran'
goes_on "$scratch/none/trace: No such file or directory; nothing more"
trace_small=$scratch/small.%p
(ulimit -f 8 && exec env LD_PRELOAD="$library" REGROW_ALLOC=none \
	REGROW_TRACE="$trace_small" REGROW_TRACE_FROM=1 \
	"$preloaded" pairs 2>"$err") || problem "the program ended otherwise"
complains "File too large; nothing more is recorded"
for file in "$scratch"/small.*; do
	reads "$file"
	holds "it is torn" grep -q '^torn' "$lines"
	holds "nothing is cut: $file" zstd -tq "$file"
done
proves "what goes wrong is said once, and the program goes on"

refused() {
	ends_with 2
	complains "regrow-preload: $1"
	holds "the program did not run" [ ! -s "$out" ]
}
trace=- recording none 1 echo ran
refused "REGROW_TRACE=-: a trace needs a file"
trace=$scratch/%d recording none 1 echo ran
refused "REGROW_TRACE=$scratch/%d: only p"
recording none many echo ran
refused "REGROW_TRACE_FROM=many is not a size"
recording mremap-maymove 1M echo ran
refused "REGROW_TRACE_FROM=1M: above REGROW_FROM"
proves "a program does not start on what cannot be understood"

# The counts of growths, of a line of the statistics or the results. Whether a
# block can grow where it is depends on what else is mapped.
growth_counts() {
	sed 's/.*"outcomes"/"outcomes"/; s/[{}]/,/g' | tr , '\n' | awk -F : '
		$1 ~ /^"(slack|in_place|moved|copied|failed|bytes_copied)"$/ &&
			!($1 in count) { count[$1] = $2 }
		END {
			print "slack", count["\"slack\""],
			      "remapped", count["\"in_place\""] + count["\"moved\""],
			      "copied", count["\"copied\""],
			      "failed", count["\"failed\""],
			      "bytes", count["\"bytes_copied\""]
		}'
}
replayed() {
	grep "\"type\":\"sample\".*\"pass\":\"$1\",\"cell\":$2," "$results" |
		growth_counts
}
proof="a replay counts the growths and copied bytes that the program's did"
if command -v perl >/dev/null; then
	export PERL_HASH_SEED=0
	for allocator in copy-realloc exponential:first=256K mremap-maymove; do
		# shellcheck disable=SC2016 # Perl's
		recording "$allocator" 128K perl -e '
			for my $i (1 .. 60000) {
				$by{$i % 4} .= sprintf("%08x ", $i) x 4;
				push @all, $i;
			}
			print length join "", values %by;'
		ends_with 0
		complains_not
		is_whole
		growth_counts <"$stats" >"$scratch/counts.$allocator"
		holds "there were some" [ "$(events | grep -c resize)" -gt 30 ]
	done
	run "$regrow" run --workload replay --rounds 1 --results "$results" \
		--set "replay.trace=$trace" \
		--alloc copy-realloc,exponential:first=256K,mremap-maymove
	ends_with 0
	# Cells: the reference, four beside it, and the others.
	cell=0
	for allocator in copy-realloc exponential:first=256K mremap-maymove; do
		for pass in checking timing; do
			holds "$pass of $allocator: $(replayed $pass $cell) is $(cat \
				"$scratch/counts.$allocator")" \
				[ "$(replayed $pass $cell)" = "$(cat "$scratch/counts.$allocator")" ]
		done
		cell=$((cell == 0 ? 5 : cell + 1))
	done
	proves "$proof"
else
	skips "$proof" "no perl"
fi
ends
