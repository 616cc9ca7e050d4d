#!/bin/sh
# test_schema - lines that are really written are what results/schema.json says.
set -u
lines=$(mktemp) || exit 1
trap 'rm -f "$lines"' EXIT
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	echo 'ok 1 - lines fit the schema # SKIP python3-jsonschema is not installed'
	exit 0
fi
"${BUILD:-build}/tests/test_record" --lines >"$lines" || exit 1
exec python3 - results/schema.json "$lines" results/FORMAT.md <<'PYTHON'
import copy, json, re, sys
import jsonschema

schema = json.load(open(sys.argv[1]))
lines = [json.loads(line) for line in open(sys.argv[2])]
validator = jsonschema.Draft202012Validator(schema)
number = failures = 0

def prove(what, wrong):
    global number, failures
    number += 1
    failures += bool(wrong)
    print("not ok" if wrong else "ok", number, "-", what)
    for one in wrong[:5]:
        print("#", one)

def all_keys(value, inside=""):
    """Names of fields, not of what fields in `free` are named after."""
    free = {"counters", "failed_calls", "figures", "not_seen"}
    if isinstance(value, list):
        return set().union(*(all_keys(one, inside) for one in value))
    if not isinstance(value, dict):
        return set()
    keys = set() if inside in free else set(value)
    return keys.union(*(all_keys(one, key) for key, one in value.items()))

def all_properties(value):
    if isinstance(value, list):
        return set().union(*map(all_properties, value))
    if not isinstance(value, dict):
        return set()
    return set(value.get("properties", ())).union(
        *map(all_properties, value.values()))

def changed(line, path, value):
    line = copy.deepcopy(line)
    at = line
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return line

jsonschema.Draft202012Validator.check_schema(schema)
prove("lines of every kind fit the schema",
      [f"{line['type']}: {error.message[:200]}" for line in lines
       for error in validator.iter_errors(line)])
prove("the schema names every field that is written",
      sorted(all_keys(lines) - all_properties(schema)))
sample = next(line for line in lines if line["type"] == "sample")
run = next(line for line in lines if line["type"] == "run")
bad = [changed(sample, path, value) for path, value in (
    (["outcome"], "fine"), (["cell"], -1), (["time", "wall_ns"], 0.5),
    (["time", "wall_ns"], 2**63), (["map", "final", "holes"], "1"),
    (["digest"], "0x1"), (["taint"], ["noise"]), (["valid"], "yes"), (["outcome"], "crashed"),
    (["operations", "grow", "histogram"], [[4096, 1]]),
    (["operations", "grow", "histogram"], [[1]]), (["sizes"], {}))]
bad += [changed(run, ["format"], 3), changed(run, ["plan", "seed"], -1),
        changed(run, ["plan", "cells", 0, "role"], "x"), {}, {"type": 1}]
prove("lines that are not of this format do not fit it",
      [json.dumps(line)[:200] for line in bad if validator.is_valid(line)])
prove("unknown types and fields fit it",
      [] if validator.is_valid({"type": "pause"}) and
      validator.is_valid(changed(sample, ["news"], 1)) else ["they do not"])
page = open(sys.argv[3]).read()
page = page[page.index("### `machine`"):page.index("## `sample`")]
names = set(re.findall(r"`([a-z_0-9]+)`", page)) - {"sizes"}
prove("the schema names the machine's facts and the calibration",
      sorted(names - all_properties(schema) - {"machine", "calibration"}))
sys.exit(failures > 0)
PYTHON
