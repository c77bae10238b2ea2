/**
 * Asks a host for kernel parameters. The first line of an answer is `=LIVE`, `absent` or `no ipv6`; then come `s` FILE LINE KEY SIGN VALUE for each line
 * of sysctl.d that may set it, `i` INTERFACE VALUE FORWARDS, `f` FILE PATH SEEN of files that could be changed, `masked`, `changed` FILE, `tunes` HOW where
 * TuneD sets parameters, and `t` FILE LINE of its profiles.
 */
import { allDropIns } from './sysctlSettings.ts';

/**
 * One grep for all live values: a shell that reads byte by byte gets only the first one of a parameter. It ends with a value that is
 * always there, so that half of an output does not pass for the whole. Of files of one name in sysctl.d the first folder's counts.
 */
export const sysctlScript = `
n=$1 requests= interfaces= failed= masked= links= seen= ipv6=yes
parameters=$NL
[ -d /proc/sys/net/ipv6/conf ] || [ ! -d /proc/sys/net/ipv4 ] || ipv6=no
while [ "$n" -gt 0 ] && IFS=$US read -r index key wanted; do
  n=$((n - 1))
  case /$key/ in */../* | */./* | *//*) cannot "$index" "$key is not the name of a parameter"; continue ;; esac
  requests=$requests$index$US$key$US$wanted$NL
  case $parameters in *"$NL/proc/sys/$key$NL"*) continue ;; esac
  parameters=$parameters/proc/sys/$key$NL
  case $key in
    net/ipv[46]/conf/all/*)
      set +f
      for path in /proc/sys/\${key%%/all/*}/*/\${key##*/}; do
        case $path in */conf/all/* | */conf/default/* | */conf/lo/*) ;; *) interfaces=$interfaces$path$NL ;; esac
      done
      if [ "$key" = net/ipv4/conf/all/accept_redirects ]; then
        for path in /proc/sys/net/ipv4/conf/*/forwarding; do interfaces=$interfaces$path$NL; done
      fi
      set -f ;;
  esac
done
unset IFS
for unit in /etc/systemd/system/systemd-sysctl.service /run/systemd/system/systemd-sysctl.service; do
  [ ! "$unit" -ef /dev/null ] || masked="\${NL}masked"
  # With conditions or commands of its own it may not run, or do something else.
  set +f
  for file in "$unit" "$unit".d/*.conf; do
    [ -f "$file" ] || continue
    while read -r line || [ -n "$line" ]; do
      case $line in Condition* | Assert* | Exec*) masked="\${NL}changed$US$file" ;; esac
    done <"$file"
  done
  set -f
done
# Then its own unit does not run it either. Only root can tell.
if [ -z "$masked" ] && [ -O /proc/1 ] && [ -e /proc/sys/net/ipv4/ip_forward ] && ! [ -w /proc/sys/net/ipv4/ip_forward ]; then
  masked="\${NL}changed$US/proc/sys, which is read-only as in a container,"
fi
IFS=$NL
set --
names=/
for folder in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d; do
  [ -d "$folder" ] || continue
  if ! [ -r "$folder" ] || ! [ -x "$folder" ]; then failed="$folder cannot be read"; continue; fi
  set +f
  for file in "$folder"/*.conf; do
    name=\${file##*/}
    case $names in */"$name"/*) continue ;; esac
    if ! [ -e "$file" ] && ! [ -L "$file" ]; then continue; fi
    names=$names$name/
    if [ -d "$file" ] || ! [ -e "$file" ] || [ "$file" -ef /dev/null ]; then continue
    elif ! [ -f "$file" ]; then failed="$file is not a regular file"
    elif ! [ -r "$file" ]; then failed="$file cannot be read"
    else
      set -- "$@" "$file"
      [ ! -L "$file" ] || links=$links$file$NL
    fi
  done
  set -f
done
# tuned.conf(5): what TuneD sets once the host is up, the profiles that one includes before its own.
tuned=
tuned_profile() { # NAME DEPTH
  for home in /etc/tuned/profiles /etc/tuned /usr/lib/tuned/profiles /usr/lib/tuned; do
    [ ! -r "$home/$1/tuned.conf" ] || { tuned_file "$home/$1/tuned.conf" "$2"; return; }
  done
}
tuned_file() {
  section=
  while read -r line || [ -n "$line" ]; do
    case $line in
      '['*) section=$line ;;
      include=* | include' '*=*) IFS=', '; [ "$2" -ge 8 ] || for part in \${line#*=}; do tuned_profile "$part" $(($2 + 1)); done; unset IFS; section='[main]' ;;
      [!#]*=*) [ "$section" != '[sysctl]' ] || tuned=$tuned$1$US$line$NL ;;
    esac
  done <"$1"
}
reapplies=reapplies
if [ -r /etc/tuned/active_profile ] && { [ -e /etc/systemd/system/multi-user.target.wants/tuned.service ] || [ -e /usr/lib/systemd/system/multi-user.target.wants/tuned.service ]; }; then
  unset IFS
  read -r profiles </etc/tuned/active_profile || :
  for profile in $profiles; do tuned_profile "$profile" 0; done
  [ ! -r /etc/tuned/tuned-main.conf ] || while read -r line || [ -n "$line" ]; do
    case $line in reapply_sysctl*=*[Ff0Nn]*) reapplies=no ;; reapply_sysctl*=*) reapplies=reapplies ;; esac
  done </etc/tuned/tuned-main.conf
  IFS=$NL
fi
settings=$(awk '
  function trimmed(text) { gsub(/^[ \\t]+|[ \\t\\r]+$/, "", text); return text }
  { $0 = trimmed($0); sign = "" }
  /^[#;]/ || $0 == "" { next }
  sub(/^-/, "") { sign = "-" }
  !/=/ && sign == "" { next }
  {
    at = index($0, "="); if (at) sign = sign "="; else at = length($0) + 1
    key = trimmed(substr($0, 1, at - 1)); value = trimmed(substr($0, at + 1))
    if (match(key, /[.\\/]/) && substr(key, RSTART, 1) == ".") {
      gsub(/[.]/, "\\001", key); gsub(/\\//, ".", key); gsub(/\\001/, "/", key)
    }
    gsub(/\\/+/, "/", key); sub(/^\\//, "", key)
    print FILENAME "\\037" FNR "\\037" key "\\037" sign "\\037" value
  }
  END { print "end" }' "$@" </dev/null 2>/dev/null) || failed='awk cannot read the files of sysctl.d'
case "$NL$settings" in *"\${NL}end") settings=\${settings%end} ;; *) failed=\${failed:-'awk did not read all files of sysctl.d'} ;; esac
values=$(grep -asH '' -- $parameters /proc/sys/kernel/ostype $interfaces /proc/sys/kernel/osrelease </dev/null)
[ $? -le 2 ] || failed='grep cannot read /proc/sys'
read -r release </proc/sys/kernel/osrelease
case "$NL$values" in
  *"$NL/proc/sys/kernel/ostype:Linux$NL"*"$NL/proc/sys/kernel/osrelease:$release" | *"$NL/proc/sys/kernel/ostype:Linux$NL/proc/sys/kernel/osrelease:$release") ;;
  *) failed=\${failed:-'grep did not read all of /proc/sys'} ;;
esac
ofInterfaces=\${values#*"/proc/sys/kernel/ostype:Linux$NL"} values=\${values%%"/proc/sys/kernel/ostype:Linux$NL"*}
resolved=
# The link that all have, and no other, needs no program.
case $links in
  '') ;;
  "/etc/sysctl.d/99-sysctl.conf$NL") ! [ /etc/sysctl.d/99-sysctl.conf -ef /etc/sysctl.conf ] || [ -L /etc/sysctl.conf ] || resolved=/etc/sysctl.conf ;;
esac
[ -z "$links" ] || [ -n "$resolved" ] || resolved=$(readlink -e -- $links </dev/null 2>/dev/null)
paths=
for file in "$@"; do case $links in *"$file$NL"*) ;; *) paths=$paths$file$US$file$NL ;; esac; done
set -- $resolved
for file in $links; do paths=$paths$file$US\${1-}$NL; [ $# -eq 0 ] || shift; done
for file in ${allDropIns.join(' ').replaceAll(' ', '${NL}')}; do
  case $NL$paths in *"$NL$file$US"*) ;; *) paths=$paths$file$US$file$NL ;; esac
done
set --
for entry in $paths; do case $entry in *"$US/etc/"*) set -- "$@" "\${entry#*"$US"}" ;; esac; done
seen_of "$@"
IFS=$NL
files=
for entry in $paths; do
  path=\${entry#*"$US"}
  case $NL$seen in *"$NL$path$US"*) found=$NL$seen found=\${found#*"$NL$path$US"} files=$files\${NL}f$US$entry$US\${found%%"$NL"*} ;; esac
done
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 key=$2 wanted=$3 live= relevant= leaf=\${2##*/}
  case $key in
    net/ipv4/ip_forward) alias=net/ipv4/conf/all/forwarding ;;
    net/ipv4/conf/all/forwarding) alias=net/ipv4/ip_forward ;;
    *) alias=$key ;;
  esac
  for line in $values; do
    case $line in "/proc/sys/$key:"*) live="$live \${line#"/proc/sys/$key:"}" ;; esac
  done
  for line in $settings; do
    case $line in
      *"$US$key$US"*"$US"* | *"$US$alias$US"*"$US"* | *"$US\${key%%/all/*}/"*"/$leaf$US"*"$US"* | *"$US"*"$US"*[*?[]*"$US"*"$US"*) relevant=$relevant\${NL}s$US$line ;;
    esac
  done
  case $key in
    net/ipv[46]/conf/all/*)
      for line in $ofInterfaces; do
        case $line in */"$leaf:$wanted") continue ;; /proc/sys/"\${key%%/all/*}"/*/"$leaf:"*) ;; *) continue ;; esac
        path=\${line%%:*} forwards=0
        name=\${line#/proc/sys/"\${key%%/all/*}"/} value=\${line#*"/$leaf:"}
        name=\${name%%"/$leaf:"*}
        case $NL$ofInterfaces in *"$NL/proc/sys/net/ipv4/conf/$name/forwarding:1$NL"*) forwards=1 ;; esac
        relevant=$relevant\${NL}i$US$name$US$value$US$forwards
      done ;;
  esac
  [ -z "$tuned" ] || relevant=$relevant\${NL}tunes$US$reapplies
  for line in $tuned; do
    case $line in *"$leaf"*) relevant=$relevant\${NL}t$US$line ;; esac
  done
  relevant=$relevant$files$masked
  if [ -n "$failed" ]; then cannot "$index" "$failed"
  elif [ -n "$live" ]; then answer "$index" "=$live$relevant"
  elif [ -e "/proc/sys/$key" ]; then cannot "$index" "/proc/sys/$key cannot be read"
  else
    case $ipv6$key in nonet/ipv6/*) answer "$index" "no ipv6$relevant" ;; *) answer "$index" "absent$relevant" ;; esac
  fi
done
unset IFS`;
