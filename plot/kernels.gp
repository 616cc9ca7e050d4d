# kernels.gp - a heat map: what each call costs on each kernel, over what it costs
# on the first one.
#
# Columns: series role label allocator kernel kernel_name instructions ratio
# verdict is_first. series is the row, from above; kernel counts from 1; ratio is
# to the first kernel that has the row, where is_first is 1; verdict is of the
# change from the kernel before: 1 dearer, -1 cheaper, 0 the same, 2 not told; 3:
# it was not measured here.
directory = ARG0[1:strlen(ARG0) - strlen("kernels.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8
call directory."kernel-names.gp"

# Cells are as wide as the widest of their texts at least, and the page with them.
longest_row = 1
do for [i = 1:series] { longest_row = strlen(name[i]) > longest_row ? strlen(name[i]) : longest_row }
rows_left = margin + 0.98 * character * longest_row
cells_right = 30
cell_width = (width - rows_left - cells_right) / kernels_count
cell_width = cell_width < 84 ? 84.0 : cell_width > 200 ? 200.0 : cell_width
width = rows_left + cells_right + cell_width * kernels_count > width ? rows_left + cells_right + cell_width * kernels_count : width
upright = 8.2 * longest_name > cell_width
heads_height = upright ? 24 + 8.2 * longest_name : 40

keys = 0
array key_name[1]
key_kind = "box"
row_height = 30
panels_height = 20 + heads_height + row_height * series
load directory."frame.gp"

set lmargin at screen rows_left / width
set rmargin at screen (rows_left + cell_width * kernels_count) / width
set bmargin at screen (panels_bottom + 10) / height
set tmargin at screen (panels_bottom + 10 + row_height * series) / height
set xrange [0.5:kernels_count + 0.5]
set yrange [series + 0.5:0.5]
unset grid
do for [i = 1:series] { set label 100 + i name[i] at screen (rows_left - 10) / width, first i right font ",11" textcolor rgb text_colour }
unset xtics
unset ytics
unset border
set x2tics ()
set x2range [0.5:kernels_count + 0.5]
do for [k = 1:kernels_count] { set x2tics add (kernel_name[k] k) }
if (upright) {
	set x2tics rotate by 90 left
}
set x2tics scale 0 font ",10" textcolor rgb text_colour

load directory."shades.gp"
percent(ratio) = abs(ratio - 1) < 0.005 ? "0 %" : ratio >= 3 || ratio <= 1 / 3.0 ? sprintf("x%.2g", ratio) : sprintf("%+.0f %%", 100 * (ratio - 1))
count_text(count) = count >= 9.995e6 ? sprintf("%.1f M", count / 1e6) : count >= 9.995e5 ? sprintf("%.2f M", count / 1e6) : count >= 9.995e4 ? sprintf("%.0f k", count / 1e3) : count >= 9999.5 ? sprintf("%.1f k", count / 1e3) : sprintf("%.0f", count)
cell_text(ratio, is_first, count) = is_first == 1 ? count_text(count) : percent(ratio)
measured(what) = column("verdict") == 3 ? NaN : column(what)
plot data using "kernel":(measured("series")):(column("kernel") - 0.48):(column("kernel") + 0.48):(column("series") - 0.46):(column("series") + 0.46):(shade(column("ratio"))) axes x2y1 with boxxyerror fs solid 1 border rgb "#ffffff" lc rgb variable, \
	data using "kernel":(measured("series")):(cell_text(column("ratio"), column("is_first"), column("instructions"))):(ink(column("ratio"))) axes x2y1 with labels font ",10" textcolor rgb variable, \
	data using (column("verdict") == 2 ? column("kernel") - 0.5 + 9 / cell_width : NaN):"series" axes x2y1 with points pt 6 ps 0.7 lc rgb text_colour
unset multiplot
unset output
