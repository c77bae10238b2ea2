/** What a host is asked about the keys of accounts. Only reads. */

/** What decides which keys let somebody in. */
export const keyOptions =
  'authorizedkeysfile authorizedkeyscommand trustedusercakeys pubkeyauthentication strictmodes revokedkeys pubkeyacceptedalgorithms pubkeyacceptedkeytypes requiredrsasize rsaminsize';

/**
 * Sshd is asked once for all, and for each account only where there is a Match; one getent, realpath and find for all; one dd for each file that
 * is there, which neither follows a link nor waits for a pipe.
 */
export const authorizedKeysScript = `
n=$1 requests= problem=
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests="$requests$index$US$name$NL"
  set -- "$@" "$name"
done
IFS=$NL
case $sshdFound in
  absent)
    for request in $requests; do answer "\${request%%"$US"*}" 'no sshd'; done
    exit ;;
  P"$US"*) problem=\${sshdFound#P"$US"} ;;
  *"$NL"E) ;;
  *) problem='the configuration of sshd could not be determined' ;;
esac
accounts=$(getent passwd "$@" 2>/dev/null </dev/null)
case $? in 0) all_known=yes ;; 2) all_known=no ;; *) problem='getent failed, so it is unknown which accounts exist' ;; esac
names='${keyOptions}'
sshd_told "$names"
common= shared= started= matches=no
for line in $own; do
  case $line in
    V"$US"0"$US"*) shared=\${shared}O$US\${line#V"$US"0"$US"}$NL ;;
    V*) ;;
    *) common=$common$line$NL ;;
  esac
done
case $sshdFound in R"$US"*) started=\${sshdFound#R"$US"} started=\${started%%"$NL"*} ;; esac
case $NL$own in *"\${US}match$US"*) matches=yes ;; esac
replaced() {
  rest=$file file=
  while :; do case $rest in *"$1"*) file=$file\${rest%%"$1"*}$2 rest=\${rest#*"$1"} ;; *) file=$file$rest; return ;; esac; done
}
# Of each request: what is known of its account, and its files.
known= paths= parts= asked=
[ -n "$problem" ] || for request in $requests; do
  index=\${request%%"$US"*} name=\${request#*"$US"} account=$NL$accounts$NL why=
  case $account in
    *"$NL$name:"*) ;;
    *) [ "$all_known" = no ] || why="getent returns the account $name under another name: declare that name"
      known=$known$index$US$name$US\${why:-absent}$NL; continue ;;
  esac
  account=\${account#*"$NL$name:"} account=\${account%%"$NL"*}
  IFS=:; set -- $account; IFS=$NL
  uid=$2 gid=$3 account=\${account%:*} home=\${account##*:} options=$shared
  case $home in /*) ;; *) home=/ ;; esac
  case $matches in
    yes)
      sshd_asked "$started" "-C\${GS}user=$name,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22"
      [ -n "$failed" ] || picked "$names"
      if [ -n "$failed" ]; then known=$known$index$US$name$US$failed$NL; continue; fi
      options=
      for line in $told; do options=\${options}O$US\${line%% *}$US\${line#* }$NL; done ;;
  esac
  files=
  for line in $options; do case $line in O"\${US}authorizedkeysfile$US"*) files=\${line##*"$US"} ;; esac; done
  [ -n "$files" ] || why='sshd -T did not report the location of keys'
  own=\${home%/} parts=$parts\${home%/}
  case $parts in '' | *"$NL") parts=$parts/ ;; esac
  parts=$parts$NL
  IFS=' '
  for file in $files; do
    IFS=$NL
    replaced %% "$GS"; replaced %h "$own"; replaced %u "$name"; replaced %U "$uid"
    case $file in *%*) why="AuthorizedKeysFile has a token that Holdfast does not know: $file" ;; none) continue ;; /*) ;; *) file=$own/$file ;; esac
    replaced "$GS" %
    paths=$paths\${own:-/}$NL$file$NL
    options=\${options}K$US$file$NL
  done
  IFS=$NL
  known=$known$index$US$name$US\${why:-present}$US$uid$US$gid$US\${own:-/}$NL asked=$asked$index$US$options$RS
done
reals=
[ -z "$paths" ] || reals=$(realpath -m -- $paths 2>/dev/null </dev/null)
set -- $paths
count=$#
set -- $reals
[ "$count" = $# ] || problem=\${problem:-'realpath did not report the location of keys'}
# Of each file its place without links, the folders on the way there, and what stands there.
places=
pairs=$paths
while [ -z "$problem" ] && [ -n "$pairs" ]; do
  home=\${pairs%%"$NL"*} pairs=\${pairs#*"$NL"} file=\${pairs%%"$NL"*} pairs=\${pairs#*"$NL"}
  real_home=$1 real=$2
  shift 2
  case $file in "\${home%/}"/*) wanted=\${real_home%/}/\${file#"\${home%/}"/} ;; *) wanted=$file ;; esac
  linked=no
  [ "$real" = "$wanted" ] || linked=yes
  [ ! -L "$file" ] || linked=yes
  places=$places$file$US$real$US$linked$NL
  part=$real
  while :; do
    case $NL$parts in *"$NL$part$NL"*) ;; *) parts=$parts$part$NL ;; esac
    [ "$part" != / ] && [ "$part" != "$real_home" ] || break
    part=\${part%/*} part=\${part:-/}
  done
done
# Where there is nothing, find says so; a path that it would write otherwise is asked for again.
found=$NL
[ -z "$parts" ] || found=$NL$(find $parts -maxdepth 0 -printf '%p\\037%y\\037%m\\037%U\\037%G\\037%s\\n' 2>&1 </dev/null)$NL
seen_part() {
  entry=\${found#*"$NL$1$US"}
  if [ "$entry" != "$found" ]; then entry=\${entry%%"$NL"*}; return 0; fi
  why=
  if [ -e "$1" ] || [ -L "$1" ]; then why='find did not report what it is'; else
    case $found in *"\${NL}find: '$1': No such file or directory$NL"*) ;; *) why_not "$1" ;; esac
  fi
  entry=absent
  [ -z "$why" ] || problem="$1 cannot be accessed: $why"
}
for request in $known; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 state=$3 uid=\${4-} gid=\${5-} home=\${6-}
  case $state in absent) answer "$index" absent; continue ;; present) ;; *) cannot "$index" "$state"; continue ;; esac
  if [ -n "$problem" ]; then cannot "$index" "$problem"; continue; fi
  IFS=$RS
  for told in $asked; do case $told in "$index$US"*) break ;; esac; done
  IFS=$NL told=\${told#"$index$US"}
  seen_part "$home"
  keys="U$US$2$US$uid$US$gid$US$home$US\${entry%%"$US"*}$NL"
  for line in $told; do
    case $line in O*) keys=$keys$line$NL; continue ;; esac
    file=\${line#K"$US"} place=\${NL}$places
    place=\${place#*"$NL$file$US"} place=\${place%%"$NL"*} real=\${place%"$US"*} linked=\${place##*"$US"}
    seen_part "$real"
    content=
    case $linked$entry in
      nof"$US"*)
        if [ "\${entry##*"$US"}" -gt 65536 ]; then problem="$file is larger than 64 KiB"
        else
          folder=\${real%/*}
          content=$(cd -P -- "\${folder:-/}" 2>/dev/null && [ "$PWD" = "\${folder:-/}" ] && dd if="./\${real##*/}" iflag=nofollow,nonblock bs=65537 count=1 status=none 2>/dev/null </dev/null | base64 -w 0)
        fi ;;
    esac
    keys=\${keys}K$US$file$US$linked$US$entry$NL
    [ -z "$content" ] || keys=\${keys}T$US$file$US$content$NL
    part=$real
    while [ "$part" != / ]; do
      part=\${part%/*} part=\${part:-/}
      entry=\${found#*"$NL$part$US"}
      [ "$entry" != "$found" ] || { [ -e "$part" ] && break; continue; }
      keys=\${keys}C$US$file$US$part$US\${entry%%"$NL"*}$NL
    done
  done
  if [ -n "$problem" ]; then cannot "$index" "$problem"; problem=; continue; fi
  answer "$index" "$common\${keys}E"
done
[ -n "$known" ] || for request in $requests; do cannot "\${request%%"$US"*}" "$problem"; done`;
