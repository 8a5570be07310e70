# fish completion for redan. Made by: redan completion fish
function __redan_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c redan -e
complete -c redan -a '(__redan_complete)'
