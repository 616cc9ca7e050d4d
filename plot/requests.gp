# requests.gp - requests by percentile: service beside response, on one scale.
#
# Columns: as in latency.gp.
one_scale = 1
call ARG0[1:strlen(ARG0) - strlen("requests.gp")]."latency.gp" ARG1 ARG2 ARG3 ARG4 ARG5 ARG6 ARG7 ARG8
