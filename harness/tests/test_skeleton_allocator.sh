#!/bin/sh
# test_skeleton_allocator.sh - the skeleton compiles as a plug-in and built in.
set -u
CC=${CC:-cc}
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
source=$root/harness/docs/skeleton-allocator.c
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
number=0 failed=0

verdict() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		failed=1
	fi
}

compile() {
	"$CC" -std=gnu17 -O2 -Wall -Wextra -Werror -Wmissing-prototypes \
		-Wshadow -D_GNU_SOURCE -I"$root/harness/include" "$@" "$source"
}

echo "1..6"
compile -shared -fPIC -o "$folder/skeleton.so"
verdict $? "the skeleton compiles as a plug-in"
nm -D "$folder/skeleton.so" | grep -q ' regrow_allocator$'
verdict $? "the plug-in exports regrow_allocator"
[ "$(nm -D --defined-only "$folder/skeleton.so" | wc -l)" -eq 1 ]
verdict $? "the plug-in exports nothing else"
compile -DREGROW_BUILT_IN -fPIE -c -o "$folder/skeleton.o"
verdict $? "the skeleton compiles as a built-in"
readelf -SW "$folder/skeleton.o" | grep -q ' allocators '
verdict $? "the built-in has its pointer in the section of allocators"
"${BUILD:-build}/tests/test_allocator_contract" "$folder/skeleton.so" \
	>"$folder/contract" 2>&1
status=$?
verdict "$status" "the plug-in keeps the contract"
[ "$status" -eq 0 ] || sed 's/^/# /' "$folder/contract"
exit "$failed"
