# machines.gp - a heat map: an allocator's time over the reference's, machines by
# kernels, with a panel for each allocator.
#
# Columns: series role label allocator machine machine_name kernel kernel_name
# ratio verdict. series is the panel; machine is the row, from above, and kernel
# the column within its panel, both from 1.
directory = ARG0[1:strlen(ARG0) - strlen("machines.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "kernel" nooutput
kernels_count = int(STATS_max)
stats data using "machine" nooutput
machines_count = int(STATS_max)
array kernel_name[kernels_count]
do for [k = 1:kernels_count] { kernel_name[k] = "" }
array machine_name[machines_count]
do for [m = 1:machines_count] { machine_name[m] = "" }
set table $unused
plot data using (kernel_name[int(column("kernel"))] = stringcolumn("kernel_name"), machine_name[int(column("machine"))] = stringcolumn("machine_name"), 0):(0) with table
unset table

# Up to so many rows have their names; more are bands.
labels_most = 40
is_named = machines_count <= labels_most
row_height = is_named ? 26 : 900.0 / machines_count < 22 ? 900.0 / machines_count : 22
load directory."shades.gp"
absent_colour = "#e8e8e8"
keys = 6
array key_name[6] = ["a quarter of the time", "half", "as the reference", "twice", "four times", "not measured"]
array key_colour[6]
do for [i = 1:5] { key_colour[i] = sprintf("#%06x", shade(2.0 ** (i - 3))) }
key_colour[6] = absent_colour
key_kind = "box"
longest_row = 1
do for [m = 1:machines_count] { longest_row = strlen(machine_name[m]) > longest_row ? strlen(machine_name[m]) : longest_row }
rows_left = is_named ? margin + 20 + 0.82 * character * longest_row : margin + 10
panel_width = (width - rows_left - 30.0) / series
# Side by side where there is room, else upright.
longest_kernel = 1
do for [k = 1:kernels_count] { longest_kernel = strlen(kernel_name[k]) > longest_kernel ? strlen(kernel_name[k]) : longest_kernel }
cell_width = (panel_width - 14) / kernels_count
is_flat = cell_width > 0.85 * character * longest_kernel
head = is_flat ? 60 : 130
panels_height = head + 20 + (is_named && machines_count < 4 ? 26 * 4 : row_height * machines_count)
load directory."frame.gp"

left(p) = (rows_left + panel_width * (p - 1)) / width
right(p) = (rows_left + panel_width * p - 14) / width
set bmargin at screen (panels_bottom + 10) / height
set tmargin at screen (panels_top - head) / height
set xrange [0.5:kernels_count + 0.5]
set yrange [machines_count + 0.5:0.5]
unset grid
unset xtics
unset ytics
unset border
set x2tics ()
set x2range [0.5:kernels_count + 0.5]
do for [k = 1:kernels_count] { set x2tics add (kernel_name[k] k) }
if (is_flat) { set x2tics scale 0 font ",10" textcolor rgb text_colour } else { set x2tics scale 0 rotate by 45 left font ",9" textcolor rgb text_colour }

ratio_text(ratio) = ratio < 0.1 ? sprintf("%.3f", ratio) : ratio < 10 ? sprintf("%.2f", ratio) : sprintf("%.0f", ratio)
has_numbers = is_named && cell_width > 40
# A narrow gap between the fields where they are large; none between bands.
half_row = is_named ? 0.5 - 1.0 / row_height : 0.5
half_column = is_named || machines_count < 120 ? 0.5 - 1.0 / cell_width : 0.5

label_most = int((panel_width - 14) / character)
panel_label(p) = strlen(name[p]) > label_most ? name[p][1:label_most - 1]."…" : name[p]
do for [p = 1:series] {
	set lmargin at screen left(p)
	set rmargin at screen right(p)
	if (p == 1 && is_named) { do for [m = 1:machines_count] { set label 1000 + m machine_name[m] at graph -0.01, first m right font ",11" textcolor rgb text_colour } }
	set label 100 panel_label(p) at screen left(p), screen (panels_top - 8.0) / height left font ",11" textcolor rgb text_colour
	set object 1 rectangle from graph 0, 0 to graph 1, 1 fc rgb absent_colour fs solid 1 noborder behind
	plot data using "kernel":(of(p, "machine")):(column("kernel") - half_column):(column("kernel") + half_column):(column("machine") - half_row):(column("machine") + half_row):(shade(column("ratio"))) axes x2y1 with boxxyerror fs solid 1 noborder lc rgb variable, \
		data using (has_numbers && column("series") == p ? column("kernel") : NaN):"machine":(ratio_text(column("ratio"))):(ink(column("ratio"))) axes x2y1 with labels font ",10" textcolor rgb variable
	unset label
	unset object
}
unset multiplot
unset output
