# refills.gp - what becomes of a hole of each size: is it filled again?
#
# Columns: series role label allocator place size_bytes size exact higher_gap
# elsewhere no_hole not_abutting failed: how often each came about. place counts
# the sizes upward, size is one's name.
directory = ARG0[1:strlen(ARG0) - strlen("refills.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

outcomes = "exact higher_gap elsewhere no_hole not_abutting failed"
array meaning[6] = ["exact: the hole is filled", "a higher gap is taken", "elsewhere: the hole is left", "no hole: the range stays mapped", "not told: no block abuts", "out of memory"]
outcome_colours = "#0072b2 #009e73 #d55e00 #808080 #808080 #882255"
outcome_points = "7 9 2 4 1 8"

stats data using "place" nooutput
places = int(STATS_max)
array size_name[places]
set table $unused
plot data using (size_name[int(column("place"))] = stringcolumn("size"), 0):(0) with table
unset table

# The names are read: the styles are from here on those of the outcomes.
array seen[6]
keys = 0
array key_name[6]
do for [k = 1:6] {
	stats data using (column(word(outcomes, k))) nooutput
	seen[k] = STATS_max > 0
	if (seen[k]) {
		keys = keys + 1
		key_name[keys] = meaning[k]
		set style line keys lc rgb word(outcome_colours, k) pt int(word(outcome_points, k)) ps 1.1 lw 1.6 dt 3
	}
}
key_kind = "line"

longest_name = 1
do for [i = 1:series] { longest_name = strlen(name[i]) > longest_name ? strlen(name[i]) : longest_name }
row_height = 44
panels_height = row_height * (series + 1) + 120
load directory."frame.gp"

left_edge = margin + 20 + 1.05 * character * longest_name
set lmargin at screen (left_edge < 560 ? left_edge : 560.0) / width
set rmargin at screen (width - 20.0) / width
set bmargin at screen (panels_bottom + 110) / height
set tmargin at screen panels_top / height
set xrange [0.2:places + 0.8]
set yrange [series + 0.7:0.3]
# A tic's text is a format, a label's is not: names may hold a %.
set ytics ()
do for [i = 1:series] {
	set ytics add ("" i)
	set label 100 + i name[i] at graph -0.012, first i right textcolor rgb text_colour
}
set xtics () rotate by 90 right font ",9"
do for [p = 1:places] { set xtics add (size_name[p] p) }
set grid xtics ytics
happened(i, k) = column("series") == i && column(word(outcomes, k)) > 0 ? column("place") : NaN
styles = 0
array style_of[6]
do for [k = 1:6] {
	if (seen[k]) { styles = styles + 1 }
	style_of[k] = seen[k] ? styles : 1
}
plot for [k = 1:6] for [i = 1:series] data using (happened(i, k)):(i) with points ls style_of[k]
unset multiplot
unset output
