#!/bin/sh
# test_preload_programs - real programs do real work on an allocator, and give
# what they give without it.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=harness/tests/preload.sh
. "$(dirname "$0")/preload.sh"
needs_preload
moving=mremap-fixed-fallback:threshold=16K

# same "what" COMMAND...: prints the same on two allocators as without; the
# first's counts stay in $stats.
same() {
	what=$1
	shift
	run "$@"
	ends_with 0
	mv "$out" "$scratch/plain"
	for same_allocator in 'exponential:first=32K:over=[copy-realloc]' "$moving"; do
		on "$same_allocator" 16K "$@"
		ends_with 0
		complains_not
		holds "$what on $same_allocator" cmp -s "$out" "$scratch/plain"
	done
	holds "$what: something is printed" test -s "$out"
}

# there NAME "what is proven": or it is skipped.
there() {
	command -v "$1" >/dev/null || {
		skips "$2" "no $1"
		return 1
	}
}

python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null)
proof="python3 builds lists and bytearrays, and JSON"
if there "${python:-python3}" "$proof"; then
	same python "${python:-python3}" -c '
import json
numbers = []
for i in range(150000):
    numbers.append(i * 7919 % 100003)
text = bytearray()
for n in numbers:
    text += b"%d," % n
numbers.sort(reverse=True)
copy = json.loads(json.dumps({str(n): [n, n * n] for n in numbers}))
print(len(text), hash(tuple(numbers)), sum(v[1] for v in copy.values()))
print(bytes(text).count(b"77"), numbers[:9], len(json.dumps(copy)))'
	holds "lists grow by moving" [ "$(counts moved)" -gt 20 ]
	proves "$proof"
	same threads "${python:-python3}" -c '
import threading
results = {}
def work(k):
    rows = []
    for i in range(40000):
        rows.append((i * k) % 9973)
    results[k] = sum(rows) + len(bytearray(300000) * k)
threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
[t.start() for t in threads]
[t.join() for t in threads]
print(sorted(results.items()))'
	proves "python3 does so in threads"
	same subprocess "${python:-python3}" -c '
import multiprocessing, subprocess
data = list(range(100000))
def child(k):
    data.extend(range(k * 1000))
    return sum(data)
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(child, range(6), chunksize=6))
    print(subprocess.run(["cat"], input=bytes(200000), capture_output=True).stdout.count(0))'
	proves "python3 forks, with its data, and starts programs"
fi

proof="sqlite3 sorts and joins in memory, and dumps"
if there sqlite3 "$proof"; then
	cat >"$scratch/work.sql" <<'END'
create table a(id integer primary key, k int, t text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
insert into a select i, i * 7919 % 1009, hex(i * i) from n;
create index ak on a(k);
select k, count(*), max(t) from a group by k order by 2 desc, 1 limit 20;
select count(*) from a x join a y on x.k = y.k and x.id < y.id where x.k < 100;
select length(group_concat(t)), length(hex(zeroblob(150000))) from a;
select group_concat(t, '+') from (select t from a order by t desc limit 9000);
.dump
END
	same sqlite sqlite3 :memory: ".read $scratch/work.sql"
	holds "texts grow" [ "$(($(counts moved) + $(counts in_place)))" -gt 0 ]
	proves "$proof"
fi

proof="gcc makes the same object file"
if there gcc "$proof"; then
	set -- gcc -std=gnu17 -O2 -D_GNU_SOURCE -Iharness/include -Iharness \
		-c harness/common/units.c -o "$scratch/units.o"
	run "$@"
	ends_with 0
	mv "$scratch/units.o" "$scratch/plain.o"
	on "$moving" 16K "$@"
	ends_with 0
	complains_not
	holds "the same" cmp "$scratch/units.o" "$scratch/plain.o"
	holds "the compiler ran on it" grep -q '"program":"cc1"' "$stats"
	holds "blocks were served" [ "$(counts allocs)" -gt 0 ]
	proves "$proof"
fi

seq 1 60000 | awk '{ print $1 * 7919 % 1000003, $1 }' >"$scratch/lines"
same sort sort -n --parallel=2 "$scratch/lines"
proves "sort sorts, in two threads"
for program in xz zstd gzip; do
	proof="$program packs and unpacks"
	if there $program "$proof"; then
		same $program sh -c "$program -c <'$scratch/lines' | tee '$scratch/packed' | $program -dc | cmp - '$scratch/lines' && cat '$scratch/packed'"
		proves "$proof"
	fi
done

proof="redis-server keeps what it is given"
if there redis-server "$proof"; then
	work="
for i in \$(seq 1 40); do printf 'APPEND k %s\r\n' \"\$(head -c 9000 /dev/zero | tr '\\0' x)\"; done
printf 'STRLEN k\r\nSETRANGE big 900000 end\r\nSTRLEN big\r\nSHUTDOWN NOSAVE\r\n'"
	serve="cd $scratch && { redis-server --port 0 --unixsocket $scratch/redis --save '' >/dev/null & } ;
for i in \$(seq 1 100); do [ -S $scratch/redis ] && break; sleep 0.05; done
{ $work; } | redis-cli -s $scratch/redis; wait"
	same redis bash -c "$serve"
	proves "$proof"
fi
ends
