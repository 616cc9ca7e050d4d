# shellcheck shell=bash
# clock.sh - what the lab's clock can be on this machine. Sourced.

# lab_clock ARCH [HOST [KVM [CPUINFO]]]: "time" where KVM can run kernels of ARCH,
# else "icount", with a word of why where there is a KVM. HOST is as uname(1) says
# it.
lab_clock() {
	local arch=$1 host=${2:-$(uname -m)} kvm=${3:-/dev/kvm} cpuinfo=${4:-/proc/cpuinfo}

	case $host in
	x86_64) host=amd64 ;;
	aarch64) host=arm64 ;;
	esac
	if [ ! -w "$kvm" ] || [ "$host" != "$arch" ]; then
		echo icount
	elif [ "$host" = amd64 ] && ! grep -qE '^flags.*[[:space:]](vmx|svm)([[:space:]]|$)' "$cpuinfo"; then
		# A KVM without the processor's help runs kernels that were made for it.
		echo "lab: $kvm has no vmx or svm to work with, and runs no ordinary kernel: instructions are counted" >&2
		echo icount
	else
		echo 'time'
	fi
}
