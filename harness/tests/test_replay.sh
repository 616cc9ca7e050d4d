#!/bin/sh
# test_replay - traces on the command line: found, refused, and told apart.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

command -v zstd >/dev/null 2>&1 || {
	echo "no zstd to make files with"
	exit 77
}
traces=$root/workloads/traces
name=sqlite-concat
first=$traces/$name.trace.zst
second=$traces/perl-strings.trace.zst
if ! [ -e "$first" ] || ! [ -e "$second" ]; then
	echo "no traces are shipped"
	exit 77
fi
mine=$scratch/mine.trace.zst

# replay TRACE [OPTION...]: one round of it, on as little as can be.
replay() {
	trace=$1
	shift
	run "$regrow" run --alloc mremap-maymove --workload replay --rounds 1 \
		--set "replay.trace=$trace" --results "$results" "$@"
}

run "$regrow" list
ends_with 0
prints "trace="
prints "$name"
proves "the list names the traces that are shipped"

replay "$name" --dry-run --json
ends_with 0
prints "replay:trace=$name"
holds "the plan has the hash of its contents" \
	grep -qE '"contents": ?"[0-9a-f]{16}"' "$out"
proves "a shipped trace is planned by its name"

replay "x$name"
ends_with 5
complains "did you mean '$name'?"
proves "an unknown name is answered with the nearest one"

run "$regrow" run --alloc mremap-maymove --workload replay --dry-run
ends_with 2
complains "trace= is missing"
complains "regrow list"
proves "without a trace it says where there are some"

replay "$scratch/nowhere.trace.zst"
ends_with 5
complains "cannot be opened: No such file"
proves "a missing file is called so"

echo "this is no trace" >"$mine"
replay "$mine"
ends_with 5
complains "is no zstd file"
proves "a file that is not zstd is refused"

echo "this is no trace" | zstd -q -f -o "$mine"
replay "$mine"
ends_with 5
complains "it is no trace of regrow's"
proves "zstd of something else is refused"

size=$(wc -c <"$first")
head -c $((size - 1)) "$first" >"$mine"
replay "$mine"
ends_with 5
holds "it is said to be cut" grep -qE 'is cut|has no end' "$err"
proves "a truncated trace is refused"

head -c $((300 << 20)) /dev/zero | zstd -q -f -o "$mine"
replay "$mine"
ends_with 5
complains "holds more than 256 MiB"
proves "a file that grows beyond bounds is refused"

# Another program's trace, under the name of the first.
cp "$first" "$mine"
rm -f "$results"
replay "$mine"
ends_with 0
records '"contents": *"[0-9a-f]*"'
records_not '"valid": *false'
proves "a trace is replayed by its path, and what it held is recorded"
cp "$results" "$scratch/base.jsonl"
cp "$second" "$mine"
run "$regrow" run --resume "$results" --rounds 2
ends_with 5
complains "has other contents than when the plan was made"
proves "a run does not go on with another trace under the same name"
run "$regrow" run --plan "$scratch/base.jsonl" --rounds 1 --results "$scratch/other.jsonl"
ends_with 2
complains "has other contents than when the plan was made"
proves "a plan is not measured on another trace under the same name"
rm -f "$results"
replay "$mine"
ends_with 0
run "$regrow" compare "$scratch/base.jsonl" "$results"
holds "compare refuses" [ "$status" -ne 0 ]
holds "and says why" grep -q "the file that it names had other contents" "$err"
proves "runs of two traces under one name are not compared"

ends
