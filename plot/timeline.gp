# timeline.gp - the memory map while the workload runs, a panel for each figure.
#
# Columns: series role label allocator panel panel_name unit operations drained
# value low high. unit is "bytes", "count" or "ratio"; drained is 1 for the point
# after everything was released, 2, 3 and 4 for those 100 ms, 1 s and 5 s later,
# all of which are drawn to the right of the run.
directory = ARG0[1:strlen(ARG0) - strlen("timeline.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "panel" nooutput
panels = int(STATS_max)
columns = panels == 4 ? 2 : 3
row_height = 380
row_foot = 78
load directory."panels.gp"
array unit[panels]
set table $unused
plot data using (column("panel") >= 1 ? (unit[int(column("panel"))] = stringcolumn("unit"), 0) : 0):(0) with table
unset table
array lowest[panels]
array highest[panels]
do for [p = 1:panels] {
	stats data using (column("panel") == p ? column("value") : NaN) nooutput
	lowest[p] = STATS_min < 0 ? STATS_min : 0
	highest[p] = STATS_max > 0 ? STATS_max : 1
}
stats data using "operations" nooutput
operations_min = STATS_min
operations_max = STATS_max > STATS_min ? STATS_max : STATS_min + 1
# Some seven marks on a curve, of the series with the most points.
array points[series]
do for [i = 1:series] { points[i] = 0 }
points_max = 0
set table $unused
plot data using (column("panel") == 1 && column("series") >= 1 ? (points[int(column("series"))] = points[int(column("series"))] + 1, points_max = points[int(column("series"))] > points_max ? points[int(column("series"))] : points_max, 0) : 0):(0) with table
unset table
marks_apart = int(points_max / 7) + 1

keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"
load directory."frame.gp"

# The drained state stands apart, behind a line, its points beside each other.
span = operations_max - operations_min
stats data using "drained" nooutput
drained_max = STATS_max > 1 ? int(STATS_max) : 1
drained_step = span * 0.18
drained_at(k) = operations_max + span * 0.09 + (k - 1) * drained_step
set xrange [operations_min:drained_at(drained_max) + span * 0.06]
set xlabel "operations" textcolor rgb text_colour
tic_step = 10.0 ** floor(log10(span))
tic_step = span / tic_step < 2 ? tic_step / 2 : span / tic_step > 5 ? tic_step * 2 : tic_step
count_text(n) = n < 1e3 ? sprintf("%g", n) : n < 1e6 ? sprintf("%g k", n / 1e3) : sprintf("%g M", n / 1e6)
set xtics ()
do for [k = ceil(operations_min / tic_step):floor(operations_max / tic_step)] {
	# No tic whose text would touch the one of the drained point.
	if (k * tic_step < operations_max - span * 0.09 * drained_max) {
		set xtics add (count_text(k * tic_step) k * tic_step)
	}
}
drained_text = drained_max > 1 ? "0 0.1s 1s 5s" : "drained"
do for [k = 1:drained_max] { set xtics add (word(drained_text, k) drained_at(k)) }
drained_label = drained_max > 1 ? "operations; then time since drained" : "operations"
set xlabel drained_label textcolor rgb text_colour
set arrow 1 from operations_max + span * 0.035, graph 0 to operations_max + span * 0.035, graph 1 nohead lc rgb quiet_colour lw 1 dt 3
shown(p, i, after) = column("panel") == p && column("series") == i && column("drained") == after ? column("operations") : NaN
do for [p = 1:panels] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	set title panel_name[p] textcolor rgb text_colour
	set yrange [lowest[p] * 1.05:highest[p] * 1.08]
	if (unit[p] eq "bytes") {
		step = size_step(highest[p] - lowest[p])
		set ytics ()
		do for [k = int(lowest[p] / step):int(highest[p] / step)] {
			set ytics add (k == 0 ? "0" : (k < 0 ? "-" : "").size_text(abs(k * step)) k * step)
		}
	} else {
		if (unit[p] eq "count" && highest[p] - lowest[p] < 6) {
			set ytics 1
		} else {
			set ytics autofreq
		}
		set format y "%g"
	}
	plot data using (shown(p, 0, 0)):"low":"high" with filledcurves fc rgb noise_colour, \
		for [i = 1:series] data using (shown(p, i, 0)):"value" with linespoints ls i pointinterval marks_apart, \
		for [k = 1:drained_max] for [i = 1:series] data using (shown(p, i, k) * 0 + drained_at(k) + span * 0.08 * (i - 0.5 * (series + 1)) / series):"value" with points ls i
}
unset multiplot
unset output
