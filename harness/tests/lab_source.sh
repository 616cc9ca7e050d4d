# shellcheck shell=sh
# lab_source - for tests: a kernel's source as harness/lab/packages has it
# unpacked, 6.1.9, in a lab of the test's own. It has no Makefile yet.
# shellcheck disable=SC2154 # tap.sh sets it
LAB=$scratch/lab
export LAB
source=$LAB/sources/6.1.9-1
mkdir -p "$LAB/apt-amd64" "$source/mm"
echo '6.1.9-1 linux-image-6.1.9-cloud-amd64' >"$LAB/apt-amd64/kernels"
echo '6.1.9-1 linux-source-6.1' >"$LAB/apt-amd64/sources"
echo 'linux-source-6.1 6.1.9-1' >"$source/package"
