#!/bin/sh
# test_cli_lab - a machine of the lab does fixed work and says what its clock
# counts; a sweep goes through layouts; only a guest's kernel starts a guest.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

work=vector-growth:last=256K
lab=$scratch/lab.json
echo '{"clock_unit":"instructions","emulator":"none"}' >"$lab"

run "$regrow" run --alloc mremap-maymove --workload "$work" --sweep 3 \
	--lab "$lab" --quiet --results "$results"
ends_with 0
records '^{"type":"run","format":2,"clock_unit":"instructions"'
records '"lab":{"clock_unit":"instructions","emulator":"none"}'
records_times 0 '"type":"calibration"'
records_times 0 '"pass":"pilot"'
records_times 0 '"role":"\(planted\|twin\|floor\)"'
records_times 3 '^{"type":"round",.*"pass":"timing"'
records '"sweep":3'
proves "a machine of the lab measures fixed work, with no calibration and no pilot"

run "$regrow" show "$results"
ends_with 0
prints 'clock: instructions'
prints 'times are executed instructions'
holds "nothing is called a time" \
	sh -c "! grep -qE '[0-9] (ns|us|ms|s)( |\$)' '$out'"
proves "the table of a clock that counts instructions names no time"

# Requests of a churn differ by the seed, which a sweep moves on.
run "$regrow" run --alloc mremap-maymove --workload server-churn:live=8:steps=16 \
	--sweep 2 --rounds 4 --lab "$lab" --quiet --results "$scratch/churn.jsonl"
ends_with 0
digests() {
	grep "\"round\":$1,\"pass\":\"timing\"" "$scratch/churn.jsonl" |
		grep -o '"digest":"[0-9a-f]*"' | sort -u
}
holds "a round has one set of requests" test "$(digests 0 | wc -l)" = 1
holds "the next layout has another" test "$(digests 0)" != "$(digests 1)"
holds "a layout has the same again" test "$(digests 0)" = "$(digests 2)"
proves "rounds go through the layouts of a sweep by turns, with a seed each"

run "$regrow" run --alloc mremap-maymove --workload "$work" --lab "$lab" --quiet
ends_with 2
complains '--lab has no budget'
run "$regrow" run --alloc mremap-maymove --workload "$work" --sweep 3 \
	--lab "$scratch/none.json" --quiet --results "$scratch/none.jsonl"
ends_with 5
complains 'none.json'
echo '{"clock_unit":"weeks"}' >"$scratch/weeks.json"
run "$regrow" run --alloc mremap-maymove --workload "$work" --sweep 3 \
	--lab "$scratch/weeks.json" --quiet --results "$scratch/none.jsonl"
ends_with 5
complains 'clock_unit'
holds "nothing was written" test ! -e "$scratch/none.jsonl"
proves "a lab without a length, or with facts that are none, is refused"

# Twice the same, without a control and in few layouts: refused, unless forced.
run "$regrow" compare "$results" "$results" --markdown
ends_with 2
complains 'there is no control'
run "$regrow" compare "$results" "$results" --markdown --force
ends_with 0
prints '### regrow compare'
prints '- **refused:** there is no control'
prints '| call | allocator |'
prints '| 1 | mremap-maymove | '
run "$regrow" compare "$results" "$results" --json --force
ends_with 0
prints '"kernels_format": 1'
proves "results of the lab are compared as kernels, in Markdown and JSON, too"

run "$regrow" guest /dev/null
ends_with 2
complains 'kernel of the lab'
proves "a guest that is not a machine's first program says what it is for"

ends
