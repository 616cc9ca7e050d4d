# kernel-steps.gp - what an operation costs from kernel to kernel, as steps.
#
# Columns: those of kernels.gp. A panel for each series.
directory = ARG0[1:strlen(ARG0) - strlen("kernel-steps.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "kernel" nooutput
kernels_count = int(STATS_max)
array kernel_name[kernels_count]
do for [k = 1:kernels_count] { kernel_name[k] = "" }
set table $unused
plot data using (kernel_name[int(column("kernel"))] = stringcolumn("kernel_name"), 0):(0) with table
unset table

array most[series]
do for [p = 1:series] {
	stats data using (column("series") == p ? column("instructions") : NaN) nooutput
	most[p] = STATS_max
}

columns = series < 3 ? series : 3
panel_rows = int((series + columns - 1) / columns)
row_height = 300
panels_height = panel_rows * row_height
keys = 0
array key_name[1]
key_kind = "box"
load directory."frame.gp"
panel_width = (width - 30.0) / columns
left(p) = (panel_width * ((p - 1) % columns) + 110) / width
right(p) = (panel_width * ((p - 1) % columns + 1) - 6) / width
bottom(p) = (panels_top - (int((p - 1) / columns) + 1) * row_height + 80) / height
top(p) = (panels_top - int((p - 1) / columns) * row_height - 56) / height

# A long label in two lines: the operation and its allocator, then the work.
break_at(text) = strstrt(text, ", ") ? strstrt(text, ", ") + 2 + strstrt(text[strstrt(text, ", ") + 2:*], ", ") : 0
set xrange [0.5:kernels_count + 0.5]
set xtics () rotate by 45 right nomirror
do for [k = 1:kernels_count] { set xtics add (kernel_name[k] k) }
do for [p = 1:series] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	scale = most[p] >= 1e6 ? 1e6 : most[p] >= 1e4 ? 1e3 : 1
	unit = most[p] >= 1e6 ? " M" : most[p] >= 1e4 ? " k" : ""
	set yrange [0:most[p] / scale * 1.15]
	set format y "%g".unit
	set label 100 name[p][1:break_at(name[p])] at graph 0, 1 offset 0, 1.9 left font ",11" textcolor rgb text_colour
	set label 101 name[p][break_at(name[p]) + 1:*] at graph 0, 1 offset 0, 0.8 left font ",10" textcolor rgb quiet_colour
	plot data using (column("series") == p ? column("kernel") : NaN):(column("instructions") / scale) with histeps lc rgb "#0072b2" lw 2, \
		data using (column("series") == p && column("verdict") == 2 ? column("kernel") : NaN):(column("instructions") / scale) with points pt 6 ps 1.2 lc rgb quiet_colour
}
unset multiplot
unset output
