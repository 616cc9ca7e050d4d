#!/bin/sh
# test_cli - commands, their help, their exit statuses, and what they print.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

run "$regrow"
ends_with 2
complains "Usage: regrow COMMAND"
prints_nothing
proves "without a command the usage goes to stderr and the status is 2"

run "$regrow" --help
ends_with 0
prints "Examples:"
prints "Exit status:"
complains_not
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$out")
holds "there are commands" test -n "$commands"
for needed in list run show calibrate plot export; do
	holds "$needed is a command" sh -c "echo '$commands' | grep -qx $needed"
done
proves "--help lists the commands, has examples and the exit statuses"

for command in $commands; do
	run "$regrow" "$command" --help
	ends_with 0
	prints "Examples:"
	prints "regrow $command"
	complains_not
done
proves "each command's --help has examples and ends with 0"

run "$regrow" --version
ends_with 0
holds "it says which" grep -qE '^regrow [^ ]+$' "$out"
proves "--version prints the version"

run "$regrow" rnu
ends_with 2
complains "there is no command 'rnu'; did you mean 'run'?"
prints_nothing
proves "an unknown command is answered with the nearest one"

run "$regrow" frobnicate
ends_with 2
complains "see regrow --help"
proves "a command that is near none is answered with where they are listed"

for command in $commands; do
	run "$regrow" "$command" --frobnicate
	ends_with 2
	complains "--frobnicate"
	complains "regrow $command --help"
	prints_nothing
done
proves "an unknown option is refused by each command, with the way to its help"

for command in list calibrate; do
	run "$regrow" "$command" stray
	ends_with 2
	complains "regrow $command --help"
done
run "$regrow" run mremap-maymove
ends_with 2
complains "--alloc mremap-maymove"
run "$regrow" show a.jsonl b.jsonl
ends_with 2
proves "a word too many is refused"

run "$regrow" run
ends_with 2
complains "--alloc"
for command in show plot export; do
	run "$regrow" "$command"
	ends_with 2
	complains "which results file?"
done
proves "a word too few is asked for"

run "$regrow" list
ends_with 0
prints "copy-realloc (the reference)"
for file in allocators/*.c workloads/*.c; do
	prints "  $(basename "$file" .c)"
done
prints "Counters"
complains_not
proves "list names every allocator, every workload and the counters"

run "$regrow" calibrate
ends_with 0
prints "first touch of a page"
proves "calibrate prints the machine's constants"

if can_read_json; then
	run "$regrow" calibrate --json
	ends_with 0
	holds "it is JSON" is_json "$out"
	proves "calibrate --json prints JSON"
else
	skips "calibrate --json prints JSON" "neither jq nor python3 is here"
fi

# The options that are numbers and times.
for option in budget=5x budget=0s budget= budget=-1s rounds=many rounds=-1 \
	rounds=1000000 rounds= seed=-1 seed=99999999999999999999 seed=abc \
	timeout=never timeout=0s; do
	run "$regrow" run --alloc null "--$option"
	ends_with 2
	complains "--${option%%=*} '${option#*=}' is not a"
	prints_nothing
done
proves "what is no number or time is refused, with how to write one"

mkdir "$scratch/empty" "$scratch/empty/results"
cd "$scratch/empty" || exit 1
run "$regrow" run --alloc mremap-maymove --workload "$steps" --dry-run
ends_with 0
prints "mremap-maymove"
prints "order of the first rounds"
prints "memory:"
prints "time:"
holds "there is no file" test -z "$(find . -type f)"
run "$regrow" run --alloc null --workload "$steps" --dry-run \
	--results "$scratch/dry.jsonl"
ends_with 0
holds "there is no file" test ! -e "$scratch/dry.jsonl"
proves "--dry-run shows the plan and writes no file"

run "$regrow" run --alloc "$faulty:fault=crash" --workload "$steps" --dry-run
ends_with 0
complains_not_of "Segmentation"
proves "--dry-run starts no sample"

run "$regrow" run --alloc null --workload "$steps" --rounds 1 --quiet
ends_with 0
complains_not
file=$(find results -name '*.jsonl')
holds "there is one file" test -f "$file"
holds "it is named after the allocator and the time" \
	sh -c "echo '$file' | grep -qE '/[0-9]{4}-[0-9-]*T[0-9-]*Z-null\.jsonl$'"
proves "the results go to a file in results/ of their own"
cd "$root" || exit 1

for arguments in list calibrate --help --version; do
	"$regrow" "$arguments" >/dev/full 2>"$err"
	status=$?
	ends_with 5
	complains "cannot write"
done
"$regrow" run --alloc null --workload "$steps" --dry-run >/dev/full 2>"$err"
status=$?
ends_with 5
proves "output that cannot be written is said, and ends with 5"

ends
