# crossover.gp - from which size on moving a block is cheaper than copying it.
#
# Columns: series role label allocator size_bytes file ratio ratio_low ratio_high
# told threshold_bytes threshold_low_bytes threshold_high_bytes threshold_state.
# Points: file 0 is the coarse grid, others are fresh rounds; told is -1 where
# moving is cheaper for certain, 1 where copying is, 0 where it is not told.
# Thresholds, without a size: between low and high; state 3 is not confirmed.
directory = ARG0[1:strlen(ARG0) - strlen("crossover.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "size_bytes" nooutput
size_min = STATS_min
size_max = STATS_max
stats data using "ratio_low" nooutput
least = STATS_min < 1 ? STATS_min : 1
stats data using "ratio_high" nooutput
greatest = STATS_max > 1 ? STATS_max : 1

strip = 34
strip_height = strip * series + 70
panels_height = 520 + strip_height
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"
load directory."frame.gp"

# Thresholds that allocators have built in, as their sources say.
known = "glibc=131072 jemalloc~3.6=4194304 hardened_malloc=33554432"
known_bytes(k) = real(word(known, k)[strstrt(word(known, k), "=") + 1:*])
known_raw(k) = word(known, k)[1:strstrt(word(known, k), "=") - 1]
known_name(k) = strstrt(known_raw(k), "~") ? known_raw(k)[1:strstrt(known_raw(k), "~") - 1]." ".known_raw(k)[strstrt(known_raw(k), "~") + 1:*] : known_raw(k)

set logscale x 2
x_least = size_min / 1.5
x_greatest = size_max * 1.5
set xrange [x_least:x_greatest]
doublings = ceil(log(size_max / size_min) / log(2) / 14 + 0.01)
set xtics ()
do for [k = ceil(log(x_least) / log(2)):floor(log(x_greatest) / log(2)):doublings] {
	set xtics add (size_text(2.0 ** k) 2.0 ** k)
}
left_edge = 70 + 1.05 * character * longest
set lmargin at screen (left_edge < 660 ? left_edge : 660.0) / width
set rmargin at screen (width - 30.0) / width

# The map: a row for each curve, blue where moving is cheaper, orange where
# copying is, the fuller the more; at four times the colour is full.
strength(ratio) = abs(log(ratio) / log(2)) / 2 > 1 ? 1 : abs(log(ratio) / log(2)) / 2
mix(full, s) = int(255 + (full - 255) * s)
shade(ratio) = ratio < 1 ? mix(0, strength(ratio)) * 65536 + mix(114, strength(ratio)) * 256 + mix(178, strength(ratio)) : mix(213, strength(ratio)) * 65536 + mix(94, strength(ratio)) * 256 + mix(0, strength(ratio))
coarse(i, what) = column("series") == i && column("file") == 0 ? column(what) : NaN
set bmargin at screen (panels_bottom + 60) / height
set tmargin at screen (panels_bottom + 60 + strip * series) / height
set yrange [series + 0.5:0.5]
unset grid
set errorbars 4 lw 3 dt 1
set ytics ()
do for [i = 1:series] { set ytics add (name[i] i) }
set xlabel "size of the block before it grows; blue: moving is cheaper, orange: copying" textcolor rgb text_colour
do for [k = 1:words(known)] {
	if (known_bytes(k) > x_least && known_bytes(k) < x_greatest) {
		set arrow 100 + k from known_bytes(k), graph 0 to known_bytes(k), graph 1 nohead front dt 3 lw 1 lc rgb quiet_colour
	}
}
plot for [i = 1:series] data using (coarse(i, "size_bytes")):(i):(column("size_bytes") / sqrt(2)):(column("size_bytes") * sqrt(2)):(i - 0.42):(i + 0.42):(shade(column("ratio"))) with boxxyerror fs solid 1 border rgb "#ffffff" lc rgb variable, \
	for [i = 1:series] data using (coarse(i, "told") == 0 ? column("size_bytes") : NaN):(i) with points pt 6 ps 1 lc rgb quiet_colour, \
	for [i = 1:series] data using (of(i, "threshold_bytes")):(column("threshold_state") < 3 ? i : NaN):"threshold_low_bytes":"threshold_high_bytes" with xerrorbars lw 3 pt 1 ps 0 lc rgb "#000000"

# The ratios themselves.
set errorbars small lw 1 dt 1
set bmargin at screen (panels_bottom + strip_height + 46) / height
set tmargin at screen (panels_top - 50) / height
unset xlabel
set grid
y_kind = "ratio"
load directory."logarithmic.gp"
aside(i) = 2 ** (0.03 * (i - 0.5 * (series + 1)))
set ylabel "time of moving over copying" textcolor rgb text_colour
do for [k = 1:words(known)] {
	if (known_bytes(k) > x_least && known_bytes(k) < x_greatest) {
		set label 100 + k known_name(k) at known_bytes(k), graph 1.03 center font ",10" textcolor rgb quiet_colour
	}
}
set title "growth, first touch and re-read: moving over copying; below 1 moving is cheaper" offset 0, 1 textcolor rgb text_colour
plot 1 with lines lc rgb "#000000" lw 1.5, \
	for [i = 1:series] data using (coarse(i, "size_bytes") * aside(i)):"ratio" with lines ls i, \
	for [i = 1:series] data using (of(i, "size_bytes") * aside(i)):"ratio":"ratio_low":"ratio_high" with yerrorbars ls i, \
	for [i = 1:series] data using (of(i, "told") == 0 ? column("size_bytes") * aside(i) : NaN):"ratio" with points pt 7 ps 0.45 lc rgb "#ffffff"
unset multiplot
unset output
