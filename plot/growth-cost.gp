# growth-cost.gp - what one growth costs by its new size, for each allocator.
#
# Columns: series role label allocator size_bytes samples grow_ns grow_low_ns
# grow_high_ns cost_ns cost_low_ns cost_high_ns ratio ratio_low ratio_high. In
# units of the machine, the times are over a memcpy of the new size: grow_copies.
directory = ARG0[1:strlen(ARG0) - strlen("growth-cost.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "size_bytes" nooutput
size_min = STATS_min
size_max = STATS_max
stats data using (time_of("grow_low")) nooutput
grow_min = STATS_min
stats data using (time_of("grow_high")) nooutput
grow_max = STATS_max
# Without a reference there is one panel.
ratio_min = 1.0
ratio_max = 0.0
set table $unused
plot data using (ratio_min = column("ratio_low") < ratio_min ? column("ratio_low") : ratio_min, ratio_max = column("ratio_high") > ratio_max ? column("ratio_high") : ratio_max, 0):(0) with table
unset table

panels_height = 560
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"
load directory."frame.gp"

set logscale x 2
size_margin = size_max < 2 * size_min ? 1.5 : 1.25
set xrange [size_min / size_margin:size_max * size_margin]
# About six tics, each at a power of two.
doublings = ceil(log(size_max / size_min) / log(2) / 6 + 0.01)
set xtics ()
do for [k = ceil(log(size_min / size_margin) / log(2)):floor(log(size_max * size_margin) / log(2)):doublings] {
	set xtics add (size_text(2.0 ** k) 2.0 ** k)
}
set xlabel "size after the growth" textcolor rgb text_colour
set bmargin at screen (panels_bottom + 60) / height
set tmargin at screen (panels_top - 36) / height

set lmargin at screen 110.0 / width
set rmargin at screen (ratio_max > 0 ? 760.0 : width - 30.0) / width
least = grow_min
greatest = grow_max
y_kind = in_time ? "time" : in_instructions ? "count" : "ratio"
load directory."logarithmic.gp"
set title what_it_takes." per growth, in grow() alone".(measure eq "copies" ? ", over a memcpy of its size" : "") textcolor rgb text_colour
plot data using (of(0, "size_bytes")):(time_of("grow_low")):(time_of("grow_high")) with filledcurves fc rgb noise_colour, \
	for [i = 1:series] data using (of(i, "size_bytes")):(time_of("grow")):(time_of("grow_low")):(time_of("grow_high")) with yerrorlines ls i

if (ratio_max > 0) {
	set lmargin at screen 840.0 / width
	set rmargin at screen (width - 30.0) / width
	least = ratio_min
	greatest = ratio_max
	y_kind = "ratio"
	load directory."logarithmic.gp"
	# Beside each other, so that the bars can be told apart.
	aside(i) = 2 ** (0.05 * (i - 0.5 * (series + 1)))
	set title "grow(), first touch and re-read: ratio to the reference" textcolor rgb text_colour
	plot data using (of(0, "size_bytes")):"ratio_low":"ratio_high" with filledcurves fc rgb noise_colour, \
		1 with lines lc rgb "#000000" lw 1.5, \
		for [i = 1:series] data using (of(i, "size_bytes") * aside(i)):"ratio":"ratio_low":"ratio_high" with yerrorlines ls i
}
unset multiplot
unset output
