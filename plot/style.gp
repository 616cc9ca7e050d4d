# style.gp - what all figures share: reading the series, colours, units, places.
#
# A figure's script is run as
#   gnuplot -d -c SCRIPT DATA svg|png OUTPUT TITLE WORKLOAD MACHINE NOTE MEASURE
# with absolute paths. MEASURE is what times are given in: "ns", or units of the
# machine, "copies" or "faults", or "instructions" where the clock counts those;
# the names of their columns end in it.
# DATA is tab-separated with a header line. Its rows stand in the order of
# `series`, from 1; series 0 is the noise floor: what the twin says the reference
# could as well have been, from `low` to `high`. Texts come from results files:
# they are drawn as they are and never evaluated.
if (ARGC != 8) { exit error "DATA svg|png OUTPUT TITLE WORKLOAD MACHINE NOTE MEASURE" }
data = ARG1
format = ARG2
output = ARG3
title = ARG4
workload = ARG5
machine = ARG6
note = ARG7
measure = ARG8
if (GPVAL_VERSION < 5.4) { exit error "gnuplot 5.4 or later is needed" }

set encoding utf8
set datafile separator tab
set datafile commentschars ""
set datafile columnheaders

# Okabe and Ito's colours without their yellow, which white paper swallows, then
# four of Tol's. The reference is black, the floor grey; row number k of the
# rest has colour k, point k and dash k, so that grey print tells them apart; the
# next ten have the colours again, with other points and dashes.
colours = "#0072b2 #d55e00 #009e73 #cc79a7 #56b4e9 #e69f00 #882255 #999933 #332288 #44aa99"
points_of_rows = "5 9 13 11 4 8 12 10 6 15"
dashes_of_rows = "1 2 4 5 3"
noise_colour = "#d4d4d4"
floor_colour = "#808080"
text_colour = "#202020"
quiet_colour = "#505050"
grid_colour = "#e0e0e0"

stats data using "series" nooutput
series = int(STATS_max)
has_noise = STATS_min < 1
array name[series]
array role[series]
set table $unused
plot data using (column("series") < 1 ? 0 : (name[int(column("series"))] = stringcolumn("label"), role[int(column("series"))] = stringcolumn("role"), 0)):(0) with table
unset table

rows = 0
do for [i = 1:series] {
	if (role[i] eq "reference") {
		set style line i lc rgb "#000000" lw 2.5 dt 1 pt 7 ps 1
	} else { if (role[i] eq "floor") {
		set style line i lc rgb floor_colour lw 2 dt 3 pt 2 ps 0.9
	} else {
		set style line i lw 2 ps 1 \
			lc rgb word(colours, rows % words(colours) + 1) \
			dt int(word(dashes_of_rows, (rows + rows / words(colours)) % words(dashes_of_rows) + 1)) \
			pt int(word(points_of_rows, (rows + 3 * (rows / words(colours))) % words(points_of_rows) + 1))
		rows = rows + 1
	} }
}

# Rows of series i alone: another column, or nothing.
of(i, what) = column("series") == i ? column(what) : NaN

# A time, in seconds or in units of the machine: of column grow_ns or grow_copies.
in_time = measure eq "ns"
tick = in_time ? 1e-9 : 1.0
time_of(what) = column(what."_".measure) * tick
in_instructions = measure eq "instructions"
what_it_takes = in_instructions ? "instructions" : "time"
measure_aside = in_time || in_instructions ? "" : ", in ".measure

# Page geometry, in pixels from the lower left.
width = 1400
margin = 40
character = 9.2		# a wide guess at the mean width of one, for legends
line_height = 28

set style fill solid 1.0 noborder
unset key

# A linear axis of seconds from 0 to maximum has one unit for all of its tics.
time_unit(maximum) = maximum >= 1 ? "s" : maximum >= 1e-3 ? "ms" : maximum >= 1e-6 ? "us" : "ns"
time_scale(maximum) = maximum >= 1 ? 1.0 : maximum >= 1e-3 ? 1e3 : maximum >= 1e-6 ? 1e6 : 1e9

# Sizes are binary: 1.5 KiB, 64 MiB.
size_prefix(bytes) = bytes < 1024 ? 0 : int(log(bytes) / log(1024) + 1e-9)
size_text(bytes) = sprintf("%g %s", bytes / 1024.0 ** size_prefix(bytes), word("B KiB MiB GiB TiB PiB", size_prefix(bytes) + 1))
# The step of about four tics on a linear axis of bytes: a power of two.
size_step(range) = range > 0 ? 2.0 ** ceil(log(range / 5.0) / log(2)) : 1
