#!/bin/sh
# test_lab_profile - what a profile of the kernel says, from counts of blocks of
# code and the kernel's symbols to the functions that a change is in.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# Not in the order of addresses, as modules are not.
cat >"$scratch/symbols" <<'END'
ffffffff81000300 t move_page_tables.part.0
ffffffff81000100 T mmap_region
ffffffff81000200 T move_page_tables
ffffffff81000280 d not_code
ffffffff81000400 t walk.constprop.0.isra.0
ffffffff81000500 t handle.cold
ffffffff81000600 t version.2_of
END
cat >"$scratch/profile" <<'END'
calls alloc 4
calls grow 2
calls touch 0
code alloc ffffffff81000100 400
code alloc ffffffff810001ff 40
code grow ffffffff81000208 20
code grow ffffffff81000290 6
code grow ffffffff81000300 10
code grow ffffffff81000404 8
code grow ffffffff81000500 4
code grow ffffffff81000600 2
code touch ffffffff81000100 9
END
run harness/lab/profile-functions "$scratch/profile" "$scratch/symbols"
ends_with 0
holds "each operation has its functions, the most first, by call" \
	test "$(cat "$out")" = "$(printf '%s\t%s\t%s\n' \
		alloc mmap_region 110.0 \
		grow move_page_tables 18.0 \
		grow walk 4.0 \
		grow handle 2.0 \
		grow version.2_of 1.0)"
proves "blocks are counted to functions, a compiler's parts to their whole, data to none"

printf '%s\t%s\t%s\n' alloc mmap_region 100 alloc gone 50 grow same 7 >"$scratch/before"
printf '%s\t%s\t%s\n' alloc mmap_region 160 alloc come 20 grow same 7 reread tick 5 >"$scratch/after"
run harness/lab/profile-compare 6.1 "$scratch/before" 6.12 "$scratch/after"
ends_with 0
holds "the largest change comes first, with its part of the whole" \
	test "$(sed -n '/^alloc/,/^[^a ]/p' "$out" | sed '/^[^a ]/d' | tr -s ' ')" = "\
alloc, 6.1 to 6.12: 150 and 180 instructions of the kernel in a call (+20.0 %)
 +60 200 % mmap_region 100 to 160
 -50 -167 % gone 50 to 0
 +20 67 % come 0 to 20"
prints 'grow, 6.1 to 6.12: 7 and 7 instructions of the kernel in a call (+0.0 %)'
holds "there is no percentage of nothing" \
	grep -qx 'reread, 6.1 to 6.12: 0 and 5 instructions of the kernel in a call' "$out"
holds "operations come in the files' order" \
	test "$(sed -n 's/, .*//p' "$out" | tr '\n' ' ')" = 'alloc grow reread '
proves "a change is told by its functions, the largest first, and nothing of none"

run harness/lab/profile-compare 6.1 "$scratch/before" 6.12 "$scratch/after" 6.18 "$scratch/before"
ends_with 0
prints 'alloc, 6.12 to 6.18: 180 and 150 instructions'
run harness/lab/profile-compare 6.1 "$scratch/before"
ends_with 2
complains 'usage: profile-compare'
run harness/lab/profile-functions "$scratch/profile"
ends_with 2
complains 'usage: profile-functions'
proves "neighbours are compared in a row, and one kernel with nothing is refused"
ends
