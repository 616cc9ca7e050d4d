# threads.gp - what threads cost each other: throughput and tail by their number.
#
# Columns: series role label allocator panel panel_name threads ratio ratio_low
# ratio_high tail_ns low_ns high_ns. A panel is of ratios or of tails; the other
# columns are empty in its rows.
directory = ARG0[1:strlen(ARG0) - strlen("threads.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "panel" nooutput
panels = int(STATS_max)
columns = 2
row_height = 520
row_foot = 78
load directory."panels.gp"
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"

array panel_is_ratio[panels]
array panel_least[panels]
array panel_greatest[panels]
do for [p = 1:panels] {
	panel_is_ratio[p] = panel_name[p][1:3] ne "p99"
	if (panel_is_ratio[p]) {
		stats data using (column("panel") == p ? column("ratio_low") : NaN) nooutput
		panel_least[p] = STATS_min
		stats data using (column("panel") == p ? column("ratio_high") : NaN) nooutput
		panel_greatest[p] = STATS_max
	} else {
		stats data using (column("panel") == p ? time_of("low") : NaN) nooutput
		panel_least[p] = STATS_min
		stats data using (column("panel") == p ? time_of("high") : NaN) nooutput
		panel_greatest[p] = STATS_max
	}
}
# The numbers that there are, each once.
numbers = ""
set table $unused
plot data using (numbers = strstrt(numbers." ", " ".stringcolumn("threads")." ") ? numbers : numbers." ".stringcolumn("threads"), 0):(0) with table
unset table
stats data using "threads" nooutput
threads_min = STATS_min
threads_max = STATS_max
load directory."frame.gp"

set logscale x 2
set xrange [threads_min / 1.15:threads_max * 1.15]
set xtics ()
do for [k = 1:words(numbers)] { set xtics add (word(numbers, k) real(word(numbers, k))) }
set xlabel "threads" textcolor rgb text_colour
shown(p, i) = column("panel") == p && column("series") == i ? column("threads") : NaN
do for [p = 1:panels] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	set title panel_name[p] textcolor rgb text_colour
	least = panel_least[p]
	greatest = panel_greatest[p]
	# A panel in which nothing changes is still one.
	if (greatest < least * 1.2) {
		least = least / 1.1
		greatest = greatest * 1.1
	}
	y_kind = !panel_is_ratio[p] && in_time ? "time" : "ratio"
	load directory."logarithmic.gp"
	if (panel_is_ratio[p]) {
		plot for [i = 1:series] data using (shown(p, i)):(column("ratio")):(column("ratio_low")):(column("ratio_high")) with yerrorlines ls i
	} else {
		plot for [i = 1:series] data using (shown(p, i)):(time_of("tail")):(time_of("low")):(time_of("high")) with yerrorlines ls i
	}
}
unset multiplot
unset output
