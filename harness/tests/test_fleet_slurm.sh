#!/bin/sh
# test_fleet_slurm - the task of a job array, as Slurm starts it: from a copy of the
# script, with its number and its node in the environment, and ended by SIGTERM.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

if ! command -v flock >/dev/null; then
	echo "1..0 # skip no flock"
	exit 77
fi
cp harness/lab/fleet.sbatch "$scratch/slurm_script"
folder=$scratch/fleet
mkdir "$folder"
task() {
	cd / || exit 1
	run env HOME="$scratch" SLURM_SUBMIT_DIR="$root" SLURM_ARRAY_TASK_ID="$1" \
		SLURMD_NODENAME=node7 REGROW="$regrow" OUTPUT="$folder" "$scratch/slurm_script"
	cd "$root" || exit 1
}

task ''
ends_with 2
complains 'no task of a job array'
task 3
ends_with 2
complains "$folder/plan.json is missing"
proves "without a number, or a plan, it says how to begin"

"$regrow" run --alloc mremap-maymove --workload vector-growth:last=128K --rounds 30 \
	--dry-run --json >"$folder/plan.json"
results=$folder/node7-3.jsonl
# Slurm's signal before the time limit, once a round is there.
(
	until grep -q '^{"type":"round",.*"pass":"timing"' "$results" 2>/dev/null; do
		sleep 0.2
	done
	pkill -TERM -f "^/bin/sh [^ ]*fleet-there $regrow $folder/"
) &
task 3
wait
ends_with 143
records '^{"type":"end","status":"interrupted"'
proves "a task that is ended at its time limit keeps what it has"

task 3
ends_with 0
records_times 1 '^{"type":"resume"'
records_times 30 '^{"type":"round",.*"pass":"timing"'
holds "it came to its end" sh -c "tail -n 1 '$results' | grep -q '\"status\":\"done\"'"
holds "it is of the plan" "$regrow" show --plan "$folder/plan.json" "$results"
cp "$results" "$scratch/whole"
proves "submitted again it goes on, to its end"

task 3
ends_with 0
holds "nothing was added" cmp "$results" "$scratch/whole"
proves "a task that is complete is not measured again"

ends
