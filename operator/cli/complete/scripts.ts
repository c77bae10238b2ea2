/** The scripts by which shells ask `kubectl-holdfast __complete`. None evaluates what it is answered. Pure. */
const bash = String.raw`# Completion of kubectl-holdfast for bash.
__kubectl_holdfast() {
  local piece=$2 words=() word joined=0 i line out directive drop values=()
  # Bash splits words at = and :, as in --output=json; here they are one word again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${'$'}{COMP_WORDS[i]}
    if ((${'$'}{#words[@]} > 0)) && [[ $word == [=:]* ]]; then
      words[${'$'}{#words[@]} - 1]+=$word
      joined=1
    elif ((joined)); then
      words[${'$'}{#words[@]} - 1]+=$word
      joined=0
    else
      words+=("$word")
    fi
  done
  COMPREPLY=()
  out=$(kubectl-holdfast __complete "${'$'}{words[@]}" 2>/dev/null) || return 0
  directive=${'$'}{out##*:}
  [[ $directive == [0-9] ]] || return 0
  # Bash replaces the last piece alone.
  word=${'$'}{words[${'$'}{#words[@]} - 1]}
  drop=${'$'}{word%"$piece"}
  while IFS= read -r line; do
    [[ $line == :* || -z $line ]] && continue
    line=${'$'}{line%%$'\t'*}
    line=${'$'}{line#"$drop"}
    printf -v line '%q' "$line"
    COMPREPLY+=("$line")
  done <<<"$out"
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  if ((${'$'}{#COMPREPLY[@]} == 0)) && ! ((directive & 4)); then compopt -o default 2>/dev/null; fi
  return 0
}
complete -F __kubectl_holdfast kubectl-holdfast
`;

const zsh = String.raw`#compdef kubectl-holdfast
# Completion of kubectl-holdfast for zsh: in a directory of fpath as _kubectl-holdfast, or sourced after compinit.
_kubectl_holdfast() {
  local -a lines described
  local directive line value
  lines=("${'$'}{(@f)$(kubectl-holdfast __complete "${'$'}{(@Q)words[2,CURRENT-1]}" "${'$'}{(Q)PREFIX}" 2>/dev/null)}")
  directive=${'$'}{lines[-1]#:}
  [[ $directive == [0-9] ]] || return 1
  lines[-1]=()
  for line in "${'$'}{lines[@]}"; do
    value=${'$'}{line%%$'\t'*}
    # A colon ends a value for _describe.
    if [[ $line == *$'\t'* ]]; then described+=("${'$'}{value//:/\\:}:${'$'}{line#*$'\t'}"); else described+=("${'$'}{value//:/\\:}"); fi
  done
  if (( ${'$'}{#described} == 0 )); then
    (( directive & 4 )) && return 1
    _files
    return
  fi
  if (( directive & 2 )); then _describe -V holdfast described -S ''; else _describe -V holdfast described; fi
}
if [[ $funcstack[1] == _kubectl_holdfast || $funcstack[1] == _kubectl-holdfast ]]; then
  _kubectl_holdfast "$@"
else
  compdef _kubectl_holdfast kubectl-holdfast
fi
`;

const fish = String.raw`# Completion of kubectl-holdfast for fish.
function __kubectl_holdfast
    set -l words (commandline -opc)
    set -e words[1]
    set -l word (commandline -ct)
    set -l lines (kubectl-holdfast __complete $words "$word" 2>/dev/null)
    set -l directive (string match -r '^:([0-9])$' -- $lines[-1])[2]
    test -n "$directive"; or return
    set -e lines[-1]
    if test (count $lines) -gt 0
        printf '%s\n' $lines
    else if test $directive -lt 4
        __fish_complete_path "$word"
    end
end
complete -c kubectl-holdfast -f -a '(__kubectl_holdfast)'
`;

export const scripts = { bash, zsh, fish } as const;
