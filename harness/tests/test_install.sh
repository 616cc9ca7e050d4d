#!/bin/sh
# test_install - an installed regrow works by itself, and leaves when asked to.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

to=$scratch/to
placed() {
	run make "$@" CC="${CC:-cc}" SANITIZE="${SANITIZE:-}" \
		DESTDIR="$to" PREFIX=/opt/regrow
}
prefix=$to/opt/regrow
# Elsewhere than in the tree, where nothing of it is found by chance.
installed() {
	run env -C "$scratch" "$prefix/bin/regrow" "$@"
}

placed install
ends_with 0
holds "all is below DESTDIR and PREFIX" \
	[ -z "$(find "$to" -type f ! -path "$prefix/*")" ]
for file in bin/regrow lib/regrow/regrow-driver.so \
	lib/regrow/libregrow-preload.so include/regrow/allocator.h \
	share/regrow/plot/style.gp share/man/man1/regrow.1 \
	share/regrow/workloads/traces/sqlite-concat.trace.zst \
	share/bash-completion/completions/regrow \
	share/zsh/site-functions/_regrow share/fish/vendor_completions.d/regrow.fish; do
	holds "$file is there" [ -s "$prefix/$file" ]
done
proves "binary, driver, headers, plot scripts, traces, manual and completions are placed"

mv "$to/opt/regrow" "$to/opt/moved"
prefix=$to/opt/moved
installed list
ends_with 0
prints "(the reference)"
prints "|sqlite-concat)"
complains_not
proves "driver and traces are found from the binary, wherever the tree was moved"

installed run --alloc null --workload null --rounds 1 --quiet \
	--results "$scratch/installed.jsonl"
ends_with 0
proves "samples start from the installed binary"

cp harness/docs/skeleton-allocator.c "$scratch/mine.c"
run "${CC:-cc}" -O2 -shared -fPIC -D_GNU_SOURCE -I"$prefix/include" \
	-o "$scratch/mine.so" "$scratch/mine.c"
ends_with 0
installed run --alloc ./mine.so --workload null --rounds 1 --quiet \
	--results "$scratch/plugin.jsonl"
ends_with 0
proves "a plug-in builds with the installed headers and runs"

if sanitized; then
	skips "the installed library puts a program on an allocator" \
		"a sanitizer must be loaded first"
else
	run env LD_PRELOAD="$prefix/lib/regrow/libregrow-preload.so" \
		REGROW_ALLOC="$scratch/mine.so" REGROW_STATS=- "$prefix/bin/regrow" --version
	ends_with 0
	complains '"type":"preload"'
	proves "the installed library puts a program on an allocator"
fi

if command -v gnuplot >/dev/null; then
	installed plot -o "$scratch/figures" "$root/results/example/bench.jsonl"
	ends_with 0
	holds "a figure is drawn" sh -c "ls '$scratch/figures/'*.svg"
	proves "the installed plot scripts are found and draw"
else
	skips "the installed plot scripts are found and draw" "no gnuplot"
fi

mv "$to/opt/moved" "$to/opt/regrow"
touch "$to/opt/regrow/bin/another"
placed uninstall
ends_with 0
holds "only the other program is left" \
	[ "$(find "$to" -type f)" = "$to/opt/regrow/bin/another" ]
proves "uninstall takes away all that install placed, and nothing else"
ends
