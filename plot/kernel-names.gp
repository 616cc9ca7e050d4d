# kernel-names.gp - of figures by kernel: how many, their names, and the longest.
stats data using "kernel" nooutput
kernels_count = int(STATS_max)
array kernel_name[kernels_count]
do for [k = 1:kernels_count] { kernel_name[k] = "" }
set table $unused
plot data using (kernel_name[int(column("kernel"))] = stringcolumn("kernel_name"), 0):(0) with table
unset table
longest_name = 1
do for [k = 1:kernels_count] { longest_name = strlen(kernel_name[k]) > longest_name ? strlen(kernel_name[k]) : longest_name }
