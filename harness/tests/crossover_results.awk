# crossover_results.awk - a results file of regrow crossover, made up.
#
# awk -v sizes="16384 32768" [-v NAME=VALUE]... -f crossover_results.awk
# cross: bytes at which moving and the cold copy cost the same (65536); slope: of
# the logarithms (-0.3); planted: what the planted row takes (1.1); warm: faults
# of the warm copy, of the cold one's (0); moved: growths of 16 that moved (16);
# rounds (20); thp (never); layout (none said); rest (""); cpu ("A CPU"); skipped: a size.
function text(size) {
	return size % 1048576 ? size / 1024 "K" : size / 1048576 "M"
}

# Between -1 and 1, another each time, and the same in each run.
function noise() {
	state = (state * 69069 + 12345) % 4294967296
	return state / 2147483648 - 1
}

function cell(group, role, allocator, mechanism, more) {
	printf "%s{\"group\":%d,\"role\":\"%s\",\"allocator\":\"%s\",", (cells++ ? "," : ""), group, role, allocator
	printf "\"mechanism\":[\"%s\"]%s}", mechanism, more
}

function sample(round, index_, ns, faults, copied, moved) {
	ns = int(ns * 1000 * (1 + 0.03 * noise()))
	printf "{\"type\":\"sample\",\"sequence\":%d,\"round\":%d,\"pass\":\"timing\",\"cell\":%d,", sequence++, round, index_
	printf "\"outcome\":\"ok\",\"stage\":\"done\",\"valid\":true,\"time\":{\"wall_ns\":%d,\"cpu_ns\":%d},", ns, ns
	printf "\"outcomes\":{\"copied\":%d,\"moved\":%d},\"faults\":{\"minor\":%d,\"major\":0},", copied, moved, faults
	printf "\"sizes\":[{\"log2\":20,\"growths\":16,\"bytes\":16,\"grow_ns\":%d,\"touch_ns\":1,\"reread_ns\":1}]}\n", ns / 2
}

BEGIN {
	if (!cross) cross = 65536
	if (slope == "") slope = -0.3
	if (!planted) planted = 1.1
	if (moved == "") moved = 16
	if (!rounds) rounds = 20
	if (!thp) thp = "never"
	if (!cpu) cpu = "A CPU"
	state = seed ? seed : 1
	count = split(sizes, size, " ")
	printf "{\"type\":\"run\",\"format\":2,\"regrow\":\"v1\",\"started\":\"2026-11-24T13:30:05Z\",\"binary\":\"b\",\"plan\":{\"seed\":1,\"rounds\":0,\"groups\":["
	for (i = 1; i <= count; i++) {
		printf "%s{\"workload\":\"single-growth:%ssize=%s:times=3\",\"thp\":\"%s\",%s\"estimate\":{\"threads\":1},\"clock\":\"cpu\",\"clock_why\":\"made up\"", (i > 1 ? "," : ""), (rest ? rest ":" : ""), text(size[i]), thp, (layout ? "\"layout\":\"" layout "\"," : "")
		if (size[i] == skipped) printf ",\"skipped\":\"no time\""
		printf "}"
	}
	printf "],\"cells\":["
	for (i = 0; i < count; i++) {
		cell(i, "reference", "copy-realloc", "copied", "")
		cell(i, "twin", "copy-realloc", "copied", "")
		cell(i, "planted", "copy-realloc", "copied", ",\"planted_percent\":10")
		cell(i, "row", "copy-realloc:populate=write", "copied", "")
		cell(i, "row", "copy-realloc:keep=pages", "copied", "")
		cell(i, "row", "mremap-maymove", "moved", "")
	}
	printf "]},\"counters\":[],\"machine\":{\"cpu_model\":\"%s\",\"kernel\":\"6.18.5\"}}\n", cpu
	for (round = 0; round < rounds; round++)
		for (i = 0; i < count; i++) {
			if (size[i + 1] == skipped) continue
			pages = size[i + 1] / 4096
			cold = 1000 * pages
			mover = cold * exp(slope * log(size[i + 1] / cross))
			sample(round, 6 * i, cold, 2 * pages, 16, 0)
			sample(round, 6 * i + 1, cold, 2 * pages, 16, 0)
			sample(round, 6 * i + 2, cold * planted, 2 * pages, 16, 0)
			sample(round, 6 * i + 3, cold * 0.55, 2 * pages, 16, 0)
			sample(round, 6 * i + 4, cold * 0.1, 2 * pages * warm, 16, 0)
			sample(round, 6 * i + 5, mover, pages, 16 - moved, moved)
		}
	printf "{\"type\":\"end\",\"status\":\"done\",\"samples\":%d,\"rounds\":%d,\"at_ns\":9}\n", sequence, rounds
}
