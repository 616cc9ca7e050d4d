# kernels.gp - a heat map: what each operation costs on each kernel, over what it
# costs on the first one.
#
# Columns: series role label allocator kernel kernel_name instructions ratio
# verdict. series is the row, from above; kernel counts from 1; ratio is to the
# first kernel that has the row; verdict is of the change from the kernel before:
# 1 dearer, -1 cheaper, 0 the same, 2 not told.
directory = ARG0[1:strlen(ARG0) - strlen("kernels.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "kernel" nooutput
kernels_count = int(STATS_max)
array kernel_name[kernels_count]
do for [k = 1:kernels_count] { kernel_name[k] = "" }
set table $unused
plot data using (kernel_name[int(column("kernel"))] = stringcolumn("kernel_name"), 0):(0) with table
unset table

keys = 0
array key_name[1]
key_kind = "box"
row_height = 30
panels_height = 60 + row_height * series
load directory."frame.gp"

longest_row = 1
do for [i = 1:series] { longest_row = strlen(name[i]) > longest_row ? strlen(name[i]) : longest_row }
rows_left = margin + 20 + 0.82 * character * longest_row
set lmargin at screen (rows_left < 800 ? rows_left : 800.0) / width
set rmargin at screen (width - 30.0) / width
set bmargin at screen (panels_bottom + 10) / height
set tmargin at screen (panels_top - 40) / height
set xrange [0.5:kernels_count + 0.5]
set yrange [series + 0.5:0.5]
unset grid
do for [i = 1:series] { set label 100 + i name[i] at graph -0.01, first i right font ",11" textcolor rgb text_colour }
unset xtics
unset ytics
unset border
set x2tics ()
set x2range [0.5:kernels_count + 0.5]
do for [k = 1:kernels_count] { set x2tics add (kernel_name[k] k) }
set x2tics scale 0 textcolor rgb text_colour

load directory."shades.gp"
percent(ratio) = abs(ratio - 1) < 0.005 ? "0 %" : ratio >= 3 || ratio <= 1 / 3.0 ? sprintf("x%.2g", ratio) : sprintf("%+.0f %%", 100 * (ratio - 1))
cell_text(ratio, kernel, count) = kernel == 1 ? count >= 1e6 ? sprintf("%.3g M", count / 1e6) : count >= 1e4 ? sprintf("%.3g k", count / 1e3) : sprintf("%.4g", count) : percent(ratio)
plot data using "kernel":"series":(column("kernel") - 0.48):(column("kernel") + 0.48):(column("series") - 0.46):(column("series") + 0.46):(shade(column("ratio"))) axes x2y1 with boxxyerror fs solid 1 border rgb "#ffffff" lc rgb variable, \
	data using "kernel":"series":(cell_text(column("ratio"), column("kernel"), column("instructions"))):(strength(column("ratio")) > 0.6 ? 0xffffff : 0x202020) axes x2y1 with labels font ",10" textcolor rgb variable, \
	data using (column("verdict") == 2 ? column("kernel") - 0.4 : NaN):"series" axes x2y1 with points pt 6 ps 1 lc rgb quiet_colour
unset multiplot
unset output
