#!/bin/sh
# test_exports - the programs that exports are for read them: sqlite3,
# HdrHistogram, pyperf, benchstat, those of them that are installed.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
example=results/example/bench.jsonl
database=$scratch/new.db

# export_as FORMAT FILE...: its output is $out.
export_as() {
	format=$1
	shift
	run "$regrow" export --format "$format" "$@"
	ends_with 0
	complains_not
}

# database_of FILE...: made by the real sqlite3.
database_of() {
	rm -f "$database"
	export_as sqlite "$@"
	cp "$out" "$scratch/script.sql"
	run sqlite3 "$database" ".read $scratch/script.sql"
	ends_with 0
	complains_not
}

query() {
	sqlite3 -readonly "$database" "$1"
}

# is "what" EXPECTED FOUND
is() {
	[ "$2" = "$3" ] || problem "$1: '$3', not '$2'"
}

# The queries of the documentation, each into a file of its own.
awk -v folder="$scratch" '
	/^```sql$/ { file = folder "/query." ++number; next }
	/^```$/ { file = "" }
	file { print > file }' results/SQL.md

sqlite_tests() {
	database_of "$example"
	is "samples" "$(grep -c '"type":"sample"' "$example")" \
		"$(query 'SELECT count(*) FROM sample')"
	is "cells" 12 "$(query 'SELECT count(*) FROM cell')"
	export_as csv "$example"
	tr -d '\r' <"$out" >"$scratch/csv"
	# From the first figure to the last; no field before them has a comma.
	first=$(head -n 1 "$scratch/csv" | tr ',' '\n' | grep -n '^at_ns$' | cut -d : -f 1)
	last=$(head -n 1 "$scratch/csv" | tr ',' '\n' | grep -n '^contradictions$' | cut -d : -f 1)
	columns=$(head -n 1 "$scratch/csv" | cut -d , -f "$first-$last" | tr . _)
	sed 1d "$scratch/csv" | cut -d , -f "11,12,$first-$last" >"$scratch/expected"
	sqlite3 -readonly -csv "$database" \
		"SELECT sequence, round, $columns FROM sample ORDER BY sample" |
		tr -d '\r' >"$scratch/found"
	holds "every figure of every sample" cmp "$scratch/expected" "$scratch/found"
	proves "the database has the samples that the CSV has, figure by figure"

	is "queries" 3 "$(find "$scratch" -name 'query.*' | wc -l)"
	for number in 1 2 3; do
		sqlite3 -readonly "$database" <"$scratch/query.$number" \
			>"$scratch/answer.$number" 2>"$err" ||
			problem "query $number: $(cat "$err")"
	done
	is "cells" 12 "$(wc -l <"$scratch/answer.1")"
	LC_ALL=C.UTF-8 "$regrow" show "$example" >"$scratch/table"
	# 327.002 of the query is the 327 ms of the table.
	sed -n '/|row|\||reference|/p' "$scratch/answer.1" |
		while IFS='|' read -r _ allocator _ samples ms; do
			is "samples of $allocator" 12 "$samples"
			shown=$(echo "$ms" | awk '{ printf "%.3g", $1 }')
			grep -q "^$allocator  *$shown ms" "$scratch/table" ||
				echo "$allocator $ms"
		done >"$scratch/differing"
	is "medians" "" "$(cat "$scratch/differing")"
	is "faults" \
		"vector-growth:scale=M|copy-realloc|reference|262128|262128|262128|511" \
		"$(grep 'vector.*|reference|' "$scratch/answer.2")"
	holds "no oracle where it does not apply, as of the floor" \
		grep -q '^server-churn.*|floor|[0-9]*|[0-9]*||' "$scratch/answer.2"
	# shellcheck disable=SC2016 # they are awk's
	holds "moving leaves more mappings at the end, not more holes" \
		awk -F '|' 'END { exit !(NR > 3 && $3 > 2 * $2 && $5 < 2 * $4) }' \
		"$scratch/answer.3"
	proves "the documented queries run, and say what the table says"

	database_of "$example" "$example"
	is "samples" "2|1|$(grep -c '"type":"sample"' "$example")" \
		"$(query 'SELECT count(DISTINCT run), min(run), count(*) / 2 FROM sample')"
	is "samples have a number of their own" 1 \
		"$(query 'SELECT count(DISTINCT sample) = count(*) FROM sample')"
	is "latencies" "$(query 'SELECT sum(operations_grow_count) FROM timed WHERE run = 1')" \
		"$(query "SELECT sum(count) FROM latency WHERE operation = 'grow' AND run = 2")"
	is "counters" 1 "$(query "SELECT sum(value) = (SELECT sum(faults_minor) FROM
		sample) FROM counter WHERE name = 'page-faults'")"
	is "facts" "6.18" "$(query "SELECT substr(json_extract(facts,
		'\$.machine.kernel'), 1, 4) FROM run WHERE run = 1")"
	proves "several files make several runs of one database"

	query .dump >"$scratch/before"
	run sqlite3 "$database" ".read $scratch/script.sql"
	holds "it is refused" test "$status" -ne 0
	query .dump >"$scratch/after"
	holds "it is what it was" cmp "$scratch/before" "$scratch/after"
	for share in 1 2 3; do
		rm -f "$database"
		head -c $(($(wc -c <"$scratch/script.sql") * share / 4)) \
			"$scratch/script.sql" | sqlite3 "$database" >"$out" 2>&1
		is "tables" "" "$(query .tables)"
	done
	proves "a script that is cut short or repeated changes nothing"

	# What JSON may hold, in a text and in a name.
	cat >"$scratch/edit" <<'END'
1s|"started"|"label":"it's \\"x\\"');DROP TABLE run;--\\n.shell touch PWNED\\ngo\\n/\\n",&|
1s|"mremap-maymove"|"./it's;--\\"x\\".so"|g
END
	sed -f "$scratch/edit" "$example" | sed "1s|PWNED|$scratch/pwned|" \
		>"$scratch/hostile.jsonl"
	mkdir "$scratch/it's a
folder"
	cp "$scratch/hostile.jsonl" "$scratch/it's a
folder/x"
	database_of "$scratch/it's a
folder/x"
	is "label" "it's \"x\"');DROP TABLE run;--
.shell touch $scratch/pwned
go
/" "$(query 'SELECT label FROM run')"
	is "allocator" "./it's;--\"x\".so" \
		"$(query 'SELECT allocator FROM cell WHERE cell = 5')"
	is "path" "$scratch/it's a
folder/x" "$(query 'SELECT path FROM run')"
	holds "nothing was run" test ! -e "$scratch/pwned"
	is "lines that begin no statement" 0 \
		"$(grep -cvE '^(INSERT|CREATE|BEGIN|COMMIT|\.bail on$)' "$scratch/script.sql")"
	proves "hostile texts are values, and nothing else"

	head -n 1 "$example" >"$scratch/empty.jsonl"
	head -n 30 "$example" >"$scratch/interrupted.jsonl"
	database_of "$scratch/empty.jsonl" "$scratch/interrupted.jsonl"
	is "runs" "0|$(grep -c '"type":"sample"' "$scratch/interrupted.jsonl")" "$(query 'SELECT count(*) FILTER (WHERE run = 1),
		count(*) FILTER (WHERE run = 2) FROM sample' )"
	is "status" "1|1" "$(query 'SELECT status IS NULL, calibration IS NULL
		FROM run WHERE run = 1')"
	proves "a run that was interrupted, or has no samples, makes a database, too"
}

if command -v sqlite3 >/dev/null; then
	sqlite_tests
else
	skips "sqlite3 makes a database of the script" "sqlite3 is not installed"
fi

# The real one prints the same table of the same latencies, but for the digits
# after its point and for the longest latency, which it knows less exactly.
jar=/usr/share/java/hdrhistogram.jar
cat >"$scratch/Percentiles.java" <<'END'
import java.util.Scanner;
import org.HdrHistogram.Histogram;

public class Percentiles {
	public static void main(String[] arguments) {
		Histogram histogram = new Histogram((1L << 38) - 1, 2);
		Scanner in = new Scanner(System.in);

		while (in.hasNextLong())
			histogram.recordValueWithCount(in.nextLong(), in.nextLong());
		histogram.outputPercentileDistribution(System.out, 5, 1000.0);
	}
}
END
# Rows, values apart: they are rounded to two digits there, to three here; and
# C's printf rounds a half to even, Java's up.
rows() {
	awk 'NF >= 3 && $1 + 0 == $1 { printf "%.9f %s %s\n", $2, $3, $4 }' "$1"
}
values_differ() {
	awk 'NF >= 3 && $1 + 0 == $1 { print $1 }' "$1" >"$scratch/values"
	awk 'NF >= 3 && $1 + 0 == $1 { print $1 }' "$2" | paste "$scratch/values" - |
		awk -v longest="$(tail -n 1 "$scratch/values")" \
			'$1 != longest && ($1 - $2) ^ 2 > .0051 ^ 2'
}
if [ -e $jar ] && command -v javac >/dev/null && command -v sqlite3 >/dev/null; then
	database_of "$example"
	query "SELECT low_ns || ' ' || count FROM latency
		WHERE run = 1 AND cell = 5 AND operation = 'grow'" |
		java -cp $jar "$scratch/Percentiles.java" >"$scratch/theirs" 2>"$err"
	run "$regrow" export --format hdr "$example" -o "$scratch/latencies"
	ends_with 0
	ours=$scratch/latencies/cell-005-mremap-maymove-row-grow.hgrm
	rows "$ours" >"$scratch/ours.rows"
	rows "$scratch/theirs" >"$scratch/theirs.rows"
	holds "there are rows" test "$(wc -l <"$scratch/theirs.rows")" -gt 20
	holds "they are the same" cmp "$scratch/ours.rows" "$scratch/theirs.rows"
	is "values" "" "$(values_differ "$ours" "$scratch/theirs")"
	is "buckets" "$(tail -n 1 "$scratch/theirs")" \
		"$(tail -n 1 "$ours")"
	proves "HdrHistogram itself prints the same percentiles"
else
	skips "HdrHistogram itself prints the same percentiles" \
		"no JDK, libhdrhistogram-java or sqlite3; test_export_hdr checks the format"
fi

if python3 -c 'import pyperf' 2>/dev/null; then
	export_as pyperf "$example"
	cp "$out" "$scratch/suite.json"
	run python3 -m pyperf check "$scratch/suite.json"
	run python3 -c 'import pyperf, sys
suite = pyperf.BenchmarkSuite.load(sys.argv[1])
print(len(suite), suite.get_benchmarks()[0].get_nvalue())' "$scratch/suite.json"
	ends_with 0
	is "benchmarks and values" "12 12" "$(cat "$out")"
	proves "pyperf loads the suite"
else
	skips "pyperf loads the suite" \
		"no pyperf, which Debian has not; test_export_pyperf makes its checks"
fi

if command -v benchstat >/dev/null; then
	export_as benchfmt "$example"
	cp "$out" "$scratch/bench.txt"
	run benchstat -table /workload -row /thp -col /allocator "$scratch/bench.txt"
	ends_with 0
	prints "mremap-maymove"
	proves "benchstat compares the allocators"
else
	skips "benchstat compares the allocators" \
		"no benchstat, which Debian has not; test_export_benchfmt reads by its rules"
fi

# A pipe can be read once.
export_as csv "$example" "$example"
cut -d , -f 2- "$out" >"$scratch/files"
# shellcheck disable=SC2002 # a pipe is what is tested
cat "$example" | "$regrow" export /dev/stdin "$example" >"$out" 2>"$err"
status=$?
ends_with 0
complains_not
cut -d , -f 2- "$out" >"$scratch/pipes"
holds "it is the same" cmp "$scratch/files" "$scratch/pipes"
proves "results from a pipe are exported beside those of a file"

run "$regrow" export "$example" --format benchfmt -o "$scratch/bench.out"
ends_with 0
prints_nothing
export_as benchfmt "$example"
holds "it is the same" cmp "$out" "$scratch/bench.out"
umask 027
run "$regrow" export "$example" -o "$scratch/private.csv"
is "mode" -rw-r----- "$(find "$scratch/private.csv" -printf %M)"
proves "--output writes what standard output would get"

head -n 1 "$example" >"$scratch/empty.jsonl"
run "$regrow" export --format pyperf "$scratch/empty.jsonl"
ends_with 4
complains "no valid sample"
prints_nothing
proves "a suite that pyperf could not load is not made"

for format in csv hdr pyperf benchfmt sqlite; do
	"$regrow" export "$example" --format $format >/dev/full 2>"$err"
	status=$?
	ends_with 5
	complains "No space left on device"
	complains $format
done
proves "no format is cut short in silence by a full disk"

run "$regrow" export "$example" --format sqlit
ends_with 2
complains "did you mean 'sqlite'?"
run "$regrow" export "$example" --format parquet
ends_with 2
complains "there are csv, hdr, pyperf, benchfmt, sqlite"
proves "an unknown format is answered with the nearest, or with all"

ends
