# logarithmic.gp - a logarithmic y axis whose tics read well in any range.
#
# Before: least and greatest, what is to be drawn, above 0; y_kind: "time"
# (seconds), "count" or "ratio".
y_margin = (greatest / least) ** 0.03 * 1.02
least = least / y_margin
greatest = greatest * y_margin
set logscale y 10
set yrange [least:greatest]
set ytics ()
y_text(y) = y_kind eq "time" ? sprintf("%g %s", y * time_scale(y), time_unit(y)) : y_kind eq "count" && y >= 1e6 ? sprintf("%g M", y / 1e6) : y_kind eq "count" && y >= 1e4 ? sprintf("%g k", y / 1e3) : sprintf("%g", y)
# A number of one digit, 1, 2 or 5, at or above y.
round_step(y) = y / 10.0 ** floor(log10(y)) <= 1 ? 10.0 ** floor(log10(y)) : y / 10.0 ** floor(log10(y)) <= 2 ? 2 * 10.0 ** floor(log10(y)) : y / 10.0 ** floor(log10(y)) <= 5 ? 5 * 10.0 ** floor(log10(y)) : 10.0 ** (floor(log10(y)) + 1)
if (greatest / least > 8) {
	do for [k = floor(log10(least)):ceil(log10(greatest))] {
		set ytics add (y_text(10.0 ** k) 10.0 ** k)
		if (greatest / least < 1e3) {
			set ytics add (y_text(2 * 10.0 ** k) 2 * 10.0 ** k)
			set ytics add (y_text(5 * 10.0 ** k) 5 * 10.0 ** k)
		}
	}
} else {
	y_step = round_step((greatest - least) / 6)
	do for [k = ceil(least / y_step):floor(greatest / y_step)] {
		set ytics add (y_text(k * y_step) k * y_step)
	}
}
