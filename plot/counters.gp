# counters.gp - what the kernel and the processor counted, bars for each
# allocator, a panel for each counter.
#
# Columns: series role label allocator panel panel_name unit part part_name
# samples value from to low high text. unit is "count" or "ns". A counter kept
# apart for user and kernel has two parts, 1 and 2, one behind the other; another
# has part 0. The last part has the interval of the whole and its text. A row of
# series 0 is the noise floor of a panel: from low to high.
directory = ARG0[1:strlen(ARG0) - strlen("counters.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "panel" nooutput
panels = int(STATS_max)
stats data using "part" nooutput
parts = STATS_max > 0 ? 2 : 0
columns = 3
row_height = 102 + 34 * series
row_foot = 54
load directory."panels.gp"
array scale[panels]
set table $unused
plot data using (column("panel") >= 1 ? (scale[int(column("panel"))] = stringcolumn("unit") eq "ns" ? 1e-9 : 1, 0) : 0):(0) with table
unset table
array highest[panels]
do for [p = 1:panels] {
	stats data using (column("panel") == p ? column("to") * scale[p] : NaN) nooutput
	highest[p] = STATS_max
	stats data using (column("panel") == p ? column("high") * scale[p] : NaN) nooutput
	highest[p] = STATS_max > highest[p] ? STATS_max : highest[p]
}
array noise_low[panels]
array noise_high[panels]
do for [p = 1:panels] { noise_low[p] = 0; noise_high[p] = 0 }
set table $unused
plot data using (column("series") == 0 ? (noise_low[int(column("panel"))] = column("low") * scale[int(column("panel"))], noise_high[int(column("panel"))] = column("high") * scale[int(column("panel"))], 0) : 0):(0) with table
unset table

part_colours = "#a08cc0 #7cc4ee #1f6fa8"
keys = parts > 0 ? 3 : 0
array key_name[3] = ["user and kernel together", "user", "kernel"]
array key_colour[3]
do for [k = 1:3] { key_colour[k] = word(part_colours, k) }
key_kind = "box"
load directory."frame.gp"
load directory."bars.gp"

bars_width = (width - 20.0 - bars_left) / columns
do for [p = 1:panels] {
	set lmargin at screen (bars_left + bars_width * panel_column(p)) / width
	set rmargin at screen (bars_left + bars_width * (panel_column(p) + 1) - 24) / width
	set bmargin at screen bottom(p)
	set tmargin at screen top(p)
	set title panel_name[p] textcolor rgb text_colour
	# The text stands to the right of its bar.
	set xrange [0:highest[p] * 1.75]
	set format x scale[p] == 1 ? "%.0s %c" : "%.0s %cs"
	tic_step = 10.0 ** floor(log10(highest[p]))
	tic_step = tic_step * (highest[p] / tic_step > 4 ? 5 : highest[p] / tic_step > 2 ? 2 : 1)
	# None so far to the right that its text would touch the next panel's 0.
	set xtics 0, tic_step, highest[p] * 1.55
	if (noise_high[p] > noise_low[p]) {
		set object 1 rectangle from noise_low[p], graph 0 to noise_high[p], graph 1 fc rgb noise_colour fs solid 1 noborder behind
	}
	if (panel_column(p) == 0) {
		do for [i = 1:series] { set label i bar_name[i] at graph 0, first i offset -1, 0 right textcolor rgb text_colour }
	}
	plot for [k = 0:parts] data using (column("panel") == p && column("part") == k ? column("from") * scale[p] : NaN):"series":(column("from") * scale[p]):(column("to") * scale[p]):(column("series") - 0.32):(column("series") + 0.32) with boxxyerror fc rgb word(part_colours, k + 1) fs solid 1 border rgb "white", \
		data using (column("panel") == p ? column("to") * scale[p] : NaN):"series":(column("low") * scale[p]):(column("high") * scale[p]) with xerrorbars lc rgb text_colour pt -1, \
		data using (column("panel") == p && strlen(stringcolumn("text")) > 0 ? column("high") * scale[p] : NaN):"series":(stringcolumn("text")) with labels left offset 0.7, 0 font ",10" textcolor rgb text_colour
	unset label
	unset object
}
unset multiplot
unset output
