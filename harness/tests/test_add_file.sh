#!/bin/sh
# test_add_file - adding an allocator or a workload is adding one file.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
[ -z "${SANITIZE:-}" ] || {
	echo "the build is the same without a sanitizer, and tested there"
	exit 77
}

# The tree with what was built of it, so that only the change is compiled; not
# the sources of kernels, and other builds.
tree=$scratch/tree
mkdir "$tree"
# shellcheck disable=SC2046 # file names of this tree have no blanks
cp -a --parents $(git ls-files --cached --others --exclude-standard 2>/dev/null ||
	find . -type f ! -path './build/*' ! -path './.git/*') "$tree"
mkdir "$tree/build"
for part in "$build"/*; do
	case ${part##*/} in
	lab | arm64 | lint | static | sanitize-*) ;;
	*) cp -a "$part" "$tree/build/" ;;
	esac
done
made() {
	run make -C "$tree" build CC="${CC:-cc}"
}

# The skeleton under another name, as its head says.
skeleton() {
	sed "s/skeleton-$1/$2/g; s/skeleton_$1/$(echo "$2" | tr - _)/g; s/\"skeleton\"/\"$2\"/; s/skeleton_/$(echo "$2" | tr - _)_/g; s/= skeleton;/= $(echo "$2" | tr - _);/" \
		"$root/harness/docs/skeleton-$1.c"
}
skeleton allocator my-allocator >"$scratch/my-allocator.c"
skeleton workload my-workload >"$scratch/my-workload.c"

made
ends_with 0
proves "the copied tree builds"

cp "$scratch/my-allocator.c" "$tree/allocators/"
cp "$scratch/my-workload.c" "$tree/workloads/"
made
ends_with 0
run "$tree/build/regrow" list
ends_with 0
prints "my-allocator"
prints "my-workload"
proves "one more file in allocators/ and in workloads/ is listed after make"

new=$scratch/new.jsonl
run "$tree/build/regrow" run --alloc my-allocator --workload my-workload \
	--rounds 1 --budget 1s --quiet --results "$new"
ends_with 0
prints "my-allocator"
holds "its samples are valid" grep -q '"allocator":"my-allocator' "$new"
holds "none failed" sh -c "! grep -q '\"valid\":false' '$new'"
proves "what was added is measured beside the reference, nothing else edited"

rm "$tree/allocators/my-allocator.c" "$tree/workloads/my-workload.c"
made
ends_with 0
run "$tree/build/regrow" list
holds "the allocator is gone" sh -c "! grep -q my-allocator '$out'"
holds "the workload is gone" sh -c "! grep -q my-workload '$out'"
proves "what was removed is gone after make"

for kind in allocator workload; do
	run "${CC:-cc}" -O2 -D_GNU_SOURCE -I"$root/harness/include" -shared -fPIC \
		-o "$scratch/my-$kind.so" "$scratch/my-$kind.c"
	ends_with 0
done
rm -f "$new"
run "$regrow" run --alloc "$scratch/my-allocator.so" \
	--workload "$scratch/my-workload.so" --rounds 1 --budget 1s --quiet --results "$new"
ends_with 0
holds "it is recorded under its path" \
	grep -q "\"allocator\":\"$scratch/my-allocator.so" "$new"
proves "the same files as plug-ins, out of the tree, are measured by their paths"
ends
