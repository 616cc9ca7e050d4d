#!/bin/sh
# test_plot - `regrow plot` with the real gnuplot: every figure of a synthetic
# run, hostile names, an interrupted run, and no gnuplot at all.
set -u
cd "$(dirname "$0")/../.." || exit 1
regrow=$(readlink -f "${BUILD:-build}/regrow")
synthetic=$PWD/harness/tests/synthetic_results.awk
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
number=0
failed=0

# result STATUS NAME: 0 passed; what went wrong is in $folder/wrong.
result() {
	number=$((number + 1))
	if [ "$1" -eq 0 ] && [ ! -s "$folder/wrong" ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		sed 's/^/# /' "$folder/wrong" "$folder/errors"
		failed=1
	fi
	: >"$folder/wrong"
}

# made VARIABLES NAME: a synthetic results file of that name.
made() {
	# shellcheck disable=SC2086
	awk $1 -f "$synthetic" >"$folder/$2.jsonl"
}

# draw NAME: its plots go to $folder/NAME, in an empty working folder.
draw() {
	(cd "$folder/empty" && "$regrow" plot "../$1.jsonl" -o "../$1") \
		>"$folder/output" 2>"$folder/errors"
}

# pictures NAME: complains of each figure with data whose SVG or PNG is not one.
pictures() {
	if command -v xmllint >/dev/null; then
		xmllint --noout "$folder/$1"/*.svg 2>&1
	fi >>"$folder/wrong"
	for data in "$folder/$1"/data/*.tsv; do
		picture=${data##*/}
		picture=$folder/$1/${picture%.tsv}
		[ "$(head -c 4 "$picture.png" | tail -c 3)" = PNG ] ||
			echo "$picture.png is not a PNG"
		tail -n 3 "$picture.svg" | grep -qx '</svg>' ||
			echo "$picture.svg does not end"
		# As large as in the PNG, or labels run into titles: 12 points
		# are 16 pixels, and the headline of 17 points 22.66.
		grep -q 'font-size="22.66"' "$picture.svg" ||
			echo "$picture.svg: texts are not in scale"
		# Only what gnuplot itself writes.
		grep -oE '<(script|b|foreignObject|image|a)[ >]|[ "]on[a-z]+=' "$picture.svg"
	done >>"$folder/wrong"
}

if ! command -v gnuplot >/dev/null; then
	echo 'ok 1 - regrow plot draws # SKIP gnuplot is not installed'
	exit 0
fi
mkdir "$folder/empty"
: >"$folder/wrong"

kinds="counters growth-cost latency phases rounds timeline"
for cells in 2 9; do
	made "-v cells=$cells" "cells$cells"
	draw "cells$cells"
	status=$?
	for kind in $kinds; do
		[ -s "$folder/cells$cells/data/$kind-server-churn-1.tsv" ] || echo "no $kind"
	done >"$folder/wrong"
	pictures "cells$cells"
	result $status "every figure of a run of $cells cells is an SVG and a PNG"
done

[ ! -e "$folder/cells2/latency-vector-growth-1.svg" ]
status=$?
grep -q 'latency-vector-growth-1: at most [0-9]* operations' "$folder/output"
result $((status + $?)) "a figure with nothing to show is not made, and said why"

made "-v cells=7 -v rounds=6 -v hostile=1" hostile
draw hostile
status=$?
pictures hostile
find "$folder" -name '*evil*' >>"$folder/wrong"
find "$folder/empty" -type f >>"$folder/wrong"
result $status "hostile names neither break a figure nor run anything"
grep -q '&lt;script' "$folder/hostile/phases-script-1.svg"
result $? "what a name holds is text in the picture"
awk -F '\t' 'NR > 1 && length($4) == 200 { found = 1 } END { exit !found }' \
	"$folder/hostile/data/rounds-vector-growth-1.tsv"
result $? "a name of 200 characters stands whole in the data"

# machines FILE COUNT KERNELS: $folder/many of so many hosts by that run.
machines() {
	rm -rf "$folder/many"
	mkdir "$folder/many"
	for host in $(seq "$2"); do
		for kernel in $(seq "$3"); do
			sed "1s/\"host\":\"[^\"]*\"/\"host\":\"host$host\"/;1s/6.18.0-synthetic/6.$kernel.0/" \
				"$folder/$1.jsonl" >"$folder/many/$host-$kernel.jsonl"
		done
	done
	(cd "$folder/empty" && "$regrow" compare --machines ../many "--plot=../many-$1-$2") \
		>"$folder/output" 2>"$folder/errors"
}
made "-v cells=6 -v rounds=2 -v sound=1" fleet
for count in 1 5 45; do
	machines fleet $count $((count == 45 ? 1 : count))
	status=$?
	for kind in machines machine-spread; do
		[ -s "$folder/many-fleet-$count/data/$kind-vector-growth-1.tsv" ] || echo "no $kind"
	done >"$folder/wrong"
	pictures "many-fleet-$count"
	result $status "$count machines are a heat map and small multiples"
done
grep -q '>host3<' "$folder/many-fleet-5/machines-vector-growth-1.svg"
result $? "few machines have their names in the heat map"
! grep -q '>host3<' "$folder/many-fleet-45/machines-vector-growth-1.svg" &&
	grep -q 'too many to be named' "$folder/many-fleet-45/machines-vector-growth-1.svg"
result $? "many machines are bands without names, and it says so"
machines hostile 2 2
status=$?
pictures many-hostile-2
find "$folder" -name '*evil*' >>"$folder/wrong"
result $status "hostile names break no figure of machines"

made "-v cells=4 -v rounds=2 -v interrupted=1" torn
draw torn
status=$?
pictures torn
grep -q interrupted "$folder/torn/rounds-vector-growth-1.svg" || echo 'it does not say so' >>"$folder/wrong"
result $status "an interrupted run draws, and says that it was interrupted"

# The least that can be measured. cell ROLE NAME: in the run line; sample PASS
# CELL FIELDS: a valid one; least CELLS CELL: a run of one sample a pass.
cell() {
	printf '{"group":0,"role":"%s","allocator":"%s"}' "$1" "$2"
}
sample() {
	sequence=$((sequence + 1))
	printf '{"type":"sample","sequence":%d,"round":0,"pass":"%s","cell":%d,"at_ns":0,' \
		$sequence "$1" "$2"
	printf '"outcome":"ok","stage":"done","valid":true,"invalid":[],%s}\n' "$3"
}
least() {
	sequence=0
	point='{"at_ns":1,"operations":0,"mappings":-7,"holes":0,"hole_bytes":0,"live_bytes":0}'
	printf '{"type":"run","format":1,"plan":{"seed":1,"rounds":1,"budget_ns":1,"repeat":1,'
	printf '"groups":[{"workload":"w","thp":"never"}],"cells":[%s]},' "$1"
	printf '"counters":[],"machine":{}}\n'
	sample timing "$2" '"time":{"wall_ns":5},"phases":{"call_ns":1},
"sizes":[{"log2":16,"growths":1,"bytes":70000,"grow_ns":9,"touch_ns":0,"reread_ns":0}],
"faults":{"minor":1},"operations":{"grow":{"count":1000,"failed":0,"sum_ns":1000,"min_ns":1,
"max_ns":1,"overflow":0,"histogram":[[1,1000]]}}' | tr -d '\n'
	echo
	sample checking "$2" "\"timeline\":[$point,$point]"
}
status=0
for one in reference floor row; do
	least "$(cell $one a)" 0 >"$folder/least-$one.jsonl"
	least "$(cell reference b),$(cell $one a)" 1 >"$folder/without-$one.jsonl"
	for name in "least-$one" "without-$one"; do
		draw "$name" || status=1
		pictures "$name"
		[ "$(find "$folder/$name" -name '*.png' | wc -l)" -eq 6 ] || echo "not all of $name"
	done >>"$folder/wrong"
done
result $status "one sample of one allocator draws, with and without a reference"

# Two sizes of a workload that tells what became of its holes; all outcomes.
refills() {
	sequence=0
	printf '{"type":"run","format":1,"plan":{"seed":1,"rounds":1,"budget_ns":1,"repeat":1,'
	printf '"groups":[{"workload":"w:size=4M","thp":"never"},{"workload":"w:size=2M","thp":"never"}],"cells":['
	printf '{"group":0,"role":"reference","allocator":"%s"},{"group":1,"role":"reference","allocator":"%s"}' "$1" "$1"
	printf ']},"counters":[],"machine":{}}\n'
	sample checking 0 '"figures":{"exact":1,"higher_gap":1,"elsewhere":1,"no_hole":1,"not_abutting":1,"failed":1}'
	sample checking 1 '"figures":{"exact":0,"higher_gap":0,"elsewhere":3,"no_hole":0,"not_abutting":0,"failed":0}'
}
refills 'a' >"$folder/refills.jsonl"
refills '<script>%n' >"$folder/hostile-refills.jsonl"
draw refills && draw hostile-refills
status=$?
pictures refills
pictures hostile-refills
[ -s "$folder/refills/refills-w-1.png" ] || echo 'no figure of holes' >>"$folder/wrong"
grep -q 'the hole is left' "$folder/refills/refills-w-1.svg" || echo 'no legend' >>"$folder/wrong"
result $status "what became of holes of several sizes is one figure"

# An axis of three numbers; the allocator's name is hostile.
shapes() {
	sequence=0
	printf '{"type":"run","format":1,"plan":{"seed":1,"rounds":2,"budget_ns":1,"repeat":1,"groups":['
	printf '{"workload":"w","thp":"never"},{"workload":"w:holes=64","thp":"never"},{"workload":"w:holes=6400","thp":"never"}],"cells":['
	printf '{"group":%d,"role":"reference","allocator":"%s"}%s' 0 "$1" , 1 "$1" , 2 "$1" ''
	printf ']},"counters":[],"machine":{}}\n'
	for cell in 0 1 2; do
		sample timing $cell '"figures":{"planted_holes":'"$((cell * 80 * cell))"'},"operations":{"alloc":{"count":1,"sum_ns":9'$cell',"min_ns":9'$cell',"max_ns":9'$cell',"overflow":0,"histogram":[[9'$cell',1]]}}'
	done
}
shapes '<script>%n' >"$folder/shapes.jsonl"
draw shapes
status=$?
pictures shapes
[ -s "$folder/shapes/shapes-w-1.png" ] || echo 'no figure of an axis' >>"$folder/wrong"
grep -q 'cannot tell' "$folder/shapes/shapes-w-1.svg" || echo 'no shape' >>"$folder/wrong"
result $status "what calls cost along an axis is one figure"

# Requests of which each waited a hundred times as long as it took.
requests() {
	sequence=0
	printf '{"type":"run","format":1,"plan":{"seed":1,"rounds":1,"budget_ns":1,"repeat":1,'
	printf '"groups":[{"workload":"w","thp":"never"}],"cells":[%s]},' "$(cell reference "$1")"
	printf '"counters":[],"machine":{}}\n'
	sample timing 0 '"open_loop":{"law":"fixed","saturated":true},"operations":{
"service":{"count":1000,"failed":0,"sum_ns":1000,"min_ns":1,"max_ns":1,"overflow":0,"histogram":[[1,1000]]},
"response":{"count":1000,"failed":0,"sum_ns":100000,"min_ns":100,"max_ns":100,"overflow":0,"histogram":[[100,1000]]}}' | tr -d '\n'
	echo
}
requests '<script>%n' >"$folder/requests.jsonl"
draw requests
status=$?
pictures requests
[ -s "$folder/requests/requests-w-1.png" ] || echo 'no figure of requests' >>"$folder/wrong"
grep -q 'Saturated' "$folder/requests/requests-w-1.svg" || echo 'not named' >>"$folder/wrong"
[ "$(grep -c '100 ns' "$folder/requests/requests-w-1.svg")" -eq 2 ] || echo 'two scales' >>"$folder/wrong"
result $status "service and response are panels of one figure, on one scale"

# Two numbers of threads on a machine of eight cores; a hostile name.
threads() {
	sequence=0
	printf '{"type":"run","format":1,"plan":{"seed":1,"rounds":2,"budget_ns":1,"repeat":1,"groups":['
	printf '{"workload":"w","thp":"never"},{"workload":"w:threads=3","thp":"never","estimate":{"threads":3}}],"cells":['
	printf '{"group":%d,"role":"reference","allocator":"%s"}%s' 0 "$1" , 1 "$1" ''
	printf ']},"placement":{"cpus":[0,1,2],"driver_cpu":3,"probe_cpu":4,"shared":false},"counters":[],"machine":{"cores_allowed":8}}\n'
	for cell in 0 1; do
		sample timing $cell '"time":{"wall_ns":'$((1000 + cell * 500))'},"requests":9,"operations":{"grow":{"count":2000,"sum_ns":180000,"min_ns":9'$cell',"max_ns":9'$cell',"overflow":0,"histogram":[[9'$cell',2000]]}}'
	done
}
threads '<script>%n' >"$folder/threads.jsonl"
draw threads
status=$?
pictures threads
[ -s "$folder/threads/threads-w-1.png" ] || echo 'no figure of threads' >>"$folder/wrong"
grep -q 'p99, grow' "$folder/threads/threads-w-1.svg" || echo 'no panel of the tail' >>"$folder/wrong"
grep -q 'requests in a second' "$folder/threads/threads-w-1.svg" || echo 'no panel of throughput' >>"$folder/wrong"
result $status "throughput and tail against threads are one figure"

# lab KERNEL INSTRUCTIONS [SKIPPED]: a kernel of the lab, in twelve layouts.
lab() {
	sequence=0
	printf '{"type":"run","format":2,"clock_unit":"instructions","lab":{"clock_unit":"instructions"},"machine":{"kernel":"%s"},' "$1"
	printf '"plan":{"seed":1,"rounds":12,"budget_ns":1,"repeat":1,"sweep":12,"groups":[{"workload":"c","thp":"never","is_control":true},{"workload":"w","thp":"never"}],"cells":['
	printf '{"group":0,"role":"reference","allocator":"a"},{"group":1,"role":"reference","allocator":"a"},{"group":1,"role":"row","allocator":"<script>%%n"%s}]},"counters":[]}\n' "${3:+,\"skipped\":\"$3\"}"
	for round in 0 1 2 3 4 5 6 7 8 9 10 11; do
		for cell in 0 1 2; do
			sum=$(($2 * (cell + 1) + round))
			[ $cell != 0 ] || sum=1000
			[ $cell = 2 ] && [ -n "${3:-}" ] && continue
			printf '{"type":"sample","sequence":%d,"round":%d,"pass":"timing","cell":%d,"outcome":"ok","stage":"done","valid":true,"operations":{"%s":{"count":1,"failed":0,"sum_ns":%d}}}\n' \
				$sequence $round $cell "$([ $cell = 0 ] && echo reread || echo grow)" $sum
			sequence=$((sequence + 1))
		done
	done
	echo '{"type":"end","status":"done"}'
}
lab 5.4.0 20000 'no such call' >"$folder/lab1.jsonl"
lab 6.1.0 30000 >"$folder/lab2.jsonl"
lab next-20261129-with-a-long-name 1200000 >"$folder/lab3.jsonl"
"$regrow" compare "$folder/lab1.jsonl" "$folder/lab2.jsonl" "$folder/lab3.jsonl" --plot="$folder/kernels" >"$folder/output" 2>"$folder/errors"
status=$?
pictures kernels
for kind in kernels kernel-steps; do
	[ -s "$folder/kernels/$kind.png" ] || echo "no figure $kind"
	grep -q '>grow, &lt;script>%n' "$folder/kernels/$kind.svg" || echo "$kind: a row has no name"
done >>"$folder/wrong"
for text in 40.0 90.0 +50 x60 x40; do
	grep -q ">$text" "$folder/kernels/kernels.svg" || echo "no cell $text"
done >>"$folder/wrong"
result $status "kernels are a heat map and steps, each row with its name"

cp "$folder/least-row.jsonl" "$folder/other.jsonl"
"$regrow" plot "$folder/least-row.jsonl" "$folder/other.jsonl" -o "$folder/two" >"$folder/output" 2>"$folder/errors"
status=$?
pictures two
[ -s "$folder/two/other-phases-w-1.svg" ] || echo 'no figure of the second' >>"$folder/wrong"
result $status "several files draw into one folder"

# gnuplot's own start-up files, which may set anything, are not read.
printf 'this is not gnuplot\n' >"$folder/empty/.gnuplot"
(cd "$folder/empty" && HOME=$PWD LC_ALL=de_DE.UTF-8 "$regrow" plot ../least-row.jsonl -o ../own) \
	>"$folder/output" 2>"$folder/errors"
status=$?
pictures own
result $status "the user's gnuplot settings and locale change nothing"
rm "$folder/empty/.gnuplot"

mkdir "$folder/bin"
(PATH=$folder/bin "$regrow" plot "$folder/cells2.jsonl" -o "$folder/none") >"$folder/output" 2>"$folder/errors"
status=$?
grep -q 'gnuplot is not installed.*install gnuplot' "$folder/errors" || echo 'no word of it' >>"$folder/wrong"
[ -s "$folder/none/data/phases-vector-growth-1.tsv" ] || echo 'no data' >>"$folder/wrong"
result $status "without gnuplot the data is kept and what to install is said"

printf 'nonsense\n' >"$folder/nonsense.jsonl"
draw nonsense
[ $? -eq 5 ]
result $? "what is not a results file is refused with status 5"

echo "1..$number"
exit $failed
