# Completion of tidings for bash. What can be said is asked of the program itself.

_tidings_words() {
	local command=$1

	if [[ -z $command ]]; then
		tidings --help | sed -nE 's/^  ([a-z]+) .*/\1/p; s/^  (--?[a-z-]+)( .*)?$/\1/p'
	else
		# The usage line has the options and fixed words, behind -c FILE.
		tidings "$command" --help | sed -nE '1s/.*\[-c FILE\]//p' | grep -oE -- '--[a-z-]+|\b[a-z]+\b' | sort -u
		printf '%s\n' -c --help
	fi
}

_tidings() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' i

	COMPREPLY=()
	if [[ $before == -c ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --site) ((i++)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	mapfile -t COMPREPLY < <(compgen -W "$(_tidings_words "$command" 2>/dev/null)" -- "$word")
}

complete -F _tidings tidings
