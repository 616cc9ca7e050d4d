# regrow.fish - completes regrow's command line in fish.
#
# Names, their options and values come from `regrow list`, asked at the moment
# of completing: what is offered is what the binary on this command line knows.

function __regrow_program
    set -l words (commandline -opc)
    string replace -r '^~' $HOME -- $words[1]
end

# The section of `regrow list` that begins with $argv[1], without its heading.
function __regrow_section
    eval (string escape -- (__regrow_program)) list 2>/dev/null | awk -v section=$argv[1] '
        /^[A-Z]/ { here = index($0, section) == 1; next }
        here'
end

# "name", a tab, its summary.
function __regrow_names
    __regrow_section $argv[1] | awk '
        name && /^      / { print name "\t" substr($0, 7); name = "" }
        /^  [^ ]/ { name = $1 }'
end

# The options of $argv[2], one of $argv[1]: "step=x2 classes ... (a|b)".
function __regrow_keys
    __regrow_section $argv[1] | awk -v name=$argv[2] '
        /^  [^ ]/ { mine = $1 == name }
        mine && /^      [a-z0-9-]+=/ { $1 = $1; print }'
end

# The values that an option's line speaks of: its choices, or, where its
# standard is an allocator, all allocators.
function __regrow_values
    set -l choices (string match -rg '\(([^()]*\|[^()]*)\)$' -- $argv[1])
    set -l standard (string match -rg '^[^=]*=(\S*)' -- $argv[1])
    if set -q choices[1]
        string split '|' -- $choices
    else if __regrow_names Allocators | string match -qr "^$standard\t"
        __regrow_names Allocators
    end
end

# The word under the cursor, without the option before its value.
function __regrow_word
    commandline -ct | string replace -r '^(--[a-z-]+=|-[a-z](?=.))' ''
end

# name[:option=value]..., a list of them, brackets nesting.
function __regrow_spellings
    set -l word (__regrow_word)
    set -l open $word
    while string match -qr '\[[^][]*\]' -- $open
        set open (string replace -r '\[[^][]*\]' '' -- $open)
    end
    set -l item (string match -r '[^,[]*$' -- $open)
    set -l part (string match -r '[^:]*$' -- $item)
    set -l before $word
    if test -n "$part"
        set before (string sub -e -(string length -- $part) -- $word)
    end
    set -l name (string match -r '^[^:]*' -- $item)
    if string match -q '*/*' -- $part
        printf '%s\n' $before(__regrow_files $part .so)
    else if not string match -q '*:*' -- $item
        printf '%s\n' $before(__regrow_names $argv[1])
    else if string match -q '*=*' -- $part
        set -l key (string match -r '^[^=]*=' -- $part)
        set -l line (__regrow_keys $argv[1] $name | string match -- "$key*")
        printf '%s\n' $before$key(__regrow_values $line)
    else
        printf '%s\n' $before(__regrow_keys $argv[1] $name | string replace -r '^([^=]*=)\S* ' '$1\t')
    end
end

# WORKLOAD.OPTION=VALUE[,VALUE]...
function __regrow_set
    set -l word (__regrow_word)
    set -l name (string match -r '^[^.]*' -- $word)
    if not string match -q '*.*' -- $word
        __regrow_names Workloads | string replace \t .\t
    else if not string match -q '*=*' -- $word
        printf '%s\n' $name.(__regrow_keys Workloads $name | string replace -r '^([^=]*=)\S* ' '$1\t')
    else
        set -l key (string match -rg '^[^.]*\.([^=]*=)' -- $word)
        set -l before (string match -r '^.*[=,]' -- $word)
        set -l line (__regrow_keys Workloads $name | string match -- "$key*")
        printf '%s\n' $before(__regrow_values $line)
    end
end

# A list of these words; what stands before the last comma stays.
function __regrow_list
    set -l before (__regrow_word | string match -r '^.*,')
    printf '%s\n' "$before"$argv
end

function __regrow_counters
    __regrow_list (__regrow_section Counters | string match -rg '^  (?:software events|hardware events|tracepoints): (?:none)?(.*)' | string split -n ' ')
end

function __regrow_commands
    eval (string escape -- (__regrow_program)) --help 2>/dev/null | string replace -rf '^  ([a-z]+)  +(.*)' '$1\t$2'
end

function __regrow_command
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

# Files with the ending $argv[2], and folders.
function __regrow_files
    __fish_complete_suffix "$argv[1]" $argv[2] | string match -r "^[^\t]*(?:/|\\$argv[2])(?=\t|\$)"
end

function __regrow_results
    __regrow_files (__regrow_word) .jsonl
end

complete -c regrow -f
complete -c regrow -n 'test (count (commandline -opc)) -eq 1' -a '(__regrow_commands)'
complete -c regrow -n 'test (count (commandline -opc)) -eq 1' -l help -d 'What there is'
complete -c regrow -n 'test (count (commandline -opc)) -eq 1' -l version -d 'The version'

complete -c regrow -n '__regrow_command list' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command list' -l usage -d 'The options, in short'

complete -c regrow -n '__regrow_command run' -s a -l alloc -x -a '(__regrow_spellings Allocators)' -d 'Allocators to measure'
complete -c regrow -n '__regrow_command run' -s w -l workload -x -a '(__regrow_spellings Workloads)' -d Workloads
complete -c regrow -n '__regrow_command run' -s s -l set -x -a '(__regrow_set)' -d 'An option of a workload'
complete -c regrow -n '__regrow_command run' -l thp -x -a '(__regrow_list never madvise always)' -d 'Transparent huge pages'
complete -c regrow -n '__regrow_command run' -l layout -x -a '(__regrow_list standard legacy)' -d 'Of the memory map'
complete -c regrow -n '__regrow_command run' -l reference -x -a '(__regrow_spellings Allocators)' -d 'What the others are compared with'
complete -c regrow -n '__regrow_command run' -l plan -x -a '(__regrow_results)' -d 'Measure the plan of this file'
complete -c regrow -n '__regrow_command run' -l resume -x -a '(__regrow_results)' -d 'Go on with the run of this file'
complete -c regrow -n '__regrow_command run' -l force -d 'Resume whatever differs'
complete -c regrow -n '__regrow_command run' -s b -l budget -x -d 'Run rounds until then: 90s, 5m, 2h'
complete -c regrow -n '__regrow_command run' -l precision -x -d 'Or until the intervals are so narrow: 1%'
complete -c regrow -n '__regrow_command run' -l margin -x -a auto -d 'What counts as the same: 2%'
complete -c regrow -n '__regrow_command run' -l sweep -x -d 'Go through N layouts of memory by turns'
complete -c regrow -n '__regrow_command run' -l settle -x -a '0 100ms 1s 5s' -d 'Look at the map again when drained'
complete -c regrow -n '__regrow_command run' -s r -l rounds -x -d 'Exactly so many rounds'
complete -c regrow -n '__regrow_command run' -l counts -x -d 'Only count, in N rounds'
complete -c regrow -n '__regrow_command run' -l repeat -x -d 'Do the work N times in each process'
complete -c regrow -n '__regrow_command run' -l seed -x -d 'Of the requests and of the order'
complete -c regrow -n '__regrow_command run' -l cpus -x -d 'Run the threads on these: 2,4-7'
complete -c regrow -n '__regrow_command run' -l timeout -x -d 'End a sample after that'
complete -c regrow -n '__regrow_command run' -l counters -x -a '(__regrow_counters)' -d 'What to count'
complete -c regrow -n '__regrow_command run' -s o -l results -r -F -d 'Where the results go'
complete -c regrow -n '__regrow_command run' -l label -x -d 'Kept in the results, shown in titles'
complete -c regrow -n '__regrow_command run' -l anonymous -d 'Leave the host\'s name out'
complete -c regrow -n '__regrow_command run' -l plot -d 'Draw the figures afterwards'
complete -c regrow -n '__regrow_command run' -l dry-run -d 'Show the plan, measure nothing'
complete -c regrow -n '__regrow_command run' -l json -d 'The table as JSON'
complete -c regrow -n '__regrow_command run' -s q -l quiet -d 'No progress'
complete -c regrow -n '__regrow_command run' -l units -x -a 'time machine' -d 'As they are, or as multiples of the machine\'s'
complete -c regrow -n '__regrow_command run' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command run' -l usage -d 'The options, in short'

complete -c regrow -n '__regrow_command doctor' -l all -d 'Also what is good'
complete -c regrow -n '__regrow_command doctor' -l cpus -x -d 'Look at these: 2,4-7'
complete -c regrow -n '__regrow_command doctor' -l json -d 'Everything, as JSON'
complete -c regrow -n '__regrow_command doctor' -l script -x -a 'change undo' -d 'Commands as a script'
complete -c regrow -n '__regrow_command doctor' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command doctor' -l usage -d 'The options, in short'

complete -c regrow -n '__regrow_command show' -l json -d 'The same figures as JSON'
complete -c regrow -n '__regrow_command show' -l units -x -a 'time machine' -d 'As they are, or as multiples of the machine\'s'
complete -c regrow -n '__regrow_command show' -l plan -x -a '(__regrow_results)' -d 'Only where it is of the plan of this file'
complete -c regrow -n '__regrow_command show' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command show' -l usage -d 'The options, in short'
complete -c regrow -n '__regrow_command show' -k -a '(__regrow_results)'

complete -c regrow -n '__regrow_command compare' -l gate -d 'Status 1 where a cell is slower, 3 where it cannot be told'
complete -c regrow -n '__regrow_command compare' -l gate-counts -d 'And 1 where an exact count grew'
complete -c regrow -n '__regrow_command compare' -l margin -x -d 'Same is within this percentage'
complete -c regrow -n '__regrow_command compare' -l force -d 'Compare also what is refused'
complete -c regrow -n '__regrow_command compare' -l units -x -a 'time machine' -d 'As they are, or as multiples of each machine\'s'
complete -c regrow -n '__regrow_command compare' -l plot -d 'Kernels of the lab, or machines: draw them'
complete -c regrow -n '__regrow_command compare' -l machines -d 'Many machines and kernels: effects and their spread'
complete -c regrow -n '__regrow_command compare' -l json -d 'The same figures as JSON'
complete -c regrow -n '__regrow_command compare' -l markdown -d 'The tables in Markdown'
complete -c regrow -n '__regrow_command compare' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command compare' -l usage -d 'The options, in short'
complete -c regrow -n '__regrow_command compare' -k -a '(__regrow_results)'

complete -c regrow -n '__regrow_command plot' -s o -l output -x -a '(__fish_complete_directories)' -d 'Where to'
complete -c regrow -n '__regrow_command plot' -s q -l quiet -d 'Do not name the files'
complete -c regrow -n '__regrow_command plot' -l units -x -a 'time machine' -d 'As they are, or as multiples of the machine\'s'
complete -c regrow -n '__regrow_command plot' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command plot' -l usage -d 'The options, in short'
complete -c regrow -n '__regrow_command plot' -k -a '(__regrow_results)'

complete -c regrow -n '__regrow_command export' -s f -l format -x -a 'csv hdr pyperf benchfmt sqlite' -d 'The format'
complete -c regrow -n '__regrow_command export' -s o -l output -r -F -d 'Where to'
complete -c regrow -n '__regrow_command export' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command export' -l usage -d 'The options, in short'
complete -c regrow -n '__regrow_command export' -k -a '(__regrow_results)'

complete -c regrow -n '__regrow_command thread' -s c -l claims -x -a '(__regrow_list T1 T2 T3 T4 T5 T6 T7 T8)' -d 'These alone'
complete -c regrow -n '__regrow_command thread' -s b -l budget -x -d 'Of all runs together: 10m, 2h'
complete -c regrow -n '__regrow_command thread' -l seed -x -d 'Of the requests and of the order'
complete -c regrow -n '__regrow_command thread' -l cpus -x -d 'Run on these: 2,4-7'
complete -c regrow -n '__regrow_command thread' -l timeout -x -d 'End a sample after that'
complete -c regrow -n '__regrow_command thread' -s o -l output -x -a '(__fish_complete_directories)' -d 'Where results and page go'
complete -c regrow -n '__regrow_command thread' -l label -x -d 'Kept in the results'
complete -c regrow -n '__regrow_command thread' -l anonymous -d 'Leave the host\'s name out'
complete -c regrow -n '__regrow_command thread' -l no-plot -d 'Draw nothing'
complete -c regrow -n '__regrow_command thread' -l dry-run -d 'Show the plans, measure nothing'
complete -c regrow -n '__regrow_command thread' -l json -d 'Verdicts and evidence as JSON'
complete -c regrow -n '__regrow_command thread' -s q -l quiet -d 'No progress'
complete -c regrow -n '__regrow_command thread' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command thread' -l usage -d 'The options, in short'
complete -c regrow -n '__regrow_command thread' -x -a '(__fish_complete_directories)'
complete -c regrow -n '__regrow_command crossover' -s a -l alloc -x -a '(__regrow_spellings Allocators)' -d 'What moves'
complete -c regrow -n '__regrow_command crossover' -s s -l sizes -x -d 'Of the block before it grows: 16K-256M'
complete -c regrow -n '__regrow_command crossover' -l residue -x -d 'Added to each size: 0,4K'
complete -c regrow -n '__regrow_command crossover' -l thp -x -a '(__regrow_list never madvise always)' -d 'Transparent huge pages'
complete -c regrow -n '__regrow_command crossover' -l layout -x -a '(__regrow_list standard legacy)' -d 'Of the memory map'
complete -c regrow -n '__regrow_command crossover' -s b -l budget -x -d 'Of both runs: 5m, 2h'
complete -c regrow -n '__regrow_command crossover' -s r -l rounds -x -d 'Exactly so many rounds of each run'
complete -c regrow -n '__regrow_command crossover' -l seed -x -d 'Of the requests and of the order'
complete -c regrow -n '__regrow_command crossover' -l cpus -x -d 'Run on these: 2,4-7'
complete -c regrow -n '__regrow_command crossover' -l timeout -x -d 'End a sample after that'
complete -c regrow -n '__regrow_command crossover' -s o -l results -r -F -d 'Where the results go'
complete -c regrow -n '__regrow_command crossover' -l label -x -d 'Kept in the results'
complete -c regrow -n '__regrow_command crossover' -l anonymous -d 'Leave the host\'s name out'
complete -c regrow -n '__regrow_command crossover' -l plot -x -a '(__fish_complete_directories)' -d 'Draw the map there'
complete -c regrow -n '__regrow_command crossover' -l no-plot -d 'Draw nothing'
complete -c regrow -n '__regrow_command crossover' -l dry-run -d 'Show the plan, measure nothing'
complete -c regrow -n '__regrow_command crossover' -l json -d 'The map as JSON'
complete -c regrow -n '__regrow_command crossover' -s q -l quiet -d 'No progress'
complete -c regrow -n '__regrow_command crossover' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command crossover' -l usage -d 'The options, in short'
complete -c regrow -n '__regrow_command crossover' -k -a '(__regrow_results)'
complete -c regrow -n '__regrow_command calibrate' -l json -d 'As a line of a results file'
complete -c regrow -n '__regrow_command calibrate' -s '?' -l help -d 'The options'
complete -c regrow -n '__regrow_command calibrate' -l usage -d 'The options, in short'
