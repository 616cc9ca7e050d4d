#!/bin/sh
# test_cli_results - results files that cannot be written, and that are no good.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# unwritable FILE: a run that cannot keep its results there.
unwritable() {
	run "$regrow" run --alloc null --workload "$steps" --rounds 1 \
		--results "$1"
	ends_with 5
	complains "$1"
	prints_nothing
}

# The same, and it was known before the first sample.
unwritable_at_once() {
	unwritable "$1"
	complains_not_of "pilot done"
}

unwritable_at_once "$scratch/nowhere/x.jsonl"
complains "make the directory first"
mkdir "$scratch/bare"
cd "$scratch/bare" || exit 1
run "$regrow" run --alloc null --workload "$steps" --rounds 1
ends_with 5
complains "results/"
complains "make the directory first"
cd "$root" || exit 1
proves "a directory that is missing is named, with what to do"

: >"$scratch/file"
unwritable_at_once "$scratch/file/x.jsonl"
complains "Not a directory"
unwritable_at_once "$scratch/bare"
complains "Is a directory"
unwritable /proc/x.jsonl
unwritable_at_once ''
unwritable_at_once "$scratch/$(printf '%300s' '' | tr ' ' x)"
complains "too long"
proves "a path that cannot be made a file is named"

if can_lack_rights; then
	mkdir -m 555 "$scratch/ours"
	run_without_rights "$regrow" run --alloc null --workload "$steps" \
		--rounds 1 --results "$scratch/ours/x.jsonl"
	ends_with 5
	complains "Permission denied"
	complains "--results"
	proves "a directory that is not ours to write in is named"
else
	skips "a directory that is not ours to write in is named" \
		"root may write everywhere, and cannot become another user here"
fi

echo kept >"$scratch/kept"
unwritable_at_once "$scratch/kept"
complains "File exists"
complains "name another file"
holds "it is as it was" test "$(cat "$scratch/kept")" = kept
proves "a file that exists is never written over"

measure --alloc null --quiet
ends_with 0
good=$scratch/good.jsonl
cp "$results" "$good"

unwritable /dev/full
complains "No space left on device"
holds "one message is enough" test "$(grep -vc 'pilot done' "$err")" -eq 1
proves "a full disk is said, and ends with 5"

# full COMMAND...: a run that soon has no room for its lines, in $results.
full() {
	ends_with 5
	complains "cannot write to"
	complains "stays readable"
	run "$regrow" export "$results"
	ends_with 0
	holds "there are samples" test "$(wc -l <"$out")" -gt 1
	run "$regrow" show "$results"
	ends_with 0
	prints "interrupted"
	holds "the last line is whole" \
		test "$(tail -c 1 "$results" | od -An -c | tr -d ' ')" = '\n'
	records_not '^{"type":"end"'
}

if can_mount; then
	# Room for the lines before a round, and for two or three samples.
	size=$(($(head -n $first_lines "$good" | wc -c) / 1024 + 16))k
	rm -f "$results"
	# shellcheck disable=SC2016 # these are the inner shell's
	run_mounting sh -c 'mkdir -p "$2" && mount -t tmpfs -o size=$1 none "$2" ||
		exit 99
		"$4" run --alloc null --workload "$5" --rounds 50 \
			--results "$2/x.jsonl"
		status=$?
		cp "$2/x.jsonl" "$3"
		exit $status' sh "$size" "$scratch/small" "$results" "$regrow" "$steps"
fi
if can_mount && [ "$status" -ne 99 ]; then
	complains "No space left on device"
	full
	proves "a disk that fills up keeps what was measured until then"
else
	skips "a disk that fills up keeps what was measured until then" \
		"nothing can be mounted here"
fi

if sanitized; then
	skips "so does a limit on the size of files" \
		"the sanitizers' own files are limited, too"
else
	rm -f "$results"
	blocks=$(($(head -n $first_lines "$good" | wc -c) / 512 + 400))
	# shellcheck disable=SC3045 # dash and bash both have it
	run sh -c "ulimit -f $blocks && exec \"\$0\" run --alloc null \
		--workload \"\$1\" --rounds 100 --results \"\$2\"" \
		"$regrow" "$steps" "$results"
	complains "File too large"
	full
	proves "so does a limit on the size of files"
fi

# Results on a pipe are somebody else's to read.
"$regrow" run --alloc null --workload "$steps" --rounds 1 --quiet \
	--results /dev/stdout 2>"$err" | tail -n 1 >"$out"
status=0
prints '{"type":"end"'
complains_not
proves "results can go to a pipe, and nothing else goes there"

# Files to be read. Each reader says the same.
# unreadable WHY: $bad is refused by each command.
bad=$scratch/bad.jsonl
unreadable() {
	for command in show plot export; do
		run "$regrow" $command "$bad"
		ends_with 5
		complains "$bad"
		complains "$1"
		prints_nothing
	done
}

unreadable "No such file"
bad=$scratch/bare
unreadable "Is a directory"
bad=/dev/null
unreadable "it is empty"
bad=$scratch/bad.jsonl
: >"$bad"
unreadable "it is empty"
proves "a file that is missing, a directory or empty is named by each command"

echo 'This is a letter.' >"$bad"
unreadable "not a results file of regrow"
head -c 5000 "$regrow" >"$bad"
unreadable "not a results file of regrow"
for line in '{}' '[]' '1' '{"type":"run"}' '{"type":"sample"}' \
	'{"type":"run","format":"1"}' '{"type":"run","format":-1}'; do
	echo "$line" >"$bad"
	unreadable "$bad"
done
sed 1d "$good" >"$bad"
unreadable "'type' is not 'run'"
bad=/dev/zero
unreadable "line 1"
bad=$scratch/bad.jsonl
proves "a file that is not ours is refused by each command"

sed '1s/"format":2,/"format":3,/' "$good" >"$bad"
unreadable "a later format"
complains "use a later regrow"
proves "a file of a later version is refused, with what to do"

head -c 1500 "$good" >"$bad"
unreadable "not a results file of regrow"
proves "a file that was cut within its first line is refused"

within=$((first_lines + 3))
cut=$((($(wc -c <"$good") + $(head -n $within "$good" | wc -c)) / 2))
head -c $cut "$good" >"$bad"
run "$regrow" show "$bad"
ends_with 0
prints "copy-realloc"
prints "torn"
run "$regrow" export "$bad"
ends_with 0
holds "the whole lines are there" test "$(wc -l <"$out")" -gt 1
run "$regrow" plot "$bad" -o "$scratch/figures"
ends_with 0
proves "a file that was cut later is read up to the cut, which is said"

grep -v '^{"type":"end"' "$good" >"$bad"
run "$regrow" show "$bad"
ends_with 0
prints "interrupted"
proves "a file without an end line is an interrupted run"

for lines in 1 2 $first_lines; do
	head -n "$lines" "$good" >"$bad"
	run "$regrow" show "$bad"
	ends_with 0
	run "$regrow" export "$bad"
	ends_with 0
	run "$regrow" plot "$bad" -o "$scratch/nothing$lines"
	ends_with 0
done
proves "a run that was interrupted before its first round can be read"

for line in 4 $((first_lines + 2)); do
	sed "${line}s/.*/{\"type\":\"sample\",\"sequence\":/" "$good" >"$bad"
	run "$regrow" export "$bad"
	ends_with 5
	complains "line $line"
done
proves "a line that is damaged within the file is named by its number"

{
	sed '1s/"type":"run",/"type":"run","news":[1,{"a":2}],/' "$good" |
		sed 's/"type":"sample",/"type":"sample","news":null,/'
	echo '{"type":"from-tomorrow"}'
} >"$bad"
run "$regrow" export "$bad"
ends_with 0
cp "$out" "$scratch/export"
run "$regrow" export "$good"
holds "they say the same" sh -c "cut -d , -f 2- '$out' >'$out.a' &&
	cut -d , -f 2- '$scratch/export' | cmp - '$out.a'"
proves "fields and lines of a later time are passed over"

run "$regrow" export "$good" "$scratch/nowhere.jsonl"
ends_with 5
complains nowhere.jsonl
prints_nothing
proves "one bad file among good ones ends with 5 and writes nothing"

sed '1s/"seed":1/"seed":2/' "$good" >"$scratch/other-seed.jsonl"
run "$regrow" show --plan "$good" "$good"
ends_with 0
run "$regrow" show --plan "$good" "$scratch/other-seed.jsonl"
ends_with 1
complains "is of another plan than"
prints_nothing
run "$regrow" show --plan "$scratch/nowhere.jsonl" "$good"
ends_with 5
complains nowhere.jsonl
proves "results of another plan or seed than that of a file can be refused"

"$regrow" show "$good" >/dev/full 2>"$err"
status=$?
ends_with 5
"$regrow" export "$good" >/dev/full 2>"$err"
status=$?
ends_with 5
complains "No space left on device"
mkdir "$scratch/block"
: >"$scratch/block/figures"
run "$regrow" plot "$good" -o "$scratch/block/figures"
ends_with 5
complains "$scratch/block/figures"
run "$regrow" plot "$good" -o /proc/figures
ends_with 5
proves "a table, an export or figures that cannot be written end with 5"

ends
