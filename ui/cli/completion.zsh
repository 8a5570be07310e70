#compdef redan
# zsh completion for redan. Made by: redan completion zsh
_redan() {
    local -a answers
    answers=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    answers=(${answers:#})
    if (( ${#answers} == 0 )); then
        _files
        return
    fi
    local -a open whole
    open=(${(M)answers:#*[:=]})
    whole=(${answers:#*[:=]})
    (( ${#whole} )) && compadd -- "${(@)whole}"
    (( ${#open} )) && compadd -S '' -- "${(@)open}"
    return 0
}
if [ "$funcstack[1]" = "_redan" ]; then
    _redan "$@"
else
    compdef _redan redan
fi
