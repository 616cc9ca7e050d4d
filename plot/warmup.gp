# warmup.gp - the time of each repetition of the work in one process: how an
# allocator warms up, and whether it settles.
#
# Columns: series role label allocator repetition processes time_ns level_ns
# trend low_ns high_ns. level: of the stretch between two changes of level that
# it is in. The rows of series 0 lie between reference and twin.
directory = ARG0[1:strlen(ARG0) - strlen("warmup.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

stats data using "repetition" nooutput
repetitions = STATS_max
stats data using (time_of("time")) nooutput
least = STATS_min
greatest = STATS_max
if (has_noise) {
	stats data using (of(0, "repetition") > 0 ? time_of("low") : NaN) nooutput
	least = STATS_min < least ? STATS_min : least
	stats data using (of(0, "repetition") > 0 ? time_of("high") : NaN) nooutput
	greatest = STATS_max > greatest ? STATS_max : greatest
}

panels_height = 560
keys = series
array key_name[keys]
do for [i = 1:keys] { key_name[i] = name[i] }
set table $unused
plot data using (column("series") < 1 || column("repetition") != 1 ? 0 : (key_name[int(column("series"))] = name[int(column("series"))].": ".stringcolumn("trend"), 0)):(0) with table
unset table
key_kind = "line"
load directory."frame.gp"

set lmargin at screen 110.0 / width
set rmargin at screen (width - 40.0) / width
set tmargin at screen (panels_top - 30.0) / height
set bmargin at screen (panels_bottom + 60.0) / height
set xrange [1 - 0.01 * repetitions:repetitions + 0.01 * repetitions]
set xlabel "repetition in a process" textcolor rgb text_colour
set title what_it_takes." of one repetition".measure_aside textcolor rgb text_colour
y_kind = in_time ? "time" : in_instructions ? "count" : "ratio"
load directory."logarithmic.gp"
plot data using (of(0, "repetition")):(time_of("low")):(time_of("high")) with filledcurves fc rgb noise_colour, \
	for [i = 1:series] data using (of(i, "repetition")):(time_of("level")) with lines ls i lw 2 dt 1, \
	for [i = 1:series] data using (of(i, "repetition")):(time_of("time")) with points ls i ps 0.7 lw 1
unset multiplot
unset output
