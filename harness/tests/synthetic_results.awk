# synthetic_results.awk - a results file of a run that never was, to draw and
# to read: the same text for the same variables, on every machine.
#
#   awk -v cells=5 -v rounds=12 -f synthetic_results.awk
#
# Two groups, vector-growth and server-churn, of `cells` cells each: the
# reference, its twin, the floor and rows (2 to 12). hostile=1: names that try to
# break what draws them. interrupted=1: no end line, the last one torn.
# sound=1: no sample fails. The costs are made up after what a virtual machine
# with slow page faults showed.

function random_unit() {
	state = (state * 16807) % 2147483647
	return state / 2147483647
}
# About 1, now and then well above it, as a disturbed machine has it.
function noise() {
	return 0.96 + 0.08 * random_unit() + (random_unit() < 0.04 ? 0.3 : 0)
}
function whole(number) {
	return sprintf("%.0f", number)
}
function bucket(ns,    bits, low) {
	if (ns < 256)
		return int(ns)
	bits = 8
	for (low = 512; low <= ns; low *= 2)
		bits++
	return 256 + 128 * (bits - 8) + int(ns / 2 ^ (bits - 7)) % 128
}
function names(    n) {
	n = 0
	name[n++] = "copy-realloc"
	name[n++] = "copy-realloc"
	if (cells > 2)
		name[n++] = "null"
	name[n++] = "mremap-maymove"
	name[n++] = "exponential:over=[mremap-fixed-fallback:hole=refill:threshold=8M]:step=quarter"
	name[n++] = "mremap-fixed-fallback:hole=refill:phase=pmd"
	name[n++] = "malloc:conf=[narenas:1,tcache:false]:lib=jemalloc"
	name[n++] = "copy-realloc:keep=dontneed:populate=write"
	name[n++] = "reserve:ahead=16G"
	name[n++] = "mremap-in-place"
	name[n++] = "mremap-dontunmap"
	name[n++] = "uffd-move"
	if (hostile) {
		name[3] = "\\\"; system \\\"touch evil\\\" #<script>alert(1)</script>"
		name[4] = "`touch evil`$(touch evil)@ARG1%s{/Bold x}_1^2\\\\n'|touch evil"
		name[5] = "\\u4e2d\\u6587-\\u00e9\\u00fc-\\u202eevil\\u202c-\\ud83d\\ude00"
		name[6] = ""
		for (n = 0; n < 40; n++)
			name[6] = name[6] "long:"
	}
}
function role(cell) {
	return cell == 0 ? "reference" : cell == 1 ? "twin" : \
		cell == 2 && cells > 2 ? "floor" : "row"
}
function copies(cell) {
	return cell < 2 || (cell > 3 && cell % 3 == 0)
}
function floors(cell) {
	return role(cell) == "floor"
}
function run_line(    group, cell, text) {
	text = "{\"type\":\"run\",\"format\":1,\"regrow\":\"v0-synthetic\"," \
		"\"label\":\"" (hostile ? "\\t\\n\\u001b]0;`touch evil`" : "synthetic") "\",\"started\":\"2026-11-24T13:30:05Z\",\"command\":[\"regrow\",\"run\"]," \
		"\"plan\":{\"seed\":1,\"rounds\":" rounds ",\"budget_ns\":60000000000,\"repeat\":1,\"groups\":["
	for (group = 0; group < 2; group++)
		text = text (group ? "," : "") "{\"workload\":\"" workload[group] \
			"\",\"thp\":\"" (group ? "never" : "madvise") \
			"\",\"estimate\":{\"threads\":" (group + 1) ",\"operations\":1000}}"
	text = text "],\"cells\":["
	for (group = 0; group < 2; group++)
		for (cell = 0; cell < cells; cell++)
			text = text (group || cell ? "," : "") "{\"group\":" group \
				",\"role\":\"" role(cell) "\",\"allocator\":\"" name[cell] "\"" \
				",\"mechanism\":[]}"
	text = text "]},\"placement\":{\"cpus\":[0,1],\"driver_cpu\":1,\"probe_cpu\":-1," \
		"\"nodes\":[0],\"shared\":true,\"note\":\"the driver shares a core\"}," \
		"\"counters\":[{\"name\":\"cycles:u\",\"tracepoint\":false},{\"name\":\"cycles:k\",\"tracepoint\":false}," \
		"{\"name\":\"page-faults\",\"tracepoint\":false},{\"name\":\"cpu-migrations\",\"tracepoint\":false}," \
		"{\"name\":\"mmap:vm_unmapped_area\",\"tracepoint\":true}," \
		"{\"name\":\"LLC-load-misses\",\"tracepoint\":false,\"missing\":\"no PMU in this virtual machine\"}]," \
		"\"machine\":{\"host\":\"synthetic\",\"cpu_model\":\"" \
		(hostile ? "<b>\\\"CPU\\\" & `touch evil` \\u4e2d" : "Synthetic CPU @ 2.00GHz") \
		"\",\"cpus_online\":2,\"cpus_allowed\":2,\"cores_allowed\":2,\"packages\":1,\"numa_nodes\":1," \
		"\"memory_bytes\":8589934592,\"page_bytes\":4096,\"kernel\":\"6.18.0-synthetic\"," \
		"\"kernel_arch\":\"x86_64\",\"hypervisor\":\"kvm\"}}"
	print text
	print "{\"type\":\"calibration\",\"syscall_ns\":130.5,\"clock_ns\":28.2,\"fault_4k_ns\":2210.0,\"memcpy_gib_s\":{\"65536\":11.5}}"
}
# Growths by size: sets grow_sum, touch_sum, reread_sum of the sample.
function sizes(group, cell,    log2, from, to, growths, bytes, grow, touch, reread, text) {
	from = group ? 12 : 16
	to = group ? 20 : 26
	grow_sum = touch_sum = reread_sum = growth_count = 0
	for (log2 = from; log2 <= to; log2++) {
		growths = group ? 3000 - 120 * (log2 - from) : 8
		bytes = 2 ^ log2 + 4096
		grow = floors(cell) ? 45 : copies(cell) ? 2500 + 0.62 * bytes : \
			2100 + 400 * cell + 0.02 * bytes
		touch = floors(cell) ? 0.01 * bytes : 0.27 * bytes
		reread = 0.03 * bytes * (copies(cell) ? 1 : 1.1)
		grow *= growths * noise() * drift
		touch *= growths * noise() * drift
		reread *= growths * noise() * drift
		text = text (text ? "," : "") "{\"log2\":" log2 ",\"growths\":" growths \
			",\"bytes\":" whole(growths * bytes) ",\"grow_ns\":" whole(grow) \
			",\"touch_ns\":" whole(touch) ",\"reread_ns\":" whole(reread) "}"
		grow_sum += grow
		touch_sum += touch
		reread_sum += reread
		growth_count += growths
	}
	return text
}
function operation(kind, count, typical_ns,    i, ns, place, text, sum, least, most) {
	for (place in histogram)
		delete histogram[place]
	sum = most = 0
	least = 1e15
	# A draw stands for count / 200 operations; the tail is single ones.
	for (i = 0; i < 200; i++) {
		ns = int(typical_ns * (0.6 + 0.8 * random_unit()) / (1 - 0.98 * random_unit() ^ 3))
		histogram[bucket(ns)] += int(count / 200)
		sum += ns * int(count / 200)
		least = ns < least ? ns : least
		most = ns > most ? ns : most
	}
	for (i = 0; i < 6; i++) {
		ns = int(typical_ns * 40 * 2 ^ (6 * random_unit()))
		histogram[bucket(ns)]++
		sum += ns
		most = ns > most ? ns : most
	}
	text = ""
	for (i = 0; i < 256 + 128 * 30; i++)
		if (i in histogram && histogram[i])
			text = text (text ? "," : "") "[" i "," histogram[i] "]"
	return "\"" kind "\":{\"count\":" int(count / 200) * 200 + 6 ",\"failed\":0,\"sum_ns\":" \
		whole(sum) ",\"min_ns\":" whole(least) ",\"max_ns\":" whole(most) \
		",\"overflow\":0,\"histogram\":[" text "]}"
}
function figures(mappings, holes, hole_bytes, resident, live) {
	return "\"mappings\":" whole(mappings) ",\"mapped_bytes\":" whole(resident * 1.1) \
		",\"holes\":" whole(holes) ",\"hole_bytes\":" whole(hole_bytes) \
		",\"hole_bytes_max\":" whole(hole_bytes / 3) ",\"resident_bytes\":" whole(resident) \
		",\"page_table_bytes\":" whole(resident / 400 + 4096) \
		",\"huge_bytes\":0,\"lazy_free_bytes\":0,\"live_bytes\":" whole(live)
}
function map_point(group, cell, fill,    moved) {
	moved = copies(cell) || floors(cell) ? 240 : 2400
	return figures((group ? moved : 12) * fill * noise(), \
		(group ? 240 : 4) * fill * noise(), \
		(group ? 2.6e8 : 3e7) * fill * noise() * (0.4 + 0.1 * cell), \
		(group ? 9e8 : 1.3e8) * fill * noise(), (group ? 8e8 : 1.2e8) * fill)
}
function timeline(group, cell,    point, text, fill) {
	for (point = 0; point < 48; point++) {
		fill = 1 - exp(-point / 8)
		text = text (point ? "," : "") "{\"at_ns\":" point * 10000000 ",\"operations\":" \
			point * (group ? 800 : 4) "," map_point(group, cell, fill) "}"
	}
	return text
}
function counter(kind, value) {
	return "\"" kind "\":{\"value\":" whole(value) ",\"enabled_ns\":1000000,\"running_ns\":1000000}"
}
function sample(round, pass, group, cell,    text, outcome, copied, moved, phases) {
	outcome = "ok"
	if (!sound && pass == "timing" && cell == cells - 1 && cells > 3 && group && round == 5)
		outcome = "crashed"
	text = "{\"type\":\"sample\",\"sequence\":" sequence ",\"round\":" round ",\"pass\":\"" pass \
		"\",\"cell\":" group * cells + cell ",\"at_ns\":" whole(sequence * 2.5e9) \
		",\"outcome\":\"" outcome "\""
	sequence++
	if (outcome != "ok") {
		print text ",\"reason\":\"signal 11 in stage run\",\"stage\":\"run\",\"valid\":false,\"process_ns\":1000000}"
		return
	}
	drift = 1 + 0.1 * sin(sequence / 9)
	size_text = sizes(group, cell)
	copied = copies(cell) ? grow_sum * 0.8 : 0
	moved = copies(cell) || floors(cell) ? 0 : grow_sum * 0.7
	phases = "\"call_ns\":" whole(grow_sum * 0.05) ",\"map_ns\":" whole(grow_sum * 0.1) \
		",\"populate_ns\":0,\"copy_ns\":" whole(copied) ",\"move_ns\":" whole(moved) \
		",\"release_ns\":" whole(grow_sum * 0.15) ",\"touch_ns\":" whole(touch_sum) \
		",\"reread_ns\":" whole(reread_sum)
	wall = grow_sum * 0.3 + copied + moved + touch_sum + reread_sum
	valid = !(!sound && pass == "timing" && !group && cell == 3 && round == 7)
	print text ",\"stage\":\"done\",\"valid\":" (valid ? "true" : "false") \
		",\"invalid\":[" (valid ? "" : "\"faults disagree with the work\"") "]" \
		",\"process_ns\":" whole(wall * 1.1) \
		",\"time\":{\"wall_ns\":" whole(wall) ",\"cpu_ns\":" whole(wall) ",\"user_ns\":" whole(wall / 4) \
		",\"system_ns\":" whole(wall * 3 / 4) ",\"span_ns\":" whole(wall) ",\"clock_reads\":1000}" \
		",\"phases\":{" phases "}" \
		",\"operations\":{" operation("alloc", group ? 4000 : 8, 2600) "," \
		operation("grow", growth_count, grow_sum / growth_count / 2.5) "," \
		operation("release", group ? 4000 : 8, 5200) "," \
		operation("touch", growth_count, touch_sum / growth_count / 2.5) "}" \
		",\"sizes\":[" size_text "]" \
		",\"outcomes\":{\"slack\":0,\"in_place\":1,\"moved\":" (moved ? growth_count - 1 : 0) \
		",\"copied\":" (moved ? 0 : growth_count - 1) ",\"failed\":0}" \
		",\"bytes_copied\":1000,\"bytes_moved\":1000" \
		",\"requests\":1000,\"digest\":\"0123456789abcdef\",\"live_bytes_max\":134217728,\"touched_bytes\":134217728" \
		",\"faults\":{\"minor\":" whole((copies(cell) ? 131072 : floors(cell) ? 12 : 32768) + 3 * random_unit()) ",\"major\":0}" \
		",\"switches\":{\"voluntary\":0,\"involuntary\":" int(20 * random_unit()) "},\"migrated\":false" \
		",\"counters\":{" (pass == "checking" ? counter("mmap:vm_unmapped_area", 40 * (cell + 1)) : \
			counter("cycles:u", wall * 0.6) "," counter("cycles:k", wall * 1.7) "," \
			counter("page-faults", 32768) "," counter("cpu-migrations", 0)) "}" \
		",\"memory\":{\"peak_resident_bytes\":201326592,\"peak_virtual_bytes\":211812352}" \
		",\"map\":{\"before\":{" figures(20, 3, 4096, 200000, 0) "},\"final\":{" map_point(group, cell, 1) \
		"},\"drained\":{" figures(group ? 3 : 0, 1, 4096 * cell, 300000 * (cell + 1), 0) "}}" \
		(pass == "checking" ? ",\"timeline\":[" timeline(group, cell) "]" : "") \
		",\"verified\":{\"words\":1000,\"wrong\":0},\"contradictions\":0}"
}
function round_of(round, pass,    place, group, cell) {
	for (group = 0; group < 2; group++)
		for (place = 0; place < cells; place++)
			sample(round, pass, (group + round) % 2, (place * (round % 2 ? cells - 1 : 1) + round) % cells)
	print "{\"type\":\"round\",\"round\":" round ",\"pass\":\"" pass "\",\"at_ns\":" whole(sequence * 2.5e9) "}"
}
BEGIN {
	sequence = 0
	cells = cells ? cells : 5
	rounds = rounds ? rounds : 12
	state = 20140425
	workload[0] = "vector-growth:residue=4K:scale=S"
	workload[1] = hostile ? "<script>:x=[`touch evil`\\\"]:y=../../evil" : "server-churn:profile=small:threads=2"
	names()
	run_line()
	round_of(0, "checking")
	for (round = 0; round < rounds; round++)
		round_of(round, "timing")
	if (interrupted)
		printf "{\"type\":\"sample\",\"sequence\":%d,\"round\":", sequence
	else
		print "{\"type\":\"end\",\"status\":\"done\",\"samples\":" sequence ",\"rounds\":" rounds ",\"at_ns\":" whole(sequence * 2.5e9) "}"
}
