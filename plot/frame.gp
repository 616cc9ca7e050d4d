# frame.gp - the page around a figure's panels: its size, headline and legend.
#
# Before: style.gp; panels_height (pixels); keys (how many entries), key_name[]
# and key_kind ("line": drawn as line style i; "box": filled with key_colour[i]).
# After: multiplot is on; panels go between panels_bottom and panels_top, placed
# by `set lmargin at screen left / width` and the like.
longest = 1
do for [i = 1:keys] {
	longest = strlen(key_name[i]) > longest ? strlen(key_name[i]) : longest
}
# Room for the widest letters, and a gap before the next entry.
key_width = 100 + 1.15 * character * longest
key_columns = int((width - 2 * margin) / key_width)
key_columns = key_columns < 1 ? 1 : key_columns > keys ? keys : key_columns
key_rows = keys > 0 ? int((keys + key_columns - 1) / key_columns) : 0

# The note breaks at a blank into two lines where it is long.
note_width = 190
note_break = note_width
do for [k = 1:note_width] {
	if (strlen(note) > note_width && note[k:k] eq " ") { note_break = k }
}
note_rest = strlen(note) > note_width ? note[note_break + 1:*] : ""
note_height = note_rest eq "" ? 0 : 20

key_top = note_height + margin + line_height * (0.6 + key_rows + has_noise)
panels_bottom = key_top + 10
panels_top = panels_bottom + panels_height
height = int(panels_top + 4.6 * line_height)

if (format eq "svg") {
	set terminal svg size width, height noenhanced background rgb "white" font "sans-serif,12" fontscale 1.333
} else {
	set terminal pngcairo size width, height noenhanced background rgb "white" font "sans-serif,12" linewidth 1.3
}
set output output
set multiplot

key_x(i) = margin + ((i - 1) % key_columns) * key_width
key_y(i) = key_top - line_height * (1 + int((i - 1) / key_columns)) + 8

set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 1
set xrange [0:width]
set yrange [0:height]
unset border
unset tics
unset grid
set label 1 title at margin, height - 34 font ",17" textcolor rgb text_colour
set label 2 workload at margin, height - 34 - 1.15 * line_height textcolor rgb text_colour
set label 3 machine at margin, height - 34 - 2.05 * line_height textcolor rgb quiet_colour
set label 4 note[1:note_break] at margin, 22 + note_height font ",10" textcolor rgb quiet_colour
set label 6 note_rest at margin, 22 font ",10" textcolor rgb quiet_colour
do for [i = 1:keys] {
	set label 10 + i key_name[i] at key_x(i) + 56, key_y(i) textcolor rgb text_colour
}
if (has_noise) {
	noise_y = key_top - line_height * (1 + key_rows) + 8
	set label 5 "noise floor: the reference against its twin" at margin + 56, noise_y textcolor rgb text_colour
	set object 1 rectangle from margin, noise_y - 8 to margin + 44, noise_y + 8 fc rgb noise_colour fs solid 1 noborder
}
if (key_kind eq "box") {
	do for [i = 1:keys] {
		set object 10 + i rectangle from key_x(i), key_y(i) - 8 to key_x(i) + 44, key_y(i) + 8 fc rgb key_colour[i] fs solid 1 border rgb quiet_colour
	}
	plot NaN
} else {
	do for [i = 1:keys] {
		set arrow i from key_x(i), key_y(i) to key_x(i) + 44, key_y(i) nohead ls i
	}
	plot for [i = 1:keys] "+" every ::0::0 using (key_x(i) + 22):(key_y(i)) with points ls i
}
unset label
unset object
unset arrow
set autoscale
set border 3 lc rgb quiet_colour lw 1
set tics out scale 0.6 textcolor rgb text_colour
set xtics nomirror
set ytics nomirror
set errorbars small lw 1 dt 1
set grid back lc rgb grid_colour lw 1 dt 1
