/**
 * Shell functions that tell how sshd runs, how it would start next, and what its files say. They only read.
 *
 * A *way* is one set of arguments with which sshd runs or starts: that of the unit (`next`) and that of every daemon that runs (`live`).
 */

/**
 * `sshd_ways`: sets $ways, a line for each: `LABEL US PID US UNIT US REPLACED US ARGUMENTS`, the arguments separated by GS; or $problem. Only
 * arguments that are understood are passed on to `sshd -T`. A daemon of another container does not count, nor does one of an ordinary account.
 */
const ways = `
keep_arguments() {
  kept=
  while [ $# -gt 0 ]; do
    case $1 in
      -D | -e | -De | -eD) ;;
      -q | -4 | -6 | -[pg][0-9]* | -[fhc]/* | -o[A-Za-z]*=*) kept=$kept\${kept:+$GS}$1 ;;
      -u) shift ;;
      -o | -f | -h | -c | -p | -g)
        case $1$2 in -o[A-Za-z]*=* | -[fhc]/* | -[pg][0-9]*) kept=$kept\${kept:+$GS}$1$2; shift ;; *) return 1 ;; esac ;;
      *) return 1 ;;
    esac
    [ $# -eq 0 ] || shift
  done
}
environment_of_unit() {
  environment=$NL
  IFS=$NL
  for line in $block; do
    case $line in
      Environment=*) IFS=' '; for word in \${line#*=}; do environment=$environment$word$NL; done; IFS=$NL ;;
      EnvironmentFiles=*)
        file=\${line#*=} file=\${file% (*}
        if [ ! -e "$file" ]; then case $line in *=yes\\)) continue ;; *) return 1 ;; esac; fi
        [ -f "$file" ] && [ -r "$file" ] || return 1
        while read -r line || [ -n "$line" ]; do
          case $line in '' | '#'* | ';'*) continue ;; *=*) ;; *) return 1 ;; esac
          word=\${line#*=}
          case $word in
            \\"*\\") word=\${word#?} word=\${word%?} ;;
            \\'*\\') word=\${word#?} word=\${word%?} ;;
          esac
          case $word in *[\\"\\'\\\\]*) return 1 ;; esac
          environment=$environment\${line%%=*}=$word$NL
        done <"$file" ;;
    esac
  done
}
unit_arguments() {
  value=$command
  case $value in *"argv[]=$program "*' ; ignore_errors='*) ;; *"argv[]=$program ; "*) kept=; return 0 ;; *) return 1 ;; esac
  words=\${value#*argv\\[\\]=$program } words=\${words%%' ; ignore_errors='*}
  case $words in *[\\"\\'\\\\]*) return 1 ;; *'$'*) environment_of_unit || return 1 ;; esac
  IFS=' '
  set --
  for word in $words; do
    case $word in
      \\$*)
        name=\${word#?} name=\${name#'{'} name=\${name%'}'} value=
        case $environment in *"$NL$name="*) value=\${environment##*"$NL$name="} value=\${value%%"$NL"*} ;; esac
        set -- "$@" $value ;;
      *\\$*) return 1 ;;
      -i) ;;
      *) set -- "$@" "$word" ;;
    esac
  done
  keep_arguments "$@"
}
# Units of systemd; the last of them comes first.
sshd_units() {
  rest=$(systemctl show --no-pager --property=Id,LoadState,ActiveState,MainPID,ExecStart,EnvironmentFiles,Environment,NeedDaemonReload,DropInPaths,Accept "$@" 2>/dev/null </dev/null) || problem='systemctl show failed, so it is unknown how sshd is started'
  [ -n "$rest" ] || problem=\${problem:-'systemctl show reported no units, so it is unknown how sshd is started'}
  while [ -z "$problem" ] && [ -n "$rest" ]; do
    # A shell takes much longer to cut off the first block.
    block=\${rest##*"$NL$NL"}
    case $rest in *"$NL$NL"*) rest=\${rest%"$NL$NL"*} ;; *) rest= ;; esac
    id= load= active= pid= command= reload= dropins= accept=
    for line in $block; do
      value=\${line#*=}
      case $line in
        Id=*) id=$value ;;
        LoadState=*) load=$value ;;
        ActiveState=*) active=$value ;;
        MainPID=*) pid=$value ;;
        ExecStart=*) command=\${command:-$value} ;;
        NeedDaemonReload=*) reload=$value ;;
        DropInPaths=*) dropins=$value ;;
        Accept=*) accept=$value ;;
      esac
    done
    case $load in loaded) ;; '') problem='systemctl show reported no units, so it is unknown how sshd is started'; continue ;; *) continue ;; esac
    [ "$reload" != yes ] || problem="$id was changed and systemd has not read it again: run systemctl daemon-reload, which does not affect running services"
    set +f; set -- /etc/systemd/system/"$id".d/*.conf /run/systemd/system/"$id".d/*.conf; set -f
    for path in "$@"; do
      [ ! -s "$path" ] || case " $dropins " in *" $path "*) ;; *) problem="systemd has not read $path: run systemctl daemon-reload, which does not affect running services" ;; esac
    done
    case $id in
      *.socket) case $active$accept in activeyes) instance=\${id%.socket}@holdfast.service ;; esac; continue ;;
    esac
    if unit_arguments; then kept=y$kept; else kept=n; fi
    IFS=$NL
    case $NL$units in *"$NL$id$US"*) ;; *) units=$units$id$US$pid$US$kept$NL ;; esac
    case $id in *@*) ;; *) [ -n "$main" ] || main=$id ;; esac
  done
}
# Whether systemd may have read a unit of that name: to ask it of one that is nowhere takes it long.
is_unit() {
  for folder in /etc/systemd /run/systemd /usr/local/lib/systemd /usr/lib/systemd /lib/systemd; do
    for path in "$folder/system/$1" "$folder/system.control/$1" "$folder/system.attached/$1" "$folder/transient/$1" "$folder/generator/$1" "$folder/generator.early/$1" "$folder/generator.late/$1"; do
      if [ -e "$path" ] || [ -L "$path" ]; then return 0; fi
    done
  done
  return 1
}
start_of() {
  entry=$NL$units
  case $entry in *"$NL$1$US"*) ;; *) return 1 ;; esac
  entry=\${entry#*"$NL$1$US"} entry=\${entry%%"$NL"*}
  case \${entry#*"$US"} in
    y*) ways=next$US$US$1$US$US\${entry#*"\${US}y"}\${ways:+$NL$ways} ;;
    *) problem="$1 starts sshd with arguments that Holdfast does not understand: see systemctl cat $1" ;;
  esac
}
sshd_ways() {
  ways= problem= units= main= instance= IFS=$NL
  set -- sshd.socket sshd.service
  for unit in ssh.service ssh.socket; do if is_unit "$unit"; then set -- "$unit" "$@"; fi; done
  sshd_units "$@"
  [ -z "$instance" ] || sshd_units "$instance"
  [ -z "$problem" ] || return 0
  set +f; set -- /proc/[0-9]*/exe; set -f
  running=$(find "$@" -maxdepth 0 -uid 0 \\( -path /proc/1/exe -o -lname '*/sshd' -o -lname '*/sshd (deleted)' \\) -printf '%h\\037%l\\n' 2>/dev/null </dev/null)
  case $NL$running in *"$NL/proc/1$US"*) ;; *) problem='find did not report which programs are running, so it is unknown how sshd runs'; return 0 ;; esac
  set --
  for entry in $running; do
    case $entry in *sshd | *'sshd (deleted)') set -- "$@" "\${entry%%"$US"*}/cmdline" ;; esac
  done
  # A line of the file, one of '=' and each argument; that of the first process shows that all before it was told.
  commands=
  [ $# -eq 0 ] || commands=$(sed -s ':a
$!{N;ba
}
s/\\n/ /g;s/^/=/;s/\\x00/\\n=/g;F' "$@" /proc/1/cmdline 2>/dev/null </dev/null)
  case $commands in *"$NL/proc/1/cmdline$NL="?*) ;; *) commands= ;; esac
  for entry in $running; do
    case $entry in *sshd | *'sshd (deleted)') ;; *) continue ;; esac
    folder=\${entry%%"$US"*} replaced=no words= own=no
    case $entry in *' (deleted)') replaced=yes ;; esac
    for line in $commands; do
      case $line in
        =) ;;
        =*) [ "$own" = no ] || words=$words\${line#=}$NL ;;
        "$folder/cmdline") own=yes ;;
        *) own=no ;;
      esac
    done
    case $words in
      '') [ ! -e "$folder/exe" ] || problem='the command line of sshd cannot be read'; continue ;;
      "sshd: $program "*' [listener] '*' of '*' startups'*) words=\${words#sshd: } words=\${words%%' [listener] '*} IFS=' '; set -- $words; IFS=$NL ;;
      "sshd: $program"*) problem='the command line of sshd is truncated, so its arguments are unknown'; return 0 ;;
      'sshd: '* | *"$NL-R$NL"* | *"$NL-T$NL"* | *"$NL-t$NL"* | *"$NL-G$NL"* | *"$NL-i$NL"*) continue ;;
      "$program$NL"* | "sshd$NL"*) set -- $words ;;
      *) problem="an sshd is running that Holdfast does not recognize: $words"; continue ;;
    esac
    shift
    if ! [ "$folder/ns/pid" -ef /proc/self/ns/pid ]; then
      if ! [ -e "$folder/ns/pid" ] && [ -e "$folder/exe" ]; then problem='it is unknown whether sshd runs in a container'; fi
      continue
    fi
    unit= pid=\${folder#/proc/}
    for line in $units; do case $line in *"$US$pid$US"*) unit=\${line%%"$US"*} ;; esac; done
    if keep_arguments "$@"; then ways=$ways\${ways:+$NL}live$US$pid$US$unit$US$replaced$US$kept
    else problem="sshd runs with arguments that Holdfast does not understand: $*"; fi
  done
  [ -z "$problem" ] || return 0
  if [ -n "$instance" ] && start_of "$instance"; then return 0; fi
  case $ways in
    *"$NL"live*) problem='several sshd daemons run on this host: check which of them should be running'; return 0 ;;
  esac
  unit=\${ways#*"$US"} unit=\${unit#*"$US"} unit=\${unit%%"$US"*}
  start_of "\${unit:-$main}" || { [ -n "$ways" ] || ways=next$US$US$US$US; }
}`;

/**
 * `sshd_asked ARGUMENTS [MORE]`: sets $effective to what `sshd -T` says, or $failed to why it says nothing in full.
 * Releases that do not answer without a connection are asked for one that should match nothing: then $supposed is `yes`.
 */
const asked = `
sshd_asked() {
  IFS=$GS; set -- $1 $2; IFS=$NL
  failed= supposed=no
  if ! effective=$(sshd -T "$@" </dev/null 2>/dev/null); then
    failed=$(sshd -T "$@" 2>&1 >/dev/null </dev/null)
    case $failed in
      *'connection test specification'*)
        supposed=yes failed=
        effective=$(sshd -T "$@" -C user=-,host=-,addr=192.0.2.255,laddr=192.0.2.255,lport=22 </dev/null 2>/dev/null) || failed='it does not accept -C either' ;;
      *) failed=\${failed##*"$NL"} failed=\${failed:-it gives no reason} ;;
    esac
    if [ -n "$failed" ]; then failed="sshd -T failed: $failed"; return 0; fi
  fi
  case $NL$effective$NL in
    *"$NL"[Pp][Oo][Rr][Tt]' '*"$NL"[Pp]ermit[Uu]ser[Ee]nvironment' '*) ;;
    *) failed='sshd -T printed only part of its options' ;;
  esac
}`;

/**
 * `sshd_files MAIN NAMES`: reads the configuration as sshd does, its includes too. Sets $lines to a line for each line of a file that begins
 * with one of the names (`L US FILE US NUMBER US NAME US TEXT`) and for each file of an Include (`I US FILE US NUMBER US PATH`), $files to what was
 * read and $folders to where its includes lie; or $problem.
 */
const files = `
sshd_files() {
  level=$1 lines= files= folders= problem= names=$2
  while [ -n "$level" ] && [ -z "$problem" ]; do
    files=$files$level
    told=$(awk -v names=" $names match include " 'BEGIN { U = "\\037" }
      { text = $0; sub(/^[ \\t\\r\\f"]+/, "", text)
        if (!match(text, /^[A-Za-z0-9]+/)) next
        name = tolower(substr(text, 1, RLENGTH))
        if (!index(names, " " name " ")) next
        print "L" U FILENAME U FNR U name U $0
        if (name != "include") next
        if (text ~ /"[^"]*[ \\t][^"]*"|[\\\\\\047]/) { print "X" U FILENAME U FNR; next }
        text = substr(text, RLENGTH + 1)
        gsub(/[ \\t\\r\\f"=]+/, " ", text)
        count = split(text, words, " ")
        for (at = 1; at <= count && words[at] !~ /^#/; at++) print "N" U FILENAME U FNR U words[at] }
      END { print "END" }' $level 2>/dev/null </dev/null) || told=
    case $NL$told in *"\${NL}END") ;; *) problem="the configuration of sshd cannot be read: awk failed on one of $level"; return 0 ;; esac
    level=
    for line in \${told%END}; do
      case $line in
        L*) lines=$lines$line$NL; continue ;;
        X*) problem="an Include of sshd is quoted in a way that Holdfast does not understand"; return 0 ;;
      esac
      pattern=\${line##*"$US"} place=\${line#N"$US"} place=\${place%"$US"*}
      case $pattern in /*) ;; *) pattern=/etc/ssh/$pattern ;; esac
      folders=$folders\${pattern%/*}$NL
      set +f; set -- $pattern; set -f
      for path in "$@"; do
        [ -e "$path" ] || continue
        lines=\${lines}I$US$place$US$path$NL
        case $NL$files$level in *"$NL$path$NL"*) ;; *) level=$level$path$NL ;; esac
      done
    done
  done
}`;

export const sshdShell = `${ways}${asked}${files}`;
