# kernel-steps.gp - what a call costs from kernel to kernel, as steps.
#
# Columns: those of kernels.gp. A panel for each series.
directory = ARG0[1:strlen(ARG0) - strlen("kernel-steps.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8
call directory."kernel-names.gp"

array most[series]
do for [p = 1:series] {
	stats data using (column("series") == p ? column("instructions") : NaN) nooutput
	most[p] = STATS_max
}

# Names of kernels are below, at 45 degrees, and need room.
panels_max = kernels_count <= 12 ? 3 : kernels_count <= 24 ? 2 : 1
columns = series < panels_max ? series : panels_max
panel_rows = int((series + columns - 1) / columns)
names_height = 24 + 5.6 * longest_name
row_height = 220 + names_height
panels_height = panel_rows * row_height
keys = 0
array key_name[1]
key_kind = "box"
load directory."frame.gp"
panel_width = (width - 30.0) / columns
left(p) = (panel_width * ((p - 1) % columns) + 110) / width
right(p) = (panel_width * ((p - 1) % columns + 1) - 6) / width
bottom(p) = (panels_top - (int((p - 1) / columns) + 1) * row_height + names_height) / height
top(p) = (panels_top - int((p - 1) / columns) * row_height - 56) / height

# A label in two lines: the call and its allocator, then the work.
comma(text) = strstrt(text, ", ")
break_at(text) = comma(text) ? comma(text) + 1 + comma(text[comma(text) + 2:*]) : 0
set xrange [0.5:kernels_count + 0.5]
set xtics () rotate by 45 right nomirror font ",10"
set ytics font ",10"
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
	set label 100 name[p][1:break_at(name[p]) - 1] at graph 0, 1 offset 0, 1.9 left font ",11" textcolor rgb text_colour
	set label 101 name[p][break_at(name[p]) + 2:*] at graph 0, 1 offset 0, 0.8 left font ",10" textcolor rgb quiet_colour
	plot data using (column("series") == p ? column("kernel") : NaN):(column("instructions") / scale):(1) with boxes fs solid 1 noborder lc rgb "#dbe9f3", \
		data using (column("series") == p ? column("kernel") - 0.5 : NaN):(column("instructions") / scale):(1):(0) with vectors nohead lc rgb "#0072b2" lw 2.5, \
		data using (column("series") == p && column("verdict") == 2 ? column("kernel") : NaN):(column("instructions") / scale) with points pt 6 ps 1.2 lc rgb text_colour
}
unset multiplot
unset output
