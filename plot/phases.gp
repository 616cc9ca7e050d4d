# phases.gp - where the time of a sample went, a bar for each allocator.
#
# Columns: series role label allocator phase phase_name samples time_ns from_ns
# to_ns from_share to_share total_ns total. Phases count from 1; a phase of
# series 0 is the noise floor of the total, from from_ns to to_ns.
directory = ARG0[1:strlen(ARG0) - strlen("phases.gp")]
call directory."style.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7

stats data using "phase" nooutput
phases = int(STATS_max)
array phase_name[phases]
phase_name[1] = ""
array total[series]
set table $unused
plot data using (column("series") < 1 ? 0 : (phase_name[int(column("phase"))] = stringcolumn("phase_name"), total[int(column("series"))] = stringcolumn("total"), 0)):(0) with table
unset table

# Light and dark in turn, so that neighbours differ in grey print; text in
# black or white, whichever can be read on it.
phase_colours = "#202020 #cc79a7 #f0e442 #d55e00 #0072b2 #882255 #b9dcf2 #009e73"
phase_inks = "white black black white white white black white"
array key_colour[phases]
do for [k = 1:phases] { key_colour[k] = word(phase_colours, k) }

panels_height = 90 + 46 * series
keys = phases
array key_name[keys]
do for [k = 1:phases] { key_name[k] = phase_name[k] }
key_kind = "box"
load directory."frame.gp"

stats data using "total_ns" nooutput
total_max = STATS_max * 1e-9
unit = time_unit(total_max)
scale = time_scale(total_max) * 1e-9
if (has_noise) {
	stats data using (of(0, "from_ns") * scale) nooutput
	noise_from = STATS_min
	stats data using (of(0, "to_ns") * scale) nooutput
	noise_to = STATS_max
	set object 1 rectangle from noise_from, graph 0 to noise_to, graph 1 fc rgb noise_colour fs solid 1 noborder behind
}
load directory."bars.gp"
bars_middle = bars_left + int((width - 30 - bars_left) * 0.54)
part(k, what) = column("phase") == k ? column(what) : NaN

set lmargin at screen 1.0 * bars_left / width
set rmargin at screen 1.0 * bars_middle / width
# The total stands to the right of its bar.
set xrange [0:total_max * time_scale(total_max) * 1.22]
set xlabel "time of a sample, ".unit textcolor rgb text_colour
set title "time, with the total" textcolor rgb text_colour
do for [i = 1:series] { set label i bar_name[i] at graph 0, first i offset -1, 0 right textcolor rgb text_colour }
plot for [k = 1:phases] data using (part(k, "from_ns")):"series":(column("from_ns") * scale):(column("to_ns") * scale):(column("series") - 0.32):(column("series") + 0.32) with boxxyerror fc rgb key_colour[k] fs solid 1 border rgb "white", \
	data using (part(phases, "total_ns") * scale):"series":(stringcolumn("total")) with labels left offset 0.7, 0 textcolor rgb text_colour
unset label
unset object

set lmargin at screen (bars_middle + 40.0) / width
set rmargin at screen (width - 40.0) / width
set xrange [0:100]
set xlabel "share of it, %" textcolor rgb text_colour
set title "what it went to" textcolor rgb text_colour
share(k) = part(k, "to_share") - column("from_share")
plot for [k = 1:phases] data using (100 * part(k, "from_share")):"series":(100 * column("from_share")):(100 * column("to_share")):(column("series") - 0.32):(column("series") + 0.32) with boxxyerror fc rgb key_colour[k] fs solid 1 border rgb "white", \
	for [k = 1:phases] data using (share(k) >= 0.07 ? 50 * (column("from_share") + column("to_share")) : NaN):"series":(share(k) < 0.16 ? sprintf("%.0f", 100 * share(k)) : sprintf("%s %.0f", phase_name[k], 100 * share(k))) with labels font ",10" textcolor rgb word(phase_inks, k)
unset multiplot
unset output
