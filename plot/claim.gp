# claim.gp - a claim's evidence: a number and its interval, by row and series.
#
# Columns: series role label allocator row row_name value low high mark mark_says
# axis. row counts downward; low and high are empty where there is no interval;
# mark is the number that decides, and mark_says what lies on one side of it; they
# and axis are the same in each line.
directory = ARG0[1:strlen(ARG0) - strlen("claim.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "row" nooutput
rows_count = int(STATS_max)
array row_name[rows_count]
mark = NaN
mark_text = ""
axis_text = ""
least = 1e300
greatest = -1e300
longest_row = 1
bound(what) = (column(what) == column(what)) ? column(what) : column("value")
set table $unused
plot data using (row_name[int(column("row"))] = stringcolumn("row_name"), mark = column("mark"), mark_text = stringcolumn("mark_says"), axis_text = stringcolumn("axis"), 0):(0) with table
plot data using (least = bound("low") < least ? bound("low") : least, greatest = bound("high") > greatest ? bound("high") : greatest, 0):(0) with table
unset table
has_mark = mark_text ne ""
if (has_mark) {
	least = mark < least ? mark : least
	greatest = mark > greatest ? mark : greatest
}
do for [i = 1:rows_count] { longest_row = strlen(row_name[i]) > longest_row ? strlen(row_name[i]) : longest_row }

keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"
row_height = 14 + 9 * series
panels_height = 110 + row_height * rows_count
load directory."frame.gp"

rows_left = margin + 20 + character * longest_row
set lmargin at screen (rows_left < 600 ? rows_left : 600.0) / width
set rmargin at screen (width - 40.0) / width
set bmargin at screen (panels_bottom + 70) / height
set tmargin at screen (panels_top - 10) / height
set yrange [rows_count + 0.6:0.4]
set ytics ()
do for [i = 1:rows_count] {
	set ytics add ("" i)
	set label 100 + i row_name[i] at graph -0.012, first i right textcolor rgb text_colour
}
set grid xtics noytics
set xlabel axis_text textcolor rgb text_colour
if (greatest > 8 * least) {
	set logscale x
	set xrange [least / 1.15:greatest * 1.15]
	set xtics ()
	do for [d = floor(log10(least / 1.15)):ceil(log10(greatest * 1.15))] {
		do for [s in "1 2 5"] { set xtics add (sprintf("%g", s * 10.0 ** d) s * 10.0 ** d) }
	}
} else {
	set xrange [0:greatest * 1.08]
}
if (has_mark) {
	set arrow 1 from first mark, graph 0 to first mark, graph 1 nohead lc rgb "#000000" lw 1.5 dt 2
	set label 99 mark_text at first mark, graph 1 offset 0.4, 0.6 left font ",10" textcolor rgb quiet_colour
}
# One series above the other in a row.
aside(i) = 0.7 * (i - 0.5 * (series + 1)) / (series > 3 ? series : 3)
at_row(i) = column("series") == i ? column("row") + aside(i) : NaN
ranged(what) = column("low") == column("low") ? column(what) : NaN
plot for [i = 1:series] data using "value":(at_row(i)):(ranged("low")):(ranged("high")) with xerrorbars ls i, \
	for [i = 1:series] data using "value":(at_row(i)) with points ls i
unset multiplot
unset output
