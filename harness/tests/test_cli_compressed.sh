#!/bin/sh
# test_cli_compressed - a results file that zstd packed is as good as it was.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

command -v zstd >/dev/null || {
	echo "zstd is not installed"
	exit 77
}

plain=$results
packed=$scratch/packed/results.jsonl.zst
measure --alloc null --rounds 2
ends_with 0
mkdir "$scratch/packed"
zstd -q -o "$packed" "$plain" || problem "zstd packs nothing"

# same COMMAND [OPTION...]: prints of the packed file what it does of the plain,
# but for the name.
same() {
	"$regrow" "$@" "$plain" >"$scratch/of_plain" 2>&1 ||
		problem "$1 fails on the plain file"
	run "$regrow" "$@" "$packed"
	ends_with 0
	sed "s|$packed|$plain|" "$out" | cmp -s "$scratch/of_plain" - || problem "$1 differs"
}
same show
same export --format csv
proves "show and export read a packed file as the plain one"

run "$regrow" compare "$plain" "$scratch/packed"
ends_with 0
prints SAME
proves "compare finds packed files in a directory"

run "$regrow" run --plan "$packed" --dry-run
ends_with 0
prints null
proves "--plan takes the plan of a packed file"

cp "$packed" "$scratch/before"
run "$regrow" run --resume "$packed"
ends_with 5
complains "it is compressed: zstd -d it first"
holds "it is as it was" cmp "$scratch/before" "$packed"
proves "a packed file is not gone on with, and not touched"

size=$(wc -c <"$packed")
head -c $((size / 2)) "$packed" >"$scratch/cut.jsonl.zst"
run "$regrow" show "$scratch/cut.jsonl.zst"
ends_with 5
complains "cut.jsonl.zst': it"
complains "cut within its first zstd frame"
{
	head -c $((size / 2)) "$packed"
	printf 'damage'
	tail -c +$((size / 2 + 7)) "$packed"
} >"$scratch/damaged.jsonl.zst"
run "$regrow" show "$scratch/damaged.jsonl.zst"
ends_with 5
complains "damaged"
proves "one that is cut or damaged is named, with what is wrong"

head -c 1100000000 /dev/zero | zstd -q >"$scratch/bomb.jsonl.zst"
run "$regrow" show "$scratch/bomb.jsonl.zst"
ends_with 5
complains "holds more than 1.00 GiB"
proves "one that holds more than is taken is refused"

ends
