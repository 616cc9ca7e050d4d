# phases.gp - where the time of a sample went, a bar for each allocator.
#
# Columns: series role label allocator phase phase_name samples time_ns from_ns
# to_ns from_share to_share total_ns total. Phases count from 1; a phase of
# series 0 is the noise floor of the total, from from_ns to to_ns.
directory = ARG0[1:strlen(ARG0) - strlen("phases.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8

# Phases of no length anywhere are not in the data; the others keep their colour.
stats data using "phase" nooutput
array of_phase[int(STATS_max)]
do for [k = 1:int(STATS_max)] { of_phase[k] = "" }
set table $unused
plot data using (column("phase") >= 1 ? (of_phase[int(column("phase"))] = stringcolumn("phase_name"), 0) : 0):(0) with table
unset table
phases = 0
do for [k = 1:int(STATS_max)] { phases = phases + (of_phase[k] ne "") }
array phase[phases]
array key_name[phases]
array key_colour[phases]
array key_ink[phases]
# Light and dark in turn, so that neighbours differ in grey print; text in
# black or white, whichever can be read on it.
phase_colours = "#202020 #cc79a7 #f0e442 #d55e00 #0072b2 #882255 #b9dcf2 #009e73"
phase_inks = "white black black white white white black white"
n = 0
do for [k = 1:int(STATS_max)] {
	if (of_phase[k] ne "") {
		n = n + 1
		phase[n] = k
		key_name[n] = of_phase[k]
		key_colour[n] = word(phase_colours, (k - 1) % 8 + 1)
		key_ink[n] = word(phase_inks, (k - 1) % 8 + 1)
	}
}

panels_height = 90 + 46 * series
keys = phases
key_kind = "box"
load directory."frame.gp"

stats data using (time_of("total")) nooutput
total_max = STATS_max
unit = in_time ? time_unit(total_max) : in_instructions ? "millions" : measure
total_scale = in_time ? time_scale(total_max) : in_instructions ? 1e-6 : 1
scaled(what) = time_of(what) * total_scale
if (has_noise) {
	stats data using (column("series") == 0 ? scaled("from") : NaN) nooutput
	noise_from = STATS_min
	stats data using (column("series") == 0 ? scaled("to") : NaN) nooutput
	noise_to = STATS_max
	set object 1 rectangle from noise_from, graph 0 to noise_to, graph 1 fc rgb noise_colour fs solid 1 noborder behind
}
load directory."bars.gp"
bars_middle = bars_left + int((width - 30 - bars_left) * 0.54)
part(k, what) = column("phase") == k ? column(what) : NaN

set lmargin at screen 1.0 * bars_left / width
set rmargin at screen 1.0 * bars_middle / width
# The total stands to the right of its bar.
set xrange [0:total_max * total_scale * 1.22]
set xlabel what_it_takes." of a sample, ".unit textcolor rgb text_colour
set title what_it_takes.", with the total" textcolor rgb text_colour
do for [i = 1:series] { set label i bar_name[i] at graph 0, first i offset -1, 0 right textcolor rgb text_colour }
plot for [k = 1:phases] data using (column("phase") == phase[k] ? scaled("from") : NaN):"series":(scaled("from")):(scaled("to")):(column("series") - 0.32):(column("series") + 0.32) with boxxyerror fc rgb key_colour[k] fs solid 1 border rgb "white", \
	data using (column("phase") == phase[phases] ? scaled("total") : NaN):"series":(stringcolumn("total")) with labels left offset 0.7, 0 textcolor rgb text_colour
unset label
unset object

set lmargin at screen (bars_middle + 40.0) / width
set rmargin at screen (width - 40.0) / width
set xrange [0:100]
set xlabel "share of it, %" textcolor rgb text_colour
set title "what it went to" textcolor rgb text_colour
share(k) = part(phase[k], "to_share") - column("from_share")
plot for [k = 1:phases] data using (100 * part(phase[k], "from_share")):"series":(100 * column("from_share")):(100 * column("to_share")):(column("series") - 0.32):(column("series") + 0.32) with boxxyerror fc rgb key_colour[k] fs solid 1 border rgb "white", \
	for [k = 1:phases] data using (share(k) >= 0.07 ? 50 * (column("from_share") + column("to_share")) : NaN):"series":(share(k) < 0.19 ? sprintf("%.0f", 100 * share(k)) : sprintf("%s %.0f", key_name[k], 100 * share(k))) with labels font ",10" textcolor rgb key_ink[k]
unset multiplot
unset output
