# bars.gp - horizontal bars: one line for each series, its name to the left.
#
# After: bars_left, pixels from the left edge to the bars; bar_name[]; the y axis
# runs from series 1 at the top.
array bar_name[series]
longest = 1
do for [i = 1:series] {
	bar_name[i] = name[i]
	longest = strlen(bar_name[i]) > longest ? strlen(bar_name[i]) : longest
}
bars_left = margin + 20 + character * longest
set yrange [series + 0.6:0.4]
unset ytics
set grid xtics noytics
set bmargin at screen (panels_bottom + 60.0) / height
set tmargin at screen (panels_top - 30.0) / height
