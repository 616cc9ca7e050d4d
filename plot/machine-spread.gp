# machine-spread.gp - small multiples: an allocator's time over the reference's on
# each machine, the machines in the order of it.
#
# Columns: series role label allocator rank machine_name ratio low high median
# quartile_low quartile_high. A panel for each series; series 0 is what the twin
# was over the reference, from low to high over machines. low and high are empty
# where a machine has no interval; median and quartiles are over machines.
directory = ARG0[1:strlen(ARG0) - strlen("machine-spread.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8
set datafile missing ""

noise_low = 1
noise_high = 1
if (has_noise) {
	stats data using (column("series") < 1 ? column("low") : NaN) nooutput
	noise_low = STATS_min
	stats data using (column("series") < 1 ? column("high") : NaN) nooutput
	noise_high = STATS_max
}

array machines_of[series]
array median_of[series]
array low_of[series]
array high_of[series]
array least_of[series]
array most_of[series]
do for [p = 1:series] {
	stats data using (of(p, "rank")) nooutput
	machines_of[p] = int(STATS_max)
	stats data using (of(p, "median")) nooutput
	median_of[p] = STATS_max
	stats data using (of(p, "quartile_low")) nooutput
	low_of[p] = STATS_max
	stats data using (of(p, "quartile_high")) nooutput
	high_of[p] = STATS_max
	stats data using (of(p, "ratio")) nooutput
	least_of[p] = STATS_min < 1 ? STATS_min : 1
	most_of[p] = STATS_max > 1 ? STATS_max : 1
	stats data using (column("series") == p && strlen(stringcolumn("low")) > 0 ? column("low") : NaN) nooutput
	if (exists("STATS_min") && STATS_min < least_of[p]) { least_of[p] = STATS_min }
	stats data using (column("series") == p && strlen(stringcolumn("high")) > 0 ? column("high") : NaN) nooutput
	if (exists("STATS_max") && STATS_max > most_of[p]) { most_of[p] = STATS_max }
}

columns = series < 3 ? series : 3
panel_rows = int((series + columns - 1) / columns)
row_height = series < 2 ? 460 : 330
panels_height = panel_rows * row_height
keys = 0
array key_name[1]
key_kind = "box"
load directory."frame.gp"
panel_width = (width - 30.0) / columns
left(p) = (panel_width * ((p - 1) % columns) + 100) / width
right(p) = (panel_width * ((p - 1) % columns + 1) - 10) / width
bottom(p) = (panels_top - (int((p - 1) / columns) + 1) * row_height + 70) / height
top(p) = (panels_top - int((p - 1) / columns) * row_height - 50) / height

# Ratios on a logarithmic axis with tics where people look for them.
set logscale y
wide = "0.001 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10 20 50 100 200 500 1000"
middling = "0.001 0.0015 0.002 0.003 0.005 0.007 0.01 0.015 0.02 0.03 0.05 0.07 0.1 0.15 0.2 0.3 0.4 0.5 0.7 1 1.4 2 3 4 5 7 10 15 20 30 50 70 100"
narrow = "0.1 0.11 0.12 0.13 0.14 0.15 0.16 0.18 0.2 0.22 0.25 0.28 0.3 0.35 0.4 0.45 0.5 0.55 0.6 0.65 0.7 0.75 0.8 0.85 0.9 0.95 1 1.05 1.1 1.15 1.2 1.3 1.4 1.5 1.6 1.8 2 2.2 2.5"
set xtics nomirror
few = 150	# points that are drawn large
do for [p = 1:series] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	lowest = least_of[p] / 1.06
	highest = most_of[p] * 1.06
	set xrange [0:machines_of[p] + 1]
	if (machines_of[p] < 8) { set xtics 1 } else { set xtics autofreq }
	set yrange [lowest:highest]
	set ytics () nomirror
	ticked = highest / lowest < 1.8 && lowest > 0.1 && highest < 2.5 ? narrow : highest / lowest < 8 ? middling : wide
	do for [i = 1:words(ticked)] { set ytics add (word(ticked, i) (word(ticked, i) + 0.0)) }
	set xlabel sprintf("%d machine%s, by ratio", machines_of[p], machines_of[p] == 1 ? "" : "s") font ",11" textcolor rgb quiet_colour offset 0, 0.3
	set label 100 name[p] at graph 0, 1 offset 0, 1.5 left font ",12" textcolor rgb text_colour
	set label 101 sprintf("median %.3g, half within %.3g to %.3g", median_of[p], low_of[p], high_of[p]) at graph 0, 1 offset 0, 0.5 left font ",10" textcolor rgb quiet_colour
	if (has_noise && noise_high > lowest && noise_low < highest) { set object 3 rectangle from graph 0, first (noise_low > lowest ? noise_low : lowest) to graph 1, first (noise_high < highest ? noise_high : highest) fc rgb "#b0b0b0" fs transparent solid 0.5 noborder behind }
	set object 2 rectangle from graph 0, first low_of[p] to graph 1, first high_of[p] fc rgb "#cfe3f2" fs solid 1 noborder behind
	set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb quiet_colour lw 1 dt 2
	set arrow 2 from graph 0, first median_of[p] to graph 1, first median_of[p] nohead lc rgb "#0072b2" lw 2
	plot data using (column("series") == p && strlen(stringcolumn("low")) > 0 ? column("rank") : NaN):"ratio":"low":"high" with yerrorbars pt 7 ps 0 lw (machines_of[p] > few ? 0.5 : 1) lc rgb "#808080", \
		data using (of(p, "rank")):"ratio" with points pt 7 ps (machines_of[p] > few ? 0.4 : 0.8) lc rgb "#202020"
	unset object
	unset arrow
}
unset multiplot
unset output
