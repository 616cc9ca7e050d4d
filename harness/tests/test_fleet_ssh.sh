#!/bin/sh
# test_fleet_ssh - a fleet of three real sshd, each a machine of its own as far as
# namespaces go: network, processes, mounts, name, home. One is cut off in mid-run
# and returns. All of it is in namespaces itself, so that nothing outlives it.
#
# usage: test_fleet_ssh.sh [--inside [--stay]]
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"

PATH=$PATH:/usr/sbin:/sbin
static=$build/static/regrow
away() {
	echo "1..0 # skip $*"
	exit 77
}
[ "$(id -u)" = 0 ] || away "not root: no network namespaces"
for tool in parallel flock ssh sshd ssh-keygen ip unshare setpriv pgrep; do
	command -v $tool >/dev/null || away "no $tool: make deps-lab"
done
[ -x "$static" ] || away "no static binary: make static"
# Whoever kills the first process of such a world ends all of it.
world="unshare --net --mount --pid --uts --fork --kill-child --mount-proc"
# shellcheck disable=SC2086 # words
$world ip link add wire type veth peer name far 2>/dev/null ||
	away "no network namespaces with veth here"

if [ "${1:-}" != --inside ]; then
	# shellcheck disable=SC2086 # words
	inside() {
		TMPDIR=$scratch exec setpriv --pdeathsig KILL $world \
			"$root/harness/tests/test_fleet_ssh.sh" --inside "$@"
	}
	# Processes that were started with something of this test.
	left() {
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >"$scratch/words"
		grep -F "$scratch" "$scratch/words"
	}
	# shellcheck disable=SC2317 # it is a claim's command
	nothing_left() {
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			[ -n "$(left)" ] || return 0
			sleep 0.2
		done
		return 1
	}
	started=
	trap '[ -z "$started" ] || kill -s KILL "$started" 2>/dev/null; wait; rm -rf "$scratch"' EXIT
	trap 'exit 143' TERM INT HUP

	(inside) &
	started=$!
	wait $started 2>/dev/null
	tap_failed=$?
	tap_number=$(cat "$scratch/number") || exit 1

	(inside --stay >"$scratch/stay" 2>&1) &
	started=$!
	until [ -e "$scratch/staying" ] || ! kill -0 $started 2>/dev/null; do
		sleep 0.1
	done
	holds "a fleet is measuring" test -e "$scratch/staying"
	holds "it can be seen" test -n "$(left)"
	kill -s KILL $started
	wait $started 2>/dev/null
	started=
	holds "nothing of it is left" nothing_left
	proves "nothing is left running, also where the test itself is killed"
	ends
fi
parent=$TMPDIR

# machine N PORT: h$N at 10.77.N.2; its wire ends here as wire$N.
farm=$scratch/farm
machine() {
	mkdir "$farm/h$1"
	ssh-keygen -q -t ed25519 -N '' -f "$farm/key$1"
	printf 'Host h%s\nHostName 10.77.%s.2\n' "$1" "$1" >>"$farm/config"
	printf '[10.77.%s.2]:%s %s\n' "$1" "$2" "$(cut -d ' ' -f 1,2 "$farm/key$1.pub")" |
		sed 's/^\[\(.*\)\]:22 /\1 /' >>"$farm/known"
	# It notices in two seconds that its client is gone.
	cat >"$farm/sshd$1" <<END
Port $2
ListenAddress 10.77.$1.2
HostKey $farm/key$1
AuthorizedKeysFile $farm/user.pub
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
UseDNS no
ClientAliveInterval 1
ClientAliveCountMax 2
END
	printf 'root:x:0:0:root:%s:/bin/sh\nsshd:x:65533:65533::/:/bin/false\n' \
		"$farm/h$1" >"$farm/passwd$1"
	cat >"$farm/boot$1" <<END
set -e
until ip link show far >/dev/null 2>&1; do sleep 0.05; done
ip link set lo up
ip address add 10.77.$1.2/24 dev far
ip link set far up
echo h$1 >/proc/sys/kernel/hostname
mount --bind $farm/passwd$1 /etc/passwd
mount --bind $farm/shadow /etc/shadow
mount -t tmpfs tmpfs /run
mkdir -m 755 /run/sshd
exec $(command -v sshd) -D -e -f $farm/sshd$1
END
	# shellcheck disable=SC2086 # words
	$world sh "$farm/boot$1" >"$farm/log$1" 2>&1 &
	ip link add "wire$1" type veth peer name far
	while [ "$(readlink /proc/$!/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do
		sleep 0.05
	done
	ip link set far netns $!
	ip address add "10.77.$1.1/24" dev "wire$1"
	ip link set "wire$1" up
}

mkdir "$farm"
ssh-keygen -q -t ed25519 -N '' -f "$farm/user"
printf 'root:*:19000:0:99999:7:::\n' >"$farm/shadow"
cat >"$farm/config" <<END
IdentityFile $farm/user
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile $farm/known
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
User root
END
ip link set lo up
machine 1 22
machine 2 22
machine 3 2222
printf 'h1\nroot@h2\nh3:2222\n' >"$farm/hosts"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	[ "$(cat "$farm"/log? | grep -c 'listening on')" -lt 3 ] || break
	sleep 0.2
done

# fleet NAME BUDGET, in the background. A lost connection is noticed in seconds.
fleet() {
	env SSH="ssh -F $farm/config -o ConnectTimeout=2 -o ServerAliveInterval=1 -o ServerAliveCountMax=2" \
		REGROW="$static" OUTPUT="$scratch/$1" BUDGET="$2" WAIT=30s \
		WORKLOAD=vector-growth:last=128K \
		harness/lab/fleet "$farm/hosts" >"$out" 2>"$err" </dev/null &
	fleet=$!
}
# What a host has, whatever is here of it.
there() {
	cat "$farm/$1"/.cache/regrow-fleet/*/*.jsonl 2>/dev/null
}
# until_there HOST PATTERN: for a minute.
until_there() {
	tries=0
	until there "$1" | grep -q -- "$2"; do
		sleep 0.1
		tries=$((tries + 1))
		[ $tries -lt 600 ] || return 1
	done
}
running() {
	pgrep -x "$1" >/dev/null
}
# shellcheck disable=SC2317 # it is a claim's command
once() {
	[ -z "$(grep -o "$1" "$2" | sort | uniq -d)" ]
}
measured='^{"type":"round",.*"pass":"timing"'

fleet fleet 12s
until_there h2 "$measured"
if [ "${2:-}" = --stay ]; then
	: >"$parent/staying"
	wait
fi
holds "it is in mid-run" sh -c "! grep -q '\"type\":\"end\"' '$farm'/h2/.cache/regrow-fleet/*/*.jsonl"
ip link set wire2 down
holds "the host notices, and ends its run" until_there h2 '^{"type":"end","status":"interrupted"'
ip link set wire2 up
wait $fleet
status=$?
ends_with 0
holds "each has its results here, once" \
	sh -c "[ \"\$(cd '$scratch/fleet' && echo *.jsonl)\" = 'h1.jsonl h3_2222.jsonl root_h2.jsonl' ]"
holds "the summary says of h1: complete, not resumed" grep -qE '^h1 +complete +[0-9]+ +[0-9]+ +0 ' "$out"
holds "of h2: complete, resumed" grep -qE '^root@h2 +complete +[0-9]+ +[0-9]+ +[1-9] ' "$out"
holds "of h3: complete, not resumed" grep -qE '^h3:2222 +complete +[0-9]+ +[0-9]+ +0 ' "$out"
holds "what went wrong is written down, and no more than that" \
	sh -c "cut -f 2,3 '$scratch/fleet/failures.tsv' | tr '\t' ' ' | grep -q '^root@h2 cut off' &&
		! grep -q 'h1\|h3' '$scratch/fleet/failures.tsv'"
proves "three machines measure; one that is cut off in mid-run and returns is resumed"

cut=$scratch/fleet/root_h2.jsonl
holds "rounds of before and after are there" awk '
	/^{"type":"resume"/ { after = 1 }
	/^{"type":"round"/ && /"pass":"timing"/ { rounds[after + 0]++ }
	END { exit !(rounds[0] && rounds[1]) }' "$cut"
holds "it went on to its end" sh -c "tail -n 1 '$cut' | grep -q '^{\"type\":\"end\",\"status\":\"budget\"'"
holds "its samples are there once" once '^{"type":"sample","sequence":[0-9]*' "$cut"
holds "its rounds are there once" once '^{"type":"round","round":[0-9]*,"pass":"[a-z]*"' "$cut"
holds "what was there is what is here" \
	sh -c "cmp '$cut' '$farm'/h2/.cache/regrow-fleet/*/root_h2.jsonl"
proves "what was measured before the cut is kept, and is not measured again"

for one in h1 h3_2222 root_h2; do
	holds "$one measured the plan, by its seed" "$static" show \
		--plan "$scratch/fleet/plan.json" "$scratch/fleet/$one.jsonl"
done
holds "each is of its own machine" \
	sh -c "[ \$(head -qn 1 '$scratch/fleet'/*.jsonl | grep -o '\"host\":\"h[123]\"' | sort -u | wc -l) = 3 ]"
holds "nothing is left there" eval '! running regrow'
proves "all of them measured one plan, by one seed"

rm -rf "$farm"/h?/.cache
fleet stopped 60s
until_there h1 "$measured"
kill -s TERM $fleet
wait $fleet
status=$?
ends_with 143
prints 'h1 '
for host in h1 h2 h3; do
	[ ! -e "$(echo "$farm/$host"/.cache/regrow-fleet/*/*.jsonl)" ] ||
		holds "$host keeps what it has" until_there $host '^{"type":"end","status":"interrupted"\|"pass":"pilot"'
done
holds "the run of h1 ends, and keeps what it has" until_there h1 '^{"type":"end","status":"interrupted"'
tries=0
while running regrow && [ $tries -lt 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
for program in regrow ssh parallel; do
	holds "no $program is left" eval "! running $program"
done
proves "a fleet that is interrupted leaves nothing running, here or there"

echo "$tap_number" >"$parent/number"
exit "$tap_failed"
