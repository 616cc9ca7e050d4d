# inflation.gp - mappings for each live MiB, touched and untouched memory apart.
#
# Columns: series role label allocator touched untouched: mappings (VMAs) for
# each MiB alive, at the end of the run.
directory = ARG0[1:strlen(ARG0) - strlen("inflation.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using (column("touched")) nooutput
most = STATS_max
stats data using (column("untouched")) nooutput
most = most > STATS_max ? most : STATS_max
most = most > 0 ? most : 1

array key_name[2] = ["memory is written", "memory is not written"]
array key_colour[2] = ["#d55e00", "#b9dcf2"]
keys = 2
key_kind = "box"
panels_height = 90 + 56 * series
load directory."frame.gp"
load directory."bars.gp"

set lmargin at screen 1.0 * bars_left / width
set rmargin at screen (width - 60.0) / width
set xrange [0:most * 1.15]
set xlabel "mappings for each live MiB" textcolor rgb text_colour
do for [i = 1:series] { set label i bar_name[i] at graph 0, first i offset -1, 0 right textcolor rgb text_colour }
plot data using (0):"series":(0):(column("touched")):(column("series") - 0.36):(column("series")) with boxxyerror fc rgb key_colour[1] fs solid 1 border rgb "white", \
	data using (0):"series":(0):(column("untouched")):(column("series")):(column("series") + 0.36) with boxxyerror fc rgb key_colour[2] fs solid 1 border rgb "white", \
	data using (column("touched")):(column("series") - 0.18):(sprintf("%.3g", column("touched"))) with labels left offset 0.7, 0 textcolor rgb text_colour, \
	data using (column("untouched")):(column("series") + 0.18):(sprintf("%.3g", column("untouched"))) with labels left offset 0.7, 0 textcolor rgb text_colour
unset multiplot
unset output
