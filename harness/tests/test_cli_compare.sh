#!/bin/sh
# test_cli_compare - regrow compare as scripts and people call it.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# made FILE NS [SEED [KERNEL]]: a run of 20 rounds, its row taking about NS.
made() {
	awk -v ns="$2" -v seed="${3:-1}" -v kernel="${4:-6.1.0}" -v start="$next_seed" '
	BEGIN {
		srand(start)
		printf "{\"type\":\"run\",\"format\":2,\"regrow\":\"v1\",\"started\":\"2026-11-24T13:30:05Z\",\"plan\":{\"seed\":%d,\"groups\":[{\"workload\":\"steps\",\"thp\":\"never\",\"clock\":\"wall\"}],\"cells\":[{\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"},{\"group\":0,\"role\":\"twin\",\"allocator\":\"copy\"},{\"group\":0,\"role\":\"row\",\"allocator\":\"move\"}]},\"counters\":[],\"machine\":{\"kernel\":\"%s\"}}\n", seed, kernel
		for (round = 0; round < 20; round++)
			for (cell = 0; cell < 3; cell++)
				printf "{\"type\":\"sample\",\"sequence\":%d,\"round\":%d,\"pass\":\"timing\",\"cell\":%d,\"outcome\":\"ok\",\"valid\":true,\"time\":{\"wall_ns\":%d,\"cpu_ns\":5},\"faults\":{\"minor\":%d},\"requests\":7,\"digest\":\"%08x\"}\n", 3 * round + cell, round, cell, (cell == 2 ? ns : 1000000) * (1 + rand() / 50), 100, seed
		print "{\"type\":\"end\",\"status\":\"done\",\"samples\":60,\"rounds\":20,\"at_ns\":9}"
	}' >"$1"
	next_seed=$((next_seed + 1))
}
next_seed=1
base=$scratch/base.jsonl
new=$scratch/new.jsonl
slower=$scratch/slower.jsonl
few=$scratch/few.jsonl
made "$base" 500000
made "$new" 500000 1 6.18.5
made "$slower" 600000
grep -v '"round":1[0-9]' "$new" >"$few"

run "$regrow" compare "$base" "$new"
ends_with 0
complains_not
prints "SAME"
prints "kernel: 6.1.0 -> 6.18.5"
prints "unpaired"
run "$regrow" compare "$base" "$slower"
ends_with 0
prints "SLOWER"
proves "two files are compared, and what differs does not fail"

run "$regrow" compare "$base" "$new" --gate
ends_with 0
run "$regrow" compare "$base" "$slower" --gate
ends_with 1
prints "SLOWER"
run "$regrow" compare --gate "$base" "$few"
ends_with 3
prints "too few (20 and 10 samples): 2 more needed"
run "$regrow" compare --gate "$base" "$few" "$slower"
ends_with 1
run "$regrow" compare --gate "$slower" "$base"
ends_with 0
prints "FASTER"
proves "a gate ends with 0, 1 or 3"

sed 's/"minor":100/"minor":101/' "$new" >"$scratch/faults.jsonl"
run "$regrow" compare --gate "$base" "$scratch/faults.jsonl"
ends_with 0
prints "minor faults"
run "$regrow" compare --gate-counts "$base" "$scratch/faults.jsonl"
ends_with 1
run "$regrow" compare --gate-counts "$scratch/faults.jsonl" "$base"
ends_with 0
proves "a gate of counts fails where an exact count grew"

made "$scratch/seed.jsonl" 500000 2
run "$regrow" compare "$base" "$scratch/seed.jsonl"
ends_with 2
complains "the seed differs"
complains "--force"
prints_nothing
sed 's/"steps"/"steps:n=2"/' "$new" >"$scratch/other.jsonl"
run "$regrow" compare "$base" "$scratch/other.jsonl" "$scratch/seed.jsonl"
ends_with 2
complains "no cell in common"
complains "steps:n=2"
complains "the seed differs"
prints_nothing
run "$regrow" compare --force "$base" "$scratch/seed.jsonl"
ends_with 0
prints "forced: the seed differs"
run "$regrow" compare --force "$base" "$scratch/other.jsonl"
ends_with 0
prints "steps:n=2"
proves "other work is refused with all reasons, unless it is forced"

run "$regrow" compare "$base"
ends_with 2
complains "BASE and at least one NEW"
run "$regrow" compare "$base" "$new" --json --markdown
ends_with 2
complains "not both"
for margin in 0 -1% 100% x; do
	run "$regrow" compare "$base" "$new" --margin "$margin"
	ends_with 2
	complains "margin"
done
proves "what makes no sense is usage"

run "$regrow" compare "$base" "$scratch/nowhere.jsonl"
ends_with 5
complains "nowhere.jsonl"
echo nothing >"$scratch/nothing.jsonl"
run "$regrow" compare "$scratch/nothing.jsonl" "$base" --gate
ends_with 5
complains "not a results file of regrow"
mkdir "$scratch/empty"
run "$regrow" compare "$base" "$scratch/empty"
ends_with 5
complains "$scratch/empty"
run sh -c '"$0" compare "$1" "$2" >/dev/full' "$regrow" "$base" "$new"
ends_with 5
complains "No space left on device"
proves "a file that cannot be read, and an output that cannot be written, are 5"

mkdir "$scratch/before" "$scratch/after"
for i in 1 2 3 4 5; do
	made "$scratch/before/$i.jsonl" 500000
	made "$scratch/after/$i.jsonl" 600000
done
echo "not results" >"$scratch/before/notes.txt"
run "$regrow" compare "$scratch/before" "$scratch/after" --gate
ends_with 1
prints "5 and 5 runs"
prints "the run is the unit"
rm "$scratch/after/5.jsonl"
run "$regrow" compare "$scratch/before" "$scratch/after" --gate
ends_with 3
prints "too few (5 and 4 runs): 1 more needed"
proves "of a directory all runs are taken, and the run is the unit"

run "$regrow" compare "$base" "$slower" --margin 50% --gate
ends_with 0
prints "SAME is within 50 %"
proves "a margin can be chosen"

calibrated=$scratch/calibrated.jsonl
sed '1a {"type":"calibration","syscall_ns":1,"clock_ns":1,"fault_4k_ns":500,"munmap_page_ns":1,"mmap_ns":1,"memcpy_gib_s":{"64K":1,"1M":1}}' \
	"$base" >"$calibrated"
run "$regrow" compare "$calibrated" "$calibrated" --units machine
ends_with 0
complains_not
prints "in faults"
prints "units: a fault is the first touch of a page: 500 ns in base"
run "$regrow" compare "$calibrated" "$new" --units machine
ends_with 5
complains "$new has no calibration"
complains "leave out --units machine"
prints_nothing
run "$regrow" compare "$calibrated" "$new" --units time
ends_with 0
run "$regrow" compare "$calibrated" "$new" --units miles
ends_with 2
complains "miles"
proves "times are compared in units of each machine, where both have them"

sed '1s/"seed":/"repeat":9,"seed":/' "$new" >"$scratch/repeated.jsonl"
run "$regrow" compare --force "$base" "$scratch/repeated.jsonl"
ends_with 2
complains "repeated.jsonl repeats the work"
run "$regrow" compare "$scratch/repeated.jsonl" "$base"
ends_with 2
complains_not_of --force
proves "runs that repeat their work are not compared at all"

run "$regrow" compare "$base" "$slower" "$few" --markdown
ends_with 0
prints "| **move** |"
prints "| --- |"
proves "Markdown is printed for each pair"

if can_read_json; then
	run "$regrow" compare "$base" "$new" "$few" --json
	ends_with 0
	holds "it is JSON" is_json "$out"
	proves "JSON is printed"
else
	skips "JSON is printed" "neither jq nor python3"
fi

if command -v python3 >/dev/null; then
	sed 's/"role":"row"/"role":"row","skipped":"not here"/; /"cell":2/d' \
		"$new" >"$scratch/skipped.jsonl"
	for other in "$few" "$scratch/skipped.jsonl" "$scratch/other.jsonl" \
		"$scratch/faults.jsonl" "$calibrated"; do
		first=$base
		units="time"
		if [ "$other" = "$calibrated" ]; then
			first=$calibrated
			units=machine
		fi
		run "$regrow" compare "$first" "$other" --json --force \
			--units "$units"
		ends_with 0
		undocumented=$(python3 - "$out" results/TABLE.md <<'PYTHON'
import json, re, sys

page = open(sys.argv[2]).read()
page = page[page.index("# A comparison as JSON"):]
named = set(re.findall(r"`([a-z_]+)(?:\[\])?`", page))

def keys(value, inside=""):
    if isinstance(value, list):
        return set().union(*(keys(one, inside) for one in value))
    if not isinstance(value, dict):
        return set()
    own = set() if inside == "counts" else set(value)
    return own.union(*(keys(one, key) for key, one in value.items()))

print(*sorted(keys(json.load(open(sys.argv[1]))) - named))
PYTHON
		)
		[ -z "$undocumented" ] || problem "not in TABLE.md: $undocumented"
	done
	proves "results/TABLE.md names every field of the JSON"
else
	skips "results/TABLE.md names every field of the JSON" "no python3"
fi
ends
