#!/bin/sh
# test_layering - who may know whom, as the design says, checked on the sources.
set -u
cd "$(dirname "$0")/../.." || exit 1
number=0
failed=0

# expect_nothing NAME: passes where $found, what was looked for, is empty.
expect_nothing() {
	number=$((number + 1))
	if [ -z "$found" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$found" | sed 's/^/# /'
		failed=1
	fi
}

plugins=$(ls allocators/*.c workloads/*.c)
# The driver's own text may show a spelling in --help, but no code may know one.
code=$(find harness/common harness/sample harness/driver harness/preload harness/include harness/main.c \
	-name '*.[ch]' ! -name 'command_*.c' ! -name cli.c)

# shellcheck disable=SC2086
found=$(grep -n '#include "' $plugins)
expect_nothing "plug-ins include only the contracts and the system"
found=$(for plugin in $plugins; do
	name=$(basename "$plugin" .c)
	[ "$name" = null ] && name='null"' # the word is JSON's and C's as well
	# A growth rule may have an allocator's word: reserve.
	# shellcheck disable=SC2086
	grep -nwF -- "\"$name" $code | grep -v '{\.kind = GROWTH_'
done)
expect_nothing "the harness names no allocator and no workload"
found=$(for plugin in $plugins; do
	name=$(basename "$plugin" .c)
	grep -q "\.name = \"$name\"" "$plugin" || echo "$plugin is not called $name"
done)
expect_nothing "a plug-in's name is its file's"
found=$(grep -rln 'hwloc\.h' harness allocators workloads --include='*.[ch]' | grep -v '^harness/driver/placement\.c$')
expect_nothing "hwloc is known to one file"
found=$(grep -rln 'jansson\.h' harness allocators workloads --include='*.[ch]' | grep -v '^harness/driver/json\.c$')
expect_nothing "jansson is known to one file"
found=$(grep -rln 'perfmon/' harness allocators workloads --include='*.[ch]' | grep -v '^harness/driver/counters\.c$')
expect_nothing "libpfm4 is known to one file"
# The preload library is no part of the driver, and writes what that reads.
found=$(grep -rln 'zstd\.h' harness allocators workloads --include='*.[ch]' | grep -vE '^harness/(driver/zstd_file\.c|preload/trace_file\.c|tests/[a-z_]*\.[ch])$')
expect_nothing "zstd is known to one file of the driver and one of the preload library"
found=$(grep -rn '#include "driver/' harness/sample harness/common)
expect_nothing "the sample's side knows nothing of the driver's"
found=$(grep -rnE '\b(malloc|calloc|realloc|free|strdup|printf|fprintf|fopen)\(' harness/preload --include='*.c' |
	grep -v '^harness/preload/interpose\.c:\|next\.\|__attribute__\|:[[:space:]]*/\?\*')
expect_nothing "the preload library asks nothing of the malloc that it is"
found=$(grep -rnE '\b(malloc|calloc|realloc|strdup|printf|fopen)\(' harness/sample harness/common --include='*.c')
expect_nothing "the sample's side neither allocates nor prints"
found=$(find plot -name '*.gp' -exec grep -nHE '^[^#]*(system *\(|popen|`|"<)' {} +)
expect_nothing "plot scripts start no program"
# shellcheck disable=SC2016 # awk's
found=$(git ls-files '*.c' '*.h' | xargs awk '
	FNR == 1 {
		said = 0
		name = FILENAME
		sub(/.*\//, "", name)
		sub(/\.[ch]$/, "", name)
		first = "^(/[*]| [*]) (regrow/)?" name "([.]h)? - "
	}
	FNR <= 2 && $0 ~ first { said = 1 }
	FNR == 2 && !said { print FILENAME " does not say what it is" }')
expect_nothing "the first line of each file says what it is"
# shellcheck disable=SC2016
found=$(git ls-files '*.c' '*.h' | xargs awk 'FNR == 1 { files++ } length($0) > 100 { print FILENAME ":" FNR }')
expect_nothing "no line is far beyond its column"

echo "1..$number"
exit $failed
