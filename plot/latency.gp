# latency.gp - latency by percentile, a panel for each kind of operation.
#
# Columns: series role label allocator panel panel_name tail percentile
# latency_ns low_ns high_ns. tail is 1 / (1 - p): each nine more is as wide as
# the one before. requests.gp calls it with one_scale: the panels have the same
# latencies from bottom to top.
directory = ARG0[1:strlen(ARG0) - strlen("latency.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "panel" nooutput
panels = int(STATS_max)
columns = panels == 4 ? 2 : 3
one_scale = exists("one_scale")
row_height = panels > 2 ? 380 : 500
row_foot = 78
load directory."panels.gp"
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"
stats data using "tail" nooutput
tail_max = STATS_max
array panel_least[panels]
array panel_greatest[panels]
do for [p = 1:panels] {
	stats data using (column("panel") == p ? time_of("latency") : NaN) nooutput
	panel_least[p] = STATS_min
	panel_greatest[p] = STATS_max
}
if (one_scale) {
	stats data using (column("panel") >= 1 ? time_of("latency") : NaN) nooutput
	do for [p = 1:panels] {
		panel_least[p] = STATS_min
		panel_greatest[p] = STATS_max
	}
}
load directory."frame.gp"

set logscale x 10
set xrange [1:tail_max * 1.05]
set xtics ("0" 1, "50" 2, "90" 10, "99" 100, "99.9" 1e3, "99.99" 1e4, "99.999" 1e5, "99.9999" 1e6)
set xlabel "percentile" textcolor rgb text_colour
shown(p, what) = column("panel") == p ? column(what) : NaN
do for [p = 1:panels] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	set title panel_name[p] textcolor rgb text_colour
	least = panel_least[p]
	greatest = panel_greatest[p]
	y_kind = in_time ? "time" : in_instructions ? "count" : "ratio"
	load directory."logarithmic.gp"
	plot data using (shown(p, "tail") * (column("series") == 0 ? 1 : NaN)):(time_of("low")):(time_of("high")) with filledcurves fc rgb noise_colour, \
		for [i = 1:series] data using (shown(p, "tail") * (column("series") == i ? 1 : NaN)):(time_of("latency")) with linespoints ls i pointinterval 10
}
unset multiplot
unset output
