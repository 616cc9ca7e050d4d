#!/usr/bin/env bash
# test_docs - the documents say what the program does, and name what is there.
# shellcheck source=harness/tests/tap.sh
. "$(dirname "$0")/tap.sh"
manual=harness/docs/regrow.1
completion=harness/docs/completion

# The commands, and a command's options, as --help lists them.
commands() {
	"$regrow" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p'
}

# Long ones, and short ones by -s, from the list above the examples.
options() {
	"$regrow" "$1" --help | sed -E '/^Examples:/,$d' |
		grep -oE '^ +(-[a-zA-Z?], )?--[a-z-]+' |
		grep -oE '(^| )-(-[a-z-]+|[a-zA-Z?])' | tr -d ' ' | sort -u
}

long_options() {
	options "$1" | grep -e --
}

# What the manual's section of a command tags with .TP.
manual_options() {
	sed -e 's/\\-/-/g' -e 's/\\f[A-Z]//g' "$manual" | awk -v command="$1" '
		/^\.S[SH]/ { here = $0 == ".SS regrow " command }
		tag && here { print }
		{ tag = $0 == ".TP" }' |
		grep -oE -- '(^| )-(-[a-z-]+|[a-zA-Z?])' | tr -d ' ' | sort -u
}

# '(-a --alloc)'{-a+,--alloc=}'[what it is]...' or '--thp=[what it is]...'.
zsh_options() {
	sed -n "/^_regrow_$1() {/,/^}/p" "$completion/_regrow" |
		grep -E "^	+'([(-]|\*')" | sed -e "s/'([^)]*)'//" -e 's/\[.*//' -e 's/\\//g' |
		grep -oE -- '--[a-z][a-z-]*|-[a-zA-Z?]' | sort -u
}

fish_options() {
	grep -F -- "'__regrow_command $1'" "$completion/regrow.fish" |
		grep -oE -- " -(s|l) ('\?'|[a-z-]+)" |
		sed -E "s/ -s '?([^']*)'?/-\1/; s/ -l /--/" | sort -u
}

# What the completion offers for a command line, cursor at its end.
bash_completes() {
	COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
	_regrow "${2:-$regrow}"
	printf '%s\n' "${COMPREPLY[@]}"
}

# same "what" LIST LIST: the lists are equal, or the problem says how not.
same() {
	local difference
	[ -n "$2" ] || problem "$1: nothing found"
	difference=$(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | grep '^[<>]')
	[ -z "$difference" ] || problem "$1: $(echo "$difference" | tr '\n' ' ')"
}

empty() {
	[ -z "$2" ] || problem "$1: $(echo "$2" | tr '\n' ' ')"
}

: >"$out"
: >"$err"

same "help and manual" "$(commands | sort)" \
	"$(sed -n 's/^\.SS regrow \([a-z]*\)$/\1/p' "$manual" | sort)"
proves "the manual has a section for each command, and no other"

for command in $(commands); do
	same "$command" "$(options "$command")" "$(manual_options "$command")"
done
proves "each option of each command is in the manual, and no other"

# shellcheck source=harness/docs/completion/regrow.bash
source "$completion/regrow.bash"
[ "$(bash_completes 'regrow r')" = run ] || problem "regrow r: not run"
proves "bash completes 'regrow r' to run"

same "commands" "$({ commands && printf '%s\n' --help --version; } | sort)" \
	"$(bash_completes 'regrow ' | sort)"
for command in $(commands); do
	same "$command" "$(long_options "$command")" \
		"$(bash_completes "regrow $command --" | sort)"
done
proves "bash completes each command and each of its options, and no other"

for command in $(commands); do
	same "zsh, $command" "$(options "$command")" "$(zsh_options "$command")"
	same "fish, $command" "$(options "$command")" "$(fish_options "$command")"
done
proves "zsh and fish have each option of each command, and no other"

names() {
	"$regrow" list | sed -n "/^$1/,/^\$/s/^  \([^ ]*\).*/\1/p" | grep -v '^$'
}
same "allocators" "$(names Allocators)" "$(bash_completes 'regrow run --alloc ')"
same "workloads" "$(names Workloads)" "$(bash_completes 'regrow run -w ')"
first=$(names Allocators | head -n 1)
same "list" "$first,$first" "$(bash_completes "regrow run --alloc=$first,$first")"
proves "bash completes the allocators and workloads that are listed"

# Another binary with an allocator that this one does not have.
cat >"$scratch/other" <<'END'
#!/bin/sh
cat <<LIST
Allocators, spelled so:
  brand-new (the reference)
      what it does
      colour=red             which one (red|green)
      over=brand-new         what is asked

Workloads; so:
  brand-busy
      what it does
      size=1M                how large

Counters; so:
  software events: page-faults cpu-clock
LIST
END
chmod +x "$scratch/other"
other() {
	bash_completes "$1" "$scratch/other"
}
same "name" brand-new "$(other 'regrow run --alloc b')"
same "second name" x,brand-new "$(other 'regrow run --alloc x,')"
same "its options" "colour= over=" "$(other 'regrow run -a brand-new:' | xargs)"
same "choices" "red green" "$(other 'regrow run -a brand-new:colour=' | xargs)"
same "wrapped" brand-new "$(other 'regrow run -a brand-new:over=')"
same "nested" colour= "$(other 'regrow run -a brand-new:over=[brand-new:c')"
same "set" brand-busy. "$(other 'regrow run --set b')"
same "set's option" brand-busy.size= "$(other 'regrow run --set brand-busy.')"
same "counters" page-faults,cpu-clock "$(other 'regrow run --counters page-faults,c')"
proves "names, options and values are those of the binary that is completed"

mkdir "$scratch/folder"
touch "$scratch/folder/one.jsonl" "$scratch/folder/one.txt"
for command in show compare plot export; do
	same "$command" "$scratch/folder/one.jsonl" \
		"$(bash_completes "regrow $command $scratch/folder/")"
done
proves "show, compare, plot and export complete results files"

for shell in zsh fish; do
	file=$completion/regrow.fish
	[ $shell = fish ] || file=$completion/_regrow
	if command -v $shell >/dev/null; then
		run $shell -n "$file"
		ends_with 0
		complains_not
		proves "$shell reads its completion without errors"
	else
		skips "$shell reads its completion without errors" "no $shell"
	fi
done

rendered=
if command -v groff >/dev/null && [ -n "$(printf '.TH A 1\n' | groff -man -Tascii 2>/dev/null)" ]; then
	run groff -man -Tascii -ww "$manual"
	ends_with 0
	complains_not
	: >"$out"
	rendered=yes
fi
if command -v mandoc >/dev/null; then
	run mandoc -T lint -W warning "$manual"
	ends_with 0
	rendered=yes
fi
if [ -n "$rendered" ]; then
	proves "the manual renders without warnings"
else
	skips "the manual renders without warnings" "neither groff's man nor mandoc"
fi

# The statuses of `regrow --help`, in order: 0 1 2 ...
same "exit statuses" \
	"$("$regrow" --help | sed -n '/^Exit status/,$p' | grep -oE '[0-9]+' | xargs)" \
	"$(sed -n '/^\.SH EXIT/,/^\.SH ENV/p' "$manual" | sed -n '/^\.B/p' |
		grep -oE '\b[0-9]+\b' | xargs)"
proves "the manual has the exit statuses of --help"

documents=$(find README.md results/*.md harness/docs -name '*.md')
# Paths in the text's backticks; what is to be made, or is a pattern, is none.
paths() {
	# shellcheck disable=SC2016
	grep -oE '`[A-Za-z._][A-Za-z0-9._-]*/[A-Za-z0-9._/-]*`' "$1" | tr -d '`' |
		grep -vE '^build/|NAME|my-name' | sort -u
}
for document in $documents; do
	for path in $(paths "$document"); do
		[ -e "$path" ] || problem "$document: there is no $path"
	done
done
[ -n "$(paths harness/docs/CONTRIBUTING.md)" ] || problem "no paths were found"
proves "every file and folder that a document names is there"

for document in $documents; do
	for link in $(grep -oE '\]\([^)]*\)' "$document" | tr -d ']()'); do
		case $link in
		http*://* | '#'*) ;;
		*) [ -e "$(dirname "$document")/${link%%#*}" ] ||
			problem "$document: there is no $link" ;;
		esac
	done
done
proves "every link in a document leads to a file"

# shellcheck disable=SC2086 # a list of files without blanks
for target in $(grep -ohE '(^|`)make [a-z0-9-]+( [a-z-]+)?' $documents |
	sed -e 's/.*make //' | tr ' ' '\n' | sort -u); do
	grep -qE "^$target:" Makefile harness/*/rules.mk ||
		problem "there is no make $target"
done
proves "every make target that a document names is there"

# shellcheck disable=SC2086
empty "machine paths" "$(grep -nE '(^|[^A-Za-z0-9.])/(work|tmp|home|root)\b' \
	$documents "$manual" $completion/*)"
proves "no document names a path of some machine"

# The table in the README is what the committed results give, line by line.
LC_ALL=C.UTF-8 "$regrow" show results/example/bench.jsonl >"$scratch/table"
sed -n '/^server-churn/,/^```$/p' README.md | grep -vE '^(```)?$' >"$scratch/shown"
[ -s "$scratch/shown" ] || problem "no table was found in README.md"
empty "not printed" "$(grep -vxFf "$scratch/table" "$scratch/shown")"
proves "the README's table is what regrow show prints of the example"
ends
