#!/bin/sh
# test_cli_input - names, sizes, lists and plug-ins that are wrong: what is said.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# refused OPTION...: a run that ends with 2 before anything is measured.
refused() {
	rm -f "$results"
	run "$regrow" run --results "$results" --rounds 1 "$@"
	ends_with 2
	prints_nothing
	holds "no file was made" test ! -e "$results"
}

refused --alloc mremap-maymov
complains "unknown allocator 'mremap-maymov': did you mean 'mremap-maymove'?"
refused --alloc null,exponental:step=x2
complains "did you mean 'exponential'?"
refused --alloc null --reference copy-relloc
complains "did you mean 'copy-realloc'?"
refused --alloc 'exponential:over=[mremap-maymov]'
complains "did you mean 'mremap-maymove'?"
proves "an unknown allocator is answered with the nearest, wherever it stands"

refused --alloc frobnicate
complains "unknown allocator 'frobnicate'"
complains "regrow list"
proves "an allocator that is near none is answered with where they are listed"

refused --alloc null --workload vector-grwth
complains "unknown workload 'vector-grwth': did you mean 'vector-growth'?"
refused --alloc null --workload frobnicate
complains "regrow list"
proves "an unknown workload is answered with the nearest"

refused --alloc copy-realloc:populat=write
complains "unknown option 'populat' of 'copy-realloc': did you mean 'populate'?"
refused --alloc null --workload server-churn:stps=4
complains "did you mean 'steps'?"
refused --alloc null --workload server-churn --set server-churn.stps=4
complains "did you mean 'steps'?"
refused --alloc null --workload server-churn --set server-chur.steps=4
complains "did you mean 'server-churn'?"
proves "an unknown option is answered with the nearest"

refused --alloc copy-realloc:populate=maybe
complains "'maybe'"
complains "no|write|map"
refused --alloc null:size=4
complains "'size'"
refused --alloc copy-realloc:populate=no:populate=map
complains "populate"
refused --alloc copy-realloc:populate
complains "populate"
proves "a value that is none of the choices, or none at all, is refused"

refused --alloc null --workload "$steps" --counters page-fault
complains "unknown counter 'page-fault'"
complains "did you mean 'page-faults'?"
refused --alloc null --workload "$steps" --counters frobnicate
complains "regrow list"
refused --alloc null --workload "$steps" --counters page-faults,page-faults
complains "twice"
proves "an unknown counter is answered with the nearest"

refused --alloc null --workload "$steps" --thp sometimes
complains "never, madvise or always"
proves "an unknown THP mode is answered with those that there are"

refused --alloc null --workload "$steps" --layout upward
complains "standard or legacy"
refused --alloc null --workload "$steps" --layout standart
complains "did you mean 'standard'?"
proves "an unknown layout is answered with those that there are"

for size in 8Q 8KK K -4K 0x 1.2.3K 4,5K '' ' '; do
	refused --alloc "mremap-maymove:threshold=[$size]"
	complains "threshold"
done
refused --alloc mremap-maymove:threshold=99999999999T
complains "is above 2^63 - 1"
refused --alloc exponential:step=+0
refused --alloc exponential:step=+4Q
complains "4Q"
proves "a malformed size is refused, with how to write one"

for list in '' ',' 'null,' ',null' 'null,,null' ' '; do
	refused --alloc "$list"
	complains "list of allocators"
	refused --alloc null --workload "$list"
	complains "list of workloads"
done
for list in '' ',' 'page-faults,' ',page-faults'; do
	refused --alloc null --workload "$steps" --counters "$list"
	complains "list"
done
for list in '' ',' 'never,' ',never'; do
	refused --alloc null --workload "$steps" --thp "$list"
	complains "list of THP modes"
done
for list in '' ',' '0,' ',0' 0-- 1-0 a 0:1 -1; do
	refused --alloc null --workload "$steps" --cpus "$list"
	complains "is not a list of CPUs"
done
for list in server-churn server-churn.steps server-churn.=1 .steps=1 '' =; do
	refused --alloc null --workload server-churn --set "$list"
	complains "WORKLOAD.OPTION=VALUE"
done
refused --alloc null --workload server-churn --set server-churn.steps=1,,2
complains "list of values"
proves "a malformed list is refused, and it is said of what"

for list in 'exponential:over=[copy-realloc' 'exponential:over=copy-realloc]' \
	']' '[' '[null' 'exponential:over=[[copy-realloc]'; do
	refused --alloc "$list"
	complains "'$list'"
	complains "brackets"
done
refused --alloc 'exponential:over=[]'
complains "does not begin with a name"
proves "brackets that do not match are refused"

long=$(printf '%600s' '' | tr ' ' x)
refused --alloc "$long"
refused --alloc "copy-realloc:populate=$long"
refused --alloc null --workload "$long"
refused --alloc null --workload "$steps" --counters "$long"
over=copy-realloc
for _ in 1 2 3 4 5 6; do
	over="exponential:over=[$over]"
done
refused --alloc "$over"
many=$(printf 'malloc:threshold=%dK,' $(seq 200) | sed 's/,$//')
refused --alloc "$many" --workload "$steps"
proves "what is too long, too deep or too much is refused"

refused --alloc "$(printf 'null\033[31m')"
holds "no escape went to the terminal" sh -c "! LC_ALL=C grep -q '[[:cntrl:]]' '$err'"
proves "control characters in a name are not sent to the terminal"

# Plug-ins.
refused --alloc ./nowhere.so --workload "$steps"
complains "./nowhere.so"
complains "No such file"
refused --alloc null --workload ./nowhere.so
complains "No such file"
proves "a plug-in that does not exist is named"

printf 'not a shared object, but long enough to be looked at: %80s\n' . >"$scratch/text.so"
refused --alloc "$scratch/text.so" --workload "$steps"
complains "cannot load the plug-in '$scratch/text.so'"
head -c 200 "$steps" >"$scratch/torn.so"
refused --alloc null --workload "$scratch/torn.so"
complains "cannot load the plug-in '$scratch/torn.so'"
refused --alloc / --workload "$steps"
complains "cannot load"
proves "a file that is no shared object is no plug-in"

refused --alloc "$plugins/missing-symbol.so" --workload "$steps"
complains "has no symbol regrow_allocator"
refused --alloc "$steps" --workload "$steps"
complains "has no symbol regrow_allocator"
refused --alloc null --workload "$faulty"
complains "has no symbol regrow_workload"
proves "a plug-in without the symbol is refused, with the symbol's name"

refused --alloc "$plugins/wrong-version.so" --workload "$steps"
here=$(sed -n 's/#define ALLOCATOR_CONTRACT_VERSION //p' harness/include/regrow/allocator.h)
complains "contract version $((here + 1)) and this regrow has $here"
complains "rebuild"
proves "a plug-in of another contract is refused, with both versions"

refused --alloc "$plugins/missing-hook.so" --workload "$steps"
complains "grow()"
refused --alloc "$plugins/unresolved.so" --workload "$steps"
complains "undefined symbol"
proves "a plug-in that is not whole is refused, with what it lacks"

# Sizes that no machine has.
run "$regrow" run --alloc null --workload vector-growth:last=100T --rounds 1 \
	--results "$results"
ends_with 4
complains "needs 128 TiB of memory"
complains "may be used"
holds "no file was made" test ! -e "$results"
run "$regrow" run --alloc null --workload vector-growth:last=4000000T \
	--results "$results"
holds "it is refused" test "$status" -eq 2 -o "$status" -eq 4
complains "vector-growth"
proves "work that is larger than the memory is not begun"

measure --alloc exponential:first=200T
ends_with 0
complains "Cannot allocate memory"
records '"outcome":"failed"'
records '"error":"ENOMEM"'
records '"status":"done"'
proves "a block that is larger than the address space fails its sample only"

ends
