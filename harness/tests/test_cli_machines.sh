#!/bin/sh
# test_cli_machines - regrow compare --machines as scripts and people call it:
# folders of many machines' runs, and what it refuses.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# made FILE HOST KERNEL NS [SEED]: a run of 6 rounds, its row taking NS.
made() {
	awk -v host="$2" -v kernel="$3" -v ns="$4" -v seed="${5:-1}" '
	BEGIN {
		printf "{\"type\":\"run\",\"format\":2,\"regrow\":\"v1\",\"plan\":{\"seed\":%d,\"groups\":[{\"workload\":\"steps\",\"thp\":\"never\",\"clock\":\"wall\"}],\"cells\":[{\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"},{\"group\":0,\"role\":\"twin\",\"allocator\":\"copy\"},{\"group\":0,\"role\":\"row\",\"allocator\":\"move\"}]},\"counters\":[],\"machine\":{\"host\":\"%s\",\"cpu_model\":\"A CPU\",\"kernel\":\"%s\"}}\n", seed, host, kernel
		for (round = 0; round < 6; round++)
			for (cell = 0; cell < 3; cell++)
				printf "{\"type\":\"sample\",\"sequence\":%d,\"round\":%d,\"pass\":\"timing\",\"cell\":%d,\"outcome\":\"ok\",\"valid\":true,\"time\":{\"wall_ns\":%d,\"cpu_ns\":5},\"digest\":\"%08x\"}\n", 3 * round + cell, round, cell, cell == 2 ? ns : 1000000, seed
		print "{\"type\":\"end\",\"status\":\"done\",\"samples\":18,\"rounds\":6,\"at_ns\":9}"
	}' >"$1"
}

# line PATTERN: a line like that is printed.
line() {
	holds "a line '$1'" grep -Eq -- "$1" "$out"
}

fleet=$scratch/fleet
for machine in 1 2 3 4 5 6 7 8; do
	mkdir -p "$fleet/m$machine"
	for kernel in 6.1.0 6.12.0; do
		for number in 1 2 3 4 5; do
			made "$fleet/m$machine/$kernel-$number.jsonl" "m$machine" "$kernel" \
				$((300000 + 50000 * machine))
		done
	done
done

run "$regrow" compare --machines "$fleet"
ends_with 0
complains_not
prints "8 machines, 2 kernels, 80 runs"
line "move  *0[.]525 \\(0[.]350(..|–)0[.]700\\)  *0[.]350  *0[.]438(..|–)0[.]613  *0[.]700  *m1"
line "move  *8  *8  *0  *0  *0"
line "m8  *0[.]700  *0[.]700  *1[.]000"
proves "a folder of a fleet is searched, and its spread stands beside the effect"

run "$regrow" compare --machines "$fleet" --json
ends_with 0
prints '"machines_format": 1'
holds "each machine has a cell of each of three rows" \
	test "$(grep -c '"kernel": "6.12.0"' "$out")" = 24
run "$regrow" compare --machines "$fleet/m1" "$fleet/m2/6.1.0-1.jsonl"
ends_with 0
prints "2 machines, 2 kernels, 11 runs"
proves "files and folders may be named together, and JSON has every machine"

run "$regrow" compare --machines "$fleet" --markdown
ends_with 0
prints '| move | 0.525 ('
prints '| m8 | 0.700 | 0.700 | 1.000 |'
line '^[|] [*][*]median[*][*] .* [*][*]1[.]000 .1[.]000..?.?1[.]000.[*][*] [|]'
run "$regrow" compare --machines "$fleet/m1" "$fleet/m2/6.1.0-1.jsonl" --markdown
ends_with 0
prints '- 1 of 2 machines have one kernel'
holds "a table stands apart from what is above it" \
	sh -c "awk '/^[|]/ && before !~ /^([|]|\$)/ { exit 1 } { before = \$0 }' '$out'"
proves "the tables are there in Markdown, and the change of kernels has its interval"

if command -v python3 >/dev/null && python3 -c '' 2>/dev/null; then
	run "$regrow" compare --machines "$fleet" "$root/results/example" --json
	undocumented=$(python3 - "$out" results/TABLE.md <<'PYTHON'
import json, re, sys

page = open(sys.argv[2]).read()
page = page[page.index("# Many machines as JSON"):page.index("# A map as JSON")]
named = set(re.findall(r"`([a-zA-Z_ ]+)(?:\[\])?`", page))

def keys(value):
    if isinstance(value, list):
        return set().union(*(keys(one) for one in value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(keys(one) for one in value.values()))

print(*sorted(keys(json.load(open(sys.argv[1]))) - named))
PYTHON
	)
	[ -z "$undocumented" ] || problem "not in TABLE.md: $undocumented"
	proves "results/TABLE.md names every field of the JSON"
else
	skips "results/TABLE.md names every field of the JSON" "no python3"
fi

made "$fleet/other.jsonl" m9 6.1.0 1 2
printf '{"type":"run"' >"$fleet/damaged.jsonl"
run "$regrow" compare --machines "$fleet"
ends_with 5
prints "set apart: 1 run: steps, THP never: seed 2, where most have 1"
prints "not read: "
complains "1 of 82 files could not be read"
rm "$fleet/damaged.jsonl"
run "$regrow" compare --machines "$fleet"
ends_with 0
proves "what cannot be read is told and fails, what is other work is set apart"

run "$regrow" compare --machines
ends_with 2
run "$regrow" compare --machines --gate "$fleet"
ends_with 2
complains "no gate"
run "$regrow" compare --machines --force "$fleet"
ends_with 2
run "$regrow" compare --machines "$scratch/nowhere"
ends_with 5
complains "nowhere"
mkdir "$scratch/empty"
run "$regrow" compare --machines "$scratch/empty"
ends_with 5
complains "there is no results file"
run "$regrow" compare --machines --units machine "$fleet"
ends_with 2
complains "no calibration"
proves "what it has no answer to is refused"

ends
