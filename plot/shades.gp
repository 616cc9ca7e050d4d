# shades.gp - the colour of a ratio: blue below 1, orange above, white at 1; full
# at a quarter and at four times.
strength(ratio) = abs(log(ratio) / log(2)) / 2 > 1 ? 1 : abs(log(ratio) / log(2)) / 2
mix(full, s) = int(255 + (full - 255) * s)
shade(ratio) = ratio < 1 ? mix(0, strength(ratio)) * 65536 + mix(114, strength(ratio)) * 256 + mix(178, strength(ratio)) : mix(213, strength(ratio)) * 65536 + mix(94, strength(ratio)) * 256 + mix(0, strength(ratio))
# White is legible on the dark blue, and on orange only where it is full.
ink(ratio) = strength(ratio) > (ratio < 1 ? 0.6 : 0.95) ? 0xffffff : 0x202020
