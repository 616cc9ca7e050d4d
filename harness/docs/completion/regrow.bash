# shellcheck shell=bash
# regrow.bash - completes regrow's command line in bash.
#
# Commands and options come from `regrow --help`, names, their options and
# values from `regrow list`, each asked at the moment of completing: what is
# offered is what the binary on this command line knows.

# The section of `regrow list` that begins with $2, without its heading.
_regrow_section() {
	"$1" list 2>/dev/null | awk -v section="$2" '
		/^[A-Z]/ { here = index($0, section) == 1; next }
		here'
}

# Names of allocators or workloads.
_regrow_names() {
	_regrow_section "$1" "$2" | awk '/^  [^ ]/ { print $1 }'
}

# The options of $3, one of $2, each with its line: "step=x2 classes ... (a|b)".
_regrow_keys() {
	_regrow_section "$1" "$2" | awk -v name="$3" '
		/^  [^ ]/ { mine = $1 == name }
		mine && /^      [a-z0-9-]+=/ { $1 = $1; print }'
}

# The values that an option's line speaks of: its choices, or, where its
# standard is an allocator, all allocators.
_regrow_values() {
	local standard=${2#*=}

	standard=${standard%% *}
	if [[ $2 =~ \(([^()]*\|[^()]*)\)$ ]]; then
		tr '|' '\n' <<<"${BASH_REMATCH[1]}"
	elif _regrow_names "$1" Allocators | grep -qx -- "$standard"; then
		_regrow_names "$1" Allocators
	fi
}

# Words that a list may go on with; what stands before its last comma stays.
_regrow_list() {
	local list=$1 last=${1##*,}

	shift
	compgen -P "${list%"$last"}" -W "$*" -- "$last"
}

# name[:option=value]..., a list of them, brackets nesting.
_regrow_spelling() {
	local program=$1 section=$2 word=$3 open=$3 item part before key line

	while [[ $open =~ ^(.*)\[[^][]*\](.*)$ ]]; do
		open=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
	done
	item=${open##*[,[]}
	part=${item##*:}
	before=${word%"$part"}
	key=${part%%=*}
	if [[ $part == */* ]]; then
		compgen -P "$before" -G "$part*.so"
		compgen -P "$before" -S / -d -- "$part"
	elif [[ $item != *:* ]]; then
		compgen -P "$before" -W "$(_regrow_names "$program" "$section")" \
			-- "$part"
	elif [[ $part == *=* ]]; then
		line=$(_regrow_keys "$program" "$section" "${item%%:*}" |
			grep "^$key=")
		compgen -P "$before$key=" \
			-W "$(_regrow_values "$program" "$line")" -- "${part#*=}"
	else
		compgen -P "$before" -S = -W "$(
			_regrow_keys "$program" "$section" "${item%%:*}" |
				sed 's/=.*//'
		)" -- "$part"
	fi
}

# WORKLOAD.OPTION=VALUE[,VALUE]...
_regrow_set() {
	local program=$1 word=$2 name=${2%%.*} key=${2#*.} line

	key=${key%%=*}
	if [[ $word != *.* ]]; then
		compgen -S . -W "$(_regrow_names "$program" Workloads)" -- "$word"
	elif [[ $word != *=* ]]; then
		compgen -P "$name." -S = -W "$(
			_regrow_keys "$program" Workloads "$name" | sed 's/=.*//'
		)" -- "$key"
	else
		line=$(_regrow_keys "$program" Workloads "$name" | grep "^$key=")
		_regrow_list "${word#*=}" "$(_regrow_values "$program" "$line")" |
			sed "s/^/$name.$key=/"
	fi
}

_regrow_counters() {
	_regrow_section "$1" Counters | sed -nE \
		's/^  (software events|hardware events|tracepoints):(.*)/\2/p' |
		sed 's/^ none$//'
}

_regrow_options() {
	"$1" "$2" --help 2>/dev/null | sed -nE \
		'/^Examples:/q; s/^ {2,6}(-., )?(--[a-z-]+).*/\2/p'
}

_regrow_files() {
	[[ -n $1 ]] || compgen -G 'results/*.jsonl'
	compgen -G "$1*.jsonl"
	compgen -G "$1*.jsonl.zst"
	compgen -S / -d -- "$1"
}

# The values of an option, or none. $1 program, $2 command, $3 option, $4 word.
_regrow_argument() {
	case $3 in
	-a | --alloc | --reference) _regrow_spelling "$1" Allocators "$4" ;;
	-w | --workload) _regrow_spelling "$1" Workloads "$4" ;;
	-s | --set) [[ $2 == crossover ]] || _regrow_set "$1" "$4" ;;
	--margin) compgen -W auto -- "$4" ;;
	--settle) compgen -W '0 100ms 1s 5s' -- "$4" ;;
	--thp) _regrow_list "$4" never madvise always ;;
	--layout) _regrow_list "$4" standard legacy ;;
	--counters) _regrow_list "$4" "$(_regrow_counters "$1")" ;;
	-f | --format) compgen -W 'csv hdr pyperf benchfmt sqlite' -- "$4" ;;
	--script) compgen -W 'change undo' -- "$4" ;;
	-c | --claims) _regrow_list "$4" T1 T2 T3 T4 T5 T6 T7 T8 ;;
	--units) compgen -W 'time machine' -- "$4" ;;
	--plan | --resume) _regrow_files "$4" ;;
	-o | --output | --plot | --results)
		[[ $3 == --plot || $2 == @(plot|export|thread) ]] || compgen -G "$4*.jsonl"
		compgen -S / -d -- "$4"
		;;
	esac
}

# Takes a value as the next word.
_regrow_takes() {
	case $2:$1 in
	run:-[abrsow] | run:--alloc | run:--workload | run:--set) ;;
	run:--thp | run:--layout | run:--reference | run:--budget | run:--rounds) ;;
	run:--precision | run:--margin | run:--settle | run:--counts | run:--sweep) ;;
	run:--repeat | run:--units | show:--units | plot:--units | compare:--units) ;;
	run:--seed | run:--cpus | run:--timeout | run:--counters) ;;
	run:--results | run:--label | run:--plan | run:--resume | show:--plan) ;;
	crossover:-[asbro] | crossover:--alloc | crossover:--sizes) ;;
	crossover:--residue | crossover:--thp | crossover:--layout) ;;
	crossover:--budget) ;;
	crossover:--rounds | crossover:--seed | crossover:--cpus) ;;
	crossover:--timeout | crossover:--results | crossover:--label) ;;
	crossover:--plot) ;;
	thread:-[cbo] | thread:--claims | thread:--budget | thread:--seed) ;;
	thread:--cpus | thread:--timeout | thread:--output | thread:--label) ;;
	doctor:--cpus | doctor:--script | compare:--margin) ;;
	plot:-o | plot:--output | export:-[fo] | export:--format) ;;
	export:--output) ;;
	*) return 1 ;;
	esac
}

_regrow_commands() {
	echo --help --version
	"$1" --help 2>/dev/null | sed -nE 's/^  ([a-z]+)  .*/\1/p'
}

# $1 program; then the words up to the cursor, the last one may be empty.
_regrow_candidates() {
	local program=$1 command=${3-} word=${*: -1} previous=${*: -2:1}

	if [[ $# -eq 3 ]]; then
		compgen -W "$(_regrow_commands "$program")" -- "$word"
	elif _regrow_takes "$previous" "$command"; then
		_regrow_argument "$program" "$command" "$previous" "$word"
	elif [[ $word == --*=* ]]; then
		_regrow_argument "$program" "$command" "${word%%=*}" "${word#*=}"
	elif [[ $word == -* || $command == @(run|list|calibrate|doctor) ]]; then
		compgen -W "$(_regrow_options "$program" "$command")" -- "$word"
	else
		_regrow_files "$word"
	fi
}

_regrow() {
	local line=${COMP_LINE:0:COMP_POINT} words word

	read -ra words <<<"$line"
	[[ $line != *[[:blank:]] ]] || words+=("")
	mapfile -t COMPREPLY < <(
		_regrow_candidates "${1/#\~/$HOME}" "${words[@]}"
	)
	case ${COMPREPLY[0]-} in
	--*) ;;
	*[=./] | *,*) compopt -o nospace 2>/dev/null ;;
	esac
	# Readline replaces only what follows the last : or = of the word.
	word=${words[-1]}
	[[ $word != --*=* ]] || word=${word#*=}
	if [[ $word == *[:=]* ]]; then
		word=${word%"${word##*[:=]}"}
		COMPREPLY=("${COMPREPLY[@]#"$word"}")
	fi
}

complete -F _regrow regrow
