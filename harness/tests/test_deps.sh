#!/bin/sh
# test_deps - what each package manager is told, and what is said without one.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
deps=harness/packaging/deps

for manager in apt-get dnf pacman zypper; do
	case $manager in
	apt-get) hwloc=libhwloc-dev words='apt-get install' ;;
	dnf) hwloc=hwloc-devel words='dnf install -y' ;;
	pacman) hwloc=hwloc words='pacman -S --needed' ;;
	zypper) hwloc=hwloc-devel words='zypper --non-interactive install' ;;
	esac
	run env DEPS_MANAGER=$manager DEPS_ASSUME_MISSING=1 $deps build --dry-run
	ends_with 0
	prints "$hwloc"
	prints "deps: build: will install"
	prints "$words"
	proves "$manager is told the packages by its own names"
done

for set in allocators lab lint report; do
	run env DEPS_MANAGER=apt-get DEPS_ASSUME_MISSING=1 $deps $set --dry-run
	ends_with 0
	prints "deps: $set: will install"
done
proves "each set has packages"

run env DEPS_MANAGER=unknown DEPS_ASSUME_MISSING=1 $deps build --dry-run
ends_with 1
complains "please install"
complains "libhwloc-dev"
proves "without a known manager the packages are named"

run $deps nonsense
ends_with 2
complains "usage"
proves "an unknown set is a usage error"

# Everything is there: nothing is run, whatever the manager.
run env DEPS_MANAGER=apt-get $deps build --dry-run
if grep -q 'will install' "$out"; then
	skips "nothing missing, nothing done" "something is missing here"
else
	ends_with 0
	prints "nothing is missing"
	holds "no manager is called" sh -c "! grep -q apt-get '$out'"
	proves "nothing missing, nothing done"
fi

# A user who is not root: with sudo, and without.
mkdir "$scratch/bin"
printf '#!/bin/sh\necho 1000\n' >"$scratch/bin/id"
for tool in sh uname grep sed cat env; do
	ln -s "$(command -v $tool)" "$scratch/bin/$tool"
done
chmod +x "$scratch/bin/id"
run env PATH="$scratch/bin" DEPS_MANAGER=dnf DEPS_ASSUME_MISSING=1 $deps build --dry-run
ends_with 1
complains "as root, install"
proves "a user without sudo is told what root has to install"
ln -s /bin/true "$scratch/bin/sudo"
run env PATH="$scratch/bin" DEPS_MANAGER=dnf DEPS_ASSUME_MISSING=1 $deps build --dry-run
ends_with 0
prints "deps: sudo dnf install"
proves "a user with sudo installs by it"
ends
