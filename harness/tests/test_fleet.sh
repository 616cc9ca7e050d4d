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
while [ "\$1" != -- ]; do shift; done
host=\$2
shift 2
echo "\$host" >>"$farm/calls"
case \$host in
dead) [ -e "$farm/repaired" ] || exit 255 ;;
loud) printf '\033[2J\033[31mowned\n' >&2 && exit 255 ;;
booting)
	if [ \$(grep -c booting "$farm/calls") -lt 3 ]; then
		echo 'ssh: connect to host booting port 22: Connection refused' >&2
		exit 255
	fi
	;;
esac
mkdir -p "$farm/\$host"
cd "$farm/\$host" || exit 255
# Files of another machine are not limited; what is printed is.
case \$* in
*--fetch*) ;;
*) ulimit -f unlimited ;;
esac
export HOME="$farm/\$host"
case \$* in
*--tied*)
	[ "\$host" != liar ] && [ "\$host" != flood ] || exit 0
	if [ "\$host" = gone ] && [ ! -e "$farm/was-gone" ]; then
		: >"$farm/was-gone"
		sleep 20 | setsid sh -c "\$*" &
		until stat -c %i .cache/regrow-fleet/*/gone.jsonl >"$farm/was-gone" 2>/dev/null; do
			sleep 0.01
		done
		# The next try is to come before its end.
		kill -s STOP -- -\$!
		(sleep 8; kill -s CONT -- -\$!) >/dev/null 2>&1 &
		exit 255
	fi
	if [ "\$host" = torn ] && [ ! -e "$farm/was-torn" ]; then
		: >"$farm/was-torn"
		printf '{"type":"run","form' >\$(echo .cache/regrow-fleet/*)/torn.jsonl
		exit 255
	fi
	if [ "\$host" = cut ] && [ ! -e "$farm/was-cut" ]; then
		: >"$farm/was-cut"
		exec 3<&0
		setsid sh -c "\$*" <&3 &
		# By hundredths of a second: some machines end it in a tenth.
		while ! grep -q '"round":0,"pass":"timing"' .cache/regrow-fleet/*/cut.jsonl 2>/dev/null; do
			kill -0 \$! 2>/dev/null || break
			kill -s CONT -- -\$! 2>/dev/null
			sleep 0.01
			kill -s STOP -- -\$! 2>/dev/null
		done
		kill -s KILL -- -\$!
		wait \$!
		exit 255
	fi
	;;
*--fetch*)
	case \$host in
	liar) echo '{"type":"nothing"}' && exit 0 ;;
	flood)
		yes '{"type":"sample"}' | head -c 20000000 && : >"$farm/all-was-taken"
		exit
		;;
	other)
		sh -c "\$*" | sed '1s/"seed":1/"seed":2/'
		exit 0
		;;
	esac
	;;
*short.new*"/regrow'")
	if [ "\$host" = short ] && [ ! -e "$farm/was-short" ]; then
		: >"$farm/was-short"
		head -c 100000 | sh -c "\$*"
		exit 255
	fi
	;;
esac
exec sh -c "\$*"
END
chmod +x "$scratch/ssh"

# fleet [NAME=VALUE]...
fleet() {
	run env SSH="$scratch/ssh" REGROW="$static" OUTPUT="$scratch/fleet" \
		WORKLOAD=vector-growth:last=128K ROUNDS=3 TRIES=1 "$@" \
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
complains "fleet: $(wc -l <"$scratch/fleet/hosts") of $(wc -l <"$scratch/fleet/hosts") hosts: "
proves "each host of the list measures one plan, and its results come back"

: >"$farm/calls"
fleet
ends_with 0
holds "no host is asked again" test ! -s "$farm/calls"
proves "a fleet that is complete is not measured again"

printf '%s\n' cut gone short torn booting >"$scratch/hosts"
fleet TRIES=2
ends_with 0
holds "it was cut off" test -e "$farm/was-cut"
holds "its run was gone on with" grep -q '^{"type":"resume"' "$scratch/fleet/cut.jsonl"
holds "its samples are there once" \
	sh -c "grep -o '\"sequence\":[0-9]*' '$scratch/fleet/cut.jsonl' | sort | uniq -d | wc -l | grep -qx 0"
proves "a host that is cut off in mid-run is resumed, and its results arrive once"

holds "its connection was lost" grep -q "gone.cut off" "$scratch/fleet/failures.tsv"
holds "the file is the one that was left" \
	sh -c "stat -c %i '$farm'/gone/.cache/regrow-fleet/*/gone.jsonl | cmp - '$farm/was-gone'"
holds "its run was not begun or taken up again" \
	sh -c "! grep -q '^{\"type\":\"resume\"' '$scratch/fleet/gone.jsonl'"
holds "its samples are there once" \
	sh -c "grep -o '\"sequence\":[0-9]*' '$scratch/fleet/gone.jsonl' | sort | uniq -d | wc -l | grep -qx 0"
proves "a run that goes on without its connection is waited for, and not measured again"

holds "both were cut off" test -e "$farm/was-short" -a -e "$farm/was-torn"
proves "half a program is not run, and a run that was stopped before it began begins anew"

holds "it refused more often than there are tries" \
	sh -c "[ \$(grep -c booting '$farm/calls') -gt 6 ] && ! grep -q booting '$scratch/fleet/failures.tsv'"
proves "a host that is away is waited for"

printf 'one\ndead\nliar\nother\nflood\nloud\n' >"$scratch/hosts"
fleet SIZE=1M
ends_with 1
complains 'dead: it cannot be reached'
complains 'liar: what it sent is not its results'
complains 'other: what it sent is not its results'
complains 'is of another plan'
complains 'flood: it sends more than SIZE=1M'
complains 'loud: it cannot be reached: ?[2J?[31mowned'
prints 'complete'
prints 'none'
for host in liar other flood loud; do
	holds "nothing of $host is kept" test ! -e "$scratch/fleet/$host.jsonl"
done
holds "no more than asked for was taken" \
	test ! -e "$farm/all-was-taken"
proves "dead hosts and those that send something else are named; the others count"

printf 'one\ndead\n' >"$scratch/hosts"
: >"$farm/repaired"
: >"$farm/calls"
fleet
ends_with 0
holds "nobody else is asked" sh -c "! grep -vqx dead '$farm/calls'"
proves "a host that comes back after its tries is measured by the next fleet"

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
printf 'a:22\na_22\n' >"$scratch/hosts"
fleet
ends_with 2
complains 'a_22.jsonl'
printf 'one\n' >"$scratch/hosts"
fleet LIMIT=soon
ends_with 2
fleet SIZE=much
ends_with 2
proves "what is no name of a host is refused before anything is sent"

printf 'one\n' >"$scratch/hosts"
run env SSH="$scratch/ssh" REGROW="$static" OUTPUT="$scratch/fleet" \
	WORKLOAD=vector-growth:last=256K ROUNDS=3 harness/lab/fleet "$scratch/hosts"
ends_with 1
complains 'another plan'
proves "results of another plan are not added to"

ends
