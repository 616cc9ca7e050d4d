#!/bin/sh
# test_libraries - libraries that are preloaded: told, recorded, refused; and the
# installed ones, through the contract's test.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

case ${SANITIZE:-} in
*address* | *thread*)
	run "$regrow" list
	prints "malloc:lib=jemalloc    not usable here: this regrow was built with a sanitizer"
	proves "a sanitizer's build says why it preloads nothing"
	ends
	;;
esac

# library NAME [-DWHAT...]: a library to preload, with what it is to do wrong.
library() {
	library=$scratch/$1.so
	shift
	"${CC:-cc}" -O1 -fno-builtin -shared -fPIC -D_GNU_SOURCE "$@" \
		-o "$library" harness/tests/plugins/page-malloc.c
}

library good
good=$library
measure --alloc "malloc:lib=$good"
ends_with 0
records "\"library\":{\"file\":\"$good\",\"version\":\"1.2.3\""
# Of the row's two samples, checking and timing, and of no other.
records_times 2 '"library":'
prints "library: malloc:lib="
prints "good.so, 1.2.3"
prints_not "skipped:"
proves "what was really loaded stands in each sample and under the table"

run "$regrow" show --json "$results"
ends_with 0
prints '"version": "1.2.3"'
prints "\"file\": \"$good\""
run "$regrow" show "$results"
prints "good.so, 1.2.3"
proves "it is shown again, and in JSON"

cp "$results" "$scratch/base.jsonl"
library other -DVERSION=124
cp "$library" "$good"
run "$regrow" run --resume "$results" --rounds 2
ends_with 1
complains "binary"
proves "a run does not go on with another build of the library"

measure --alloc "malloc:lib=$good"
run "$regrow" compare "$scratch/base.jsonl" "$results"
prints "library of malloc:lib="
prints "1.2.4"
proves "a comparison says that the library is another one"

# A plan of what is here, run where it is not.
mv "$good" "$scratch/away.so"
run "$regrow" run --plan "$results" --dry-run
prints "good.so cannot be preloaded (cannot open shared object file"
proves "a plan that is read again skips what is no longer there"

# skipped_with NAME REASON: not measured, for that reason, and nothing else is.
skipped_with() {
	run "$regrow" run --alloc "malloc:lib=$scratch/$1.so" --workload "$steps" --dry-run
	prints "$2"
}

echo 'this is a text, and no library' >"$scratch/text.so"
skipped_with text "text.so cannot be preloaded ("
skipped_with missing "missing.so cannot be preloaded (cannot open shared object file)"
# The class of a 32-bit ELF file.
cp "$scratch/away.so" "$scratch/class.so"
printf '\001' | dd of="$scratch/class.so" bs=1 seek=4 conv=notrunc 2>/dev/null
skipped_with class "class.so cannot be preloaded (wrong ELF class: ELFCLASS32)"
proves "what the loader cannot load is skipped, with its reason"

echo 'int unrelated(void); int unrelated(void) { return 1; }' >"$scratch/empty.c"
"${CC:-cc}" -shared -fPIC -o "$scratch/empty.so" "$scratch/empty.c"
skipped_with empty "empty.so is not loaded, or has no malloc"
library partial -DNO_USABLE_SIZE
skipped_with partial "has malloc, but malloc_usable_size is that of"
library forgets -DFORGETS
skipped_with forgets "does not serve a block as it must"
library crashes -DCRASHES
skipped_with crashes "it does not work: Aborted"
proves "a library that is loaded and does not serve is skipped, too"

# refused SPELLING REASON
refused() {
	measure --alloc "$1"
	ends_with 2
	complains "$2"
}
refused "malloc:lib=jemallok" "is none of libc, jemalloc, mimalloc, tcmalloc"
refused "malloc:lib=jemalloc:threshold=2M" "threshold=, dynamic= and hugetlb= are glibc's"
refused "malloc:lib=mimalloc:dynamic=yes" "are glibc's"
refused "malloc:conf=[narenas:1]" "conf= is for a library"
refused "malloc:dynamic=yes:threshold=1M" "threshold= pins what dynamic=yes lets rise"
refused "malloc:lib=jemalloc:conf=[narenas=1]" "'narenas=1' is not key:value"
refused "malloc:lib=jemalloc:conf=[narenas:1,]" "nothing stands behind the last comma"
refused "malloc:lib=jemalloc:conf=[a:1,,b:2]" "is not key:value"
refused "malloc:lib=mimalloc:conf=[purge_delay:1]" "is not NAME=VALUE"
refused "malloc:lib=./x.so:conf=[LD_LIBRARY_PATH=/x]" "LD_LIBRARY_PATH is not the library's to set"
refused "malloc:lib=mimalloc:conf=[ld_preload=/x]" "ld_preload is not the library's to set"
refused "malloc:lib=./x.so:conf=[A=\$HOME]" "cannot stand in a value"
refused "malloc:lib=[/a b.so]" "cannot be preloaded: give the file another name"
refused "malloc:lib=[/a:b.so]" "cannot be preloaded: give the file another name"
proves "options that mean nothing for the library, or are malformed, are refused"

# What conf= becomes: the library reads it.
cat >"$scratch/reads.c" <<'END'
#include <stdlib.h>
#include <string.h>
__attribute__((constructor)) static void reads(void)
{
	const char *a = getenv("A"), *b = getenv("B");
	if (!a || strcmp(a, "1,2:x") != 0 || !b || strcmp(b, "") != 0)
		abort();
}
END
"${CC:-cc}" -O1 -fno-builtin -shared -fPIC -D_GNU_SOURCE -o "$scratch/reads.so" \
	"$scratch/reads.c" harness/tests/plugins/page-malloc.c
measure --alloc "malloc:lib=$scratch/reads.so:conf=[A=[1,2:x],B=]"
ends_with 0
records_times 2 '"library":'
skipped_with reads "it does not work: Aborted"
proves "settings reach a library that is named by its path"

run "$regrow" run --alloc "malloc:lib=$scratch/away.so" --workload "$steps" --thp madvise --dry-run
if grep -q 'THP is\|no transparent huge pages' "$out"; then
	skips "huge pages that nobody asks for are not measured" "THP is off here"
else
	prints "say it by conf=, or use --thp always"
	proves "huge pages that nobody asks for are not measured"
fi

# The libraries that are installed here.
run "$regrow" list
cp "$out" "$scratch/list"
is_installed() {
	grep -q "lib=$1  *here: " "$scratch/list"
}
for name in jemalloc mimalloc tcmalloc; do
	is_installed $name && continue
	grep -q "lib=$name  *not usable here: .*make deps-allocators installs $name" \
		"$scratch/list" || problem "list does not say how to get $name"
done
proves "list says which libraries are here, and how to get the others"

for name in jemalloc mimalloc tcmalloc; do
	is_installed $name || {
		skips "$name keeps the contract" "not installed: make deps-allocators"
		skips "$name is not measured with settings that it does not have" "not installed"
		continue
	}
	file=$(sed -n "s/.*lib=$name  *here: \([^,]*\).*/\1/p" "$scratch/list")
	run env LD_PRELOAD="$file" "$build/tests/test_allocator_contract" "malloc:lib=$name"
	ends_with 0
	complains_not_of "cannot be preloaded"
	proves "$name keeps the contract"

	case $name in
	jemalloc) settings=nosuch:1 told='nosuch' ;;
	*) settings=nosuch=1 told='no setting' ;;
	esac
	run "$regrow" run --alloc "malloc:lib=$name:conf=[$settings]" --workload "$steps" --dry-run
	prints "$told"
	proves "$name is not measured with settings that it does not have"
done

ends
