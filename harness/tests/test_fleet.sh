#!/bin/sh
# test_fleet - one plan goes to all hosts and their results come back once; a host
# that dies in mid-run is resumed; what is no results file is refused. Its ssh is
# a script: each host is a folder.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

for tool in parallel flock; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # skip no $tool: make deps-lab"
		exit 77
	fi
done
static=$build/static/regrow
if [ ! -x "$static" ]; then
	echo "1..0 # skip no static binary: make static"
	exit 77
fi
farm=$scratch/farm
mkdir "$farm"
# Options, "--", a host, a command: what ssh gets.
cat >"$scratch/ssh" <<END
#!/bin/sh
ulimit -f unlimited # another machine's
while [ "\$1" != -- ]; do shift; done
host=\$2
shift 2
echo "\$host" >>"$farm/calls"
[ "\$host" != dead ] || exit 255
mkdir -p "$farm/\$host"
cd "$farm/\$host" || exit 255
export HOME="$farm/\$host"
case \$* in
*--tied*)
	if [ "\$host" = cut ] && [ ! -e "$farm/was-cut" ]; then
		: >"$farm/was-cut"
		exec 3<&0
		setsid sh -c "\$*" <&3 &
		while ! grep -q '"round":0,"pass":"timing"' .cache/regrow-fleet/*/cut.jsonl 2>/dev/null; do
			kill -0 \$! 2>/dev/null || break
			sleep 0.05
		done
		kill -s KILL -- -\$!
		wait \$!
		exit 255
	fi
	;;
*--fetch*)
	[ "\$host" != liar ] || { echo '{"type":"nothing"}'; exit 0; }
	;;
esac
exec sh -c "\$*"
END
chmod +x "$scratch/ssh"

fleet() {
	run env SSH="$scratch/ssh" REGROW="$static" OUTPUT="$scratch/fleet" \
		WORKLOAD=vector-growth:last=128K ROUNDS=3 TRIES="${TRIES:-1}" \
		harness/lab/fleet "$scratch/hosts"
}
printf 'one\n# a comment\nuser@two:2222   # with a port\none\n' >"$scratch/hosts"
fleet
ends_with 0
prints 'one '
prints 'user@two:2222 '
holds "each host gave its results once" \
	sh -c "test \"\$(ls '$scratch/fleet'/*.jsonl | wc -l)\" = 2"
holds "they are whole" sh -c "tail -qn 1 '$scratch/fleet'/*.jsonl | grep -c '\"status\":\"done\"' | grep -qx 2"
holds "they are of one plan" \
	sh -c "for f in '$scratch/fleet'/*.jsonl; do head -n 1 \"\$f\" | grep -oE '\"(workload|allocator|seed)\":[^,]*' | tr '\n' ' '; echo; done | sort -u | wc -l | grep -qx 1"
holds "there is a log of the jobs" grep -q one "$scratch/fleet/jobs.tsv"
proves "each host of the list measures one plan, and its results come back"

: >"$farm/calls"
fleet
ends_with 0
holds "no host is asked again" test ! -s "$farm/calls"
proves "a fleet that is complete is not measured again"

echo cut >>"$scratch/hosts"
TRIES=2 fleet
ends_with 0
holds "it was cut off" test -e "$farm/was-cut"
holds "its run was gone on with" grep -q '^{"type":"resume"' "$scratch/fleet/cut.jsonl"
holds "its samples are there once" \
	sh -c "grep -o '\"sequence\":[0-9]*' '$scratch/fleet/cut.jsonl' | sort | uniq -d | wc -l | grep -qx 0"
proves "a host that is cut off in mid-run is resumed, and its results arrive once"

printf 'one\ndead\nliar\n' >"$scratch/hosts"
fleet
ends_with 1
complains 'dead: it cannot be reached'
complains 'liar: what it sent is not its results'
prints 'complete'
prints 'none'
holds "nothing of the liar is kept" test ! -e "$scratch/fleet/liar.jsonl"
proves "a dead host and one that sends something else are named; the others count"

printf 'one\n-oProxyCommand=reboot\n' >"$scratch/hosts"
fleet
ends_with 2
complains 'is no [USER@]HOST[:PORT]'
# shellcheck disable=SC2016 # it is to be sent as it is
printf '$(reboot)\n' >"$scratch/hosts"
fleet
ends_with 2
: >"$scratch/hosts"
fleet
ends_with 2
complains 'names no host'
proves "what is no name of a host is refused before anything is sent"

printf 'one\n' >"$scratch/hosts"
run env SSH="$scratch/ssh" REGROW="$static" OUTPUT="$scratch/fleet" \
	WORKLOAD=vector-growth:last=256K ROUNDS=3 harness/lab/fleet "$scratch/hosts"
ends_with 1
complains 'another plan'
proves "results of another plan are not added to"

ends
