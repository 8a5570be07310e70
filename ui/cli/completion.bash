# bash completion for redan. Made by: redan completion bash
_redan() {
    local line cur words
    COMPREPLY=()
    # : = and @ part words for bash; the line is taken apart at blanks instead.
    line=${COMP_LINE:0:COMP_POINT}
    read -r -a words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    cur=${words[${#words[@]}-1]}
    local IFS=$'\n'
    COMPREPLY=($("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null))
    if [[ ${#COMPREPLY[@]} -eq 0 ]]; then
        compopt -o default 2>/dev/null
        return
    fi
    # What stands before the last : or = is no part of the word that bash replaces, which is $2.
    COMPREPLY=("${COMPREPLY[@]#"${cur%"$2"}"}")
    case "${COMPREPLY[0]}" in
        *: | *=) compopt -o nospace 2>/dev/null ;;
    esac
}
complete -F _redan redan
