# rounds.gp - every sample in the order of the run: what drifts, what sticks out.
#
# Columns: series role label allocator sequence round status taint wall_ns ratio
# low high clock. status: 0 good, 1 invalid, 2 failed (without wall_ns). taint: 1
# where something disturbed the sample, 2 where only its reference's, empty where
# nobody looked. ratio: to the reference in the same round, by the clock that
# the verdict is read by, "wall" or "cpu". The rows of series 0 say how far the
# twin's ratios reach, from low to high, at the first and at the last sequence.
directory = ARG0[1:strlen(ARG0) - strlen("rounds.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "sequence" nooutput
sequence_min = STATS_min
sequence_max = STATS_max
stats data using (time_of("wall")) nooutput
wall_min = STATS_min
wall_max = STATS_max
# Without a reference there is one panel.
ratio_min = 1.0
ratio_max = 0.0
clock = "wall"
bad = 0
tainted = 0
set table $unused
plot data using (ratio_min = column("ratio") < ratio_min ? column("ratio") : ratio_min, ratio_max = column("ratio") > ratio_max ? column("ratio") : ratio_max, 0):(0) with table
plot data using (ratio_min = column("low") < ratio_min ? column("low") : ratio_min, ratio_max = column("high") > ratio_max ? column("high") : ratio_max, 0):(0) with table
plot data using (clock = in_instructions ? "instructions" : stringcolumn("clock") eq "cpu" ? "CPU time of the thread" : clock, 0):(0) with table
plot data using (tainted = column("taint") > 0 ? 1 : tainted, 0):(0) with table
plot data using (bad = column("status") > bad ? column("status") : bad, 0):(0) with table
unset table

panels = ratio_max > 0 ? 2 : 1
panels_height = 400 * panels
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
key_kind = "line"
load directory."frame.gp"

set lmargin at screen 110.0 / width
set rmargin at screen (width - 40.0) / width
aside = 0.01 * (sequence_max - sequence_min + 1)
set xrange [sequence_min - aside:sequence_max + aside]
set xlabel "sample, in the order of the run" textcolor rgb text_colour
good(i, what) = column("series") == i && column("status") == 0 ? column(what) : NaN
# A ring about a good one that was disturbed; about a ratio, if either was.
ring(i, most, what) = column("taint") > 0 && column("taint") <= most ? good(i, what) : NaN
# A failed sample has no time: its mark stands on the axis below.
bad_mark(i) = column("series") == i && column("status") > 0 ? column("sequence") : NaN

set tmargin at screen (panels_top - 30.0) / height
set bmargin at screen (panels_top - 400 + 74.0) / height
set title what_it_takes." of a sample".(in_instructions ? "" : " (wall".measure_aside.")").(tainted > 0 ? "; in a ring: something disturbed it" : "").(bad > 0 ? "; crosses on the axis: failed or invalid" : "") textcolor rgb text_colour
least = wall_min
greatest = wall_max
y_kind = in_time ? "time" : in_instructions ? "count" : "ratio"
load directory."logarithmic.gp"
plot for [i = 1:series] data using (good(i, "sequence")):(time_of("wall")) with linespoints ls i lw 0.6 dt 1, \
	for [i = 1:series] data using (ring(i, 1, "sequence")):(time_of("wall")) with points ls i pt 6 ps 2.2 lw 1, \
	for [i = 1:series] data using (bad_mark(i)):(least) with points ls i pt 2 ps 1.6 lw 3

if (ratio_max > 0) {
	set tmargin at screen (panels_top - 430.0) / height
	set bmargin at screen (panels_bottom + 60.0) / height
	set title "ratio to the reference in the same round (".clock.", by which the table compares)" textcolor rgb text_colour
	least = ratio_min
	greatest = ratio_max
	y_kind = "ratio"
	load directory."logarithmic.gp"
	plot data using (of(0, "sequence")):"low":"high" with filledcurves fc rgb noise_colour, \
		1 with lines lc rgb "#000000" lw 1.5, \
		for [i = 1:series] data using (good(i, "sequence")):"ratio" with linespoints ls i lw 0.6 dt 1, \
		for [i = 1:series] data using (ring(i, 2, "sequence")):"ratio" with points ls i pt 6 ps 2.2 lw 1
}
unset multiplot
unset output
