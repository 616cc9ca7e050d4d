# rounds.awk - whether the lines of a results file make one run, however often it
# was stopped and taken up again.
#
#   awk -v cells=6 -v rounds=12 -f rounds.awk FILE
#
# No sample of a cell, pass and round stands twice; each round that has its line
# has a sample of each cell; sequence and at_ns never go back. cells: how many
# run (standard: as many as in the first round that was completed). rounds: how
# many of the timing pass are complete; not checked without it. Says what is
# wrong; the exit status is then 1.

function number(key) {
	if (!match($0, "\"" key "\":[0-9]+"))
		return -1
	return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) + 0
}
function pass() {
	match($0, "\"pass\":\"[a-z]+\"")
	return substr($0, RSTART + 8, RLENGTH - 9)
}
function problem(text) {
	print "line " NR ": " text
	wrong = 1
}
function forward(what, value) {
	if (value < last[what])
		problem(what " goes back from " last[what] " to " value)
	last[what] = value
}

/^{"type":"sample",/ {
	forward("at_ns", number("at_ns"))
	if (samples++ && number("sequence") == last["sequence"])
		problem("sequence " number("sequence") " stands twice")
	forward("sequence", number("sequence"))
	key = pass() " " number("round")
	if ((key, number("cell")) in seen)
		problem("cell " number("cell") " in " key " stands twice")
	seen[key, number("cell")] = 1
	count[key]++
}
/^{"type":"round",/ {
	forward("at_ns", number("at_ns"))
	key = pass() " " number("round")
	if (key in done)
		problem(key " is completed twice")
	done[key] = 1
	if (!cells)
		cells = count[key]
	if (count[key] != cells)
		problem(key " has " count[key] + 0 " samples of " cells)
	completed[pass()]++
}
/^{"type":"(resume|end)",/ { forward("at_ns", number("at_ns")) }
END {
	if (rounds != "" && completed["timing"] + 0 != rounds)
		problem(completed["timing"] + 0 " rounds and not " rounds)
	exit wrong
}
