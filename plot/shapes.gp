# shapes.gp - what a call costs against how many mappings or holes there are.
#
# Columns: series role label allocator panel panel_name shape n cost_ns low_ns
# high_ns. n is the number planted; 0 has a place of its own on the axis.
directory = ARG0[1:strlen(ARG0) - strlen("shapes.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "panel" nooutput
panels = int(STATS_max)
columns = panels == 4 ? 2 : 3
row_height = panels > 2 ? 400 : 520
row_foot = 78
load directory."panels.gp"
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"

array panel_least[panels]
array panel_greatest[panels]
do for [p = 1:panels] {
	stats data using (column("panel") == p ? time_of("low") : NaN) nooutput
	panel_least[p] = STATS_min
	stats data using (column("panel") == p ? time_of("high") : NaN) nooutput
	panel_greatest[p] = STATS_max
}
array shape[panels * series]
do for [k = 1:panels * series] { shape[k] = "" }
set table $unused
plot data using (shape[int((column("panel") - 1) * series + column("series"))] = stringcolumn("shape"), 0):(0) with table
unset table

stats data using "n" nooutput
n_max = STATS_max
has_zero = STATS_min == 0
stats data using (column("n") > 0 ? column("n") : NaN) nooutput
n_min = STATS_min
# As far below the least number as a tenth of the axis is wide.
zero_at = n_min / (1.6 * (n_max / n_min) ** 0.12)
load directory."frame.gp"

set logscale x 10
set xrange [(has_zero ? zero_at : n_min) / 1.5:n_max * 1.6]
set xtics ()
if (has_zero) { set xtics add ("0" zero_at) }
do for [k = ceil(log10(n_min) - 1e-9):floor(log10(n_max) + 1e-9)] {
	set xtics add (sprintf("%g", 10.0 ** k) 10.0 ** k)
}
set xlabel "planted" textcolor rgb text_colour
place(n) = n > 0 ? n : zero_at
shown(p, i) = column("panel") == p && column("series") == i ? place(column("n")) : NaN
line_colour(i) = role[i] eq "reference" ? "#000000" : role[i] eq "floor" ? floor_colour : word(colours, i > 1 ? (i - 2) % words(colours) + 1 : 1)
do for [p = 1:panels] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	set title panel_name[p] textcolor rgb text_colour
	# Room for a word for each series above the curves: a share of the panel.
	least = panel_least[p]
	room = 0.03 + 0.055 * series
	greatest = panel_greatest[p] * (panel_greatest[p] / panel_least[p] * 2) ** (room / (1 - room))
	y_kind = in_time ? "time" : in_instructions ? "count" : "ratio"
	load directory."logarithmic.gp"
	do for [i = 1:series] {
		set label 100 + i shape[(p - 1) * series + i] at graph 0.03, graph 0.97 - 0.055 * i + 0.055 font ",9" textcolor rgb line_colour(i)
	}
	plot for [i = 1:series] data using (shown(p, i)):(time_of("cost")):(time_of("low")):(time_of("high")) with yerrorlines ls i
}
unset multiplot
unset output
