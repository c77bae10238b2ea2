/** How a host is asked of accounts and groups. Pure. */

/**
 * Shell functions: `local_names FILE` sets $locals to the names in a file, one a line, and $failed. `sources DATABASE` sets $down to the source of
 * /etc/nsswitch.conf that is set up and does not answer: what is then not found may be there all the same. `names_once NAME` fails
 * where a name has several lines.
 */
export const accountFunctions = `
local_names() {
  # The line of the second file shows that all before it was printed.
  locals=$(cut -d: -f1 -- "$1" /proc/sys/kernel/ostype 2>&1 </dev/null) || failed="$1 cannot be read: \${locals##*: }"
  case $locals in *"\${NL}Linux") ;; *) failed=\${failed:-"cut did not print all of $1"} ;; esac
  locals=$NL\${locals%Linux}
}
# FILE: sets $lines to what stands in it.
local_lines() {
  lines=$NL
  while IFS= read -r line || [ -n "$line" ]; do lines=$lines$line$NL; done <"$1"
}
names_once() { case \${locals#*"$NL$1$NL"} in *"$NL$1$NL"* | "$1$NL"*) return 1 ;; esac; }
sources() {
  down=
  while read -r database rest; do
    [ "$database" = "$1:" ] || continue
    for source in $rest; do
      case $source in
        sss) [ ! -e /etc/sssd/sssd.conf ] || { read -r pid </run/sssd.pid && [ -n "$pid" ] && [ -d "/proc/$pid" ]; } 2>/dev/null || down=sssd ;;
        winbind) [ -S /run/samba/winbindd/pipe ] || down=winbindd ;;
        ldap) [ -S /run/nslcd/socket ] || down=nslcd ;;
      esac
    done
  done </etc/nsswitch.conf 2>/dev/null
}
# DATABASE NAME...: sets $found to the lines of a name service, and $failed.
service_of() {
  found=$(getent "$@" 2>&1 </dev/null)
  code=$?
  case $code in 0 | 2) ;; *) failed="getent failed with exit code $code: \${found##*"$NL"}" ;; esac
  shift
  IFS=$NL
  for line in $found; do
    case $line in *:*:*:*) ;; *) failed=\${failed:-"getent printed an unexpected line: $line"} ;; esac
    [ $# -eq 0 ] || shift
  done
  unset IFS
  # It ended well, as only when it found them all.
  [ "$code" != 0 ] || [ $# -eq 0 ] || failed=\${failed:-'getent did not print all that it found'}
}
# DATABASE NAME: sets $entry to the line of the name, however it is spelled there; empty when there is none; or $why it cannot be told.
entry_of() {
  why= entry=
  case $found in
    "$2:"* | *"$NL$2:"*) entry=$NL$found entry=\${entry#*"$NL$2:"} entry=$2:\${entry%%"$NL"*}; return ;;
  esac
  case $locals in *"$NL$2$NL"*) why="/etc/$1 has a line for $2 that the name service does not return: check /etc/nsswitch.conf and whether the line is valid"; return ;; esac
  case $2 in
    *[!0-9]*)
      # Accounts of a directory may be spelled otherwise there.
      if [ "$spelled" = otherwise ]; then
        entry=$(getent "$1" "$2" 2>&1 </dev/null)
        case $? in 0) return ;; 2) entry= ;; *) why="getent failed: \${entry##*"$NL"}"; return ;; esac
      fi ;;
  esac
  [ -z "$down" ] || why="$2 may come from $down, which does not respond"
}
# NAME...: sets $spelled to whether the service gave lines of names that were not asked for.
spelling() {
  spelled=as-asked
  asked=$NL
  for name; do asked=$asked$name$NL; done
  IFS=$NL
  for line in $found; do
    case $asked in *"$NL\${line%%:*}$NL"*) ;; *) spelled=otherwise ;; esac
  done
  unset IFS
}`;

/** One getent for all accounts, one more for all passwords and for all groups where they are asked, and one id for each whose groups are asked. */
export const userScript = `n=$1 requests= failed= passwords= groups=
set --
gone=
while [ "$n" -gt 0 ] && IFS=$US read -r index name group locked home shell; do
  n=$((n - 1)) requests=$requests$index$US$name$US$group$US$locked$US$home$US$shell$NL groups=$groups,$group
  set -- "$@" "$name"
done
sources passwd
local_names /etc/passwd
local_lines /etc/passwd
service_of passwd "$@"
spelling "$@"
case $requests in *"\${US}locked$US"*)
  keep=$found here=$locals
  if [ -r /etc/shadow ]; then
    local_names /etc/shadow
    shadows=$locals
    passwords=$NL$(getent shadow "$@" 2>/dev/null </dev/null)$NL
    case $? in 0 | 2) ;; *) passwords= ;; esac
  fi
  found=$keep locals=$here ;;
esac
case $groups in *[!,-]*) ;; *) groups= ;; esac
if [ -z "$failed" ] && [ -n "$groups" ]; then
  keep=$found
  IFS=,; set -- $groups; unset IFS
  for name; do case $name in '' | -) ;; *) set -- "$@" "$name" ;; esac; shift; done
  service_of group "$@"
  known=$NL$found$NL found=$keep
fi
ours= session=
while read -r word _ number _; do [ "$word" != Uid: ] || { ours=$number; break; }; done </proc/self/status
read -r session </proc/self/loginuid || session=
IFS=$NL
for request in $requests; do
  IFS=$US; set -- $request; unset IFS
  index=$1 name=$2 group=$3 locked=$4 home=$5 shell=$6 in= word=unknown
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  entry_of passwd "$name"
  if [ -n "$why" ]; then cannot "$index" "$why"; continue; fi
  if [ -z "$entry" ]; then answer "$index" absent; continue; fi
  if ! names_once "$name"; then cannot "$index" "/etc/passwd has several lines for $name: fix it with pwck"; continue; fi
  rest=\${entry#*:} field=\${rest%%:*} rest=\${rest#*:} uid=\${rest%%:*} rest=\${rest#*:} gid=\${rest%%:*} rest=\${rest#*:} rest=\${rest#*:}
  found_home=\${rest%%:*} found_shell=\${rest#*:}
  case $locals in *"$NL$name$NL"*) source=here ;; *) source=elsewhere ;; esac
  if [ "$source" = here ]; then
    case $lines in *"$NL$name:$field:$uid:$gid:"*) ;; *) cannot "$index" "another source in /etc/nsswitch.conf has $name too, with other properties than /etc/passwd: rename one of the accounts"; continue ;; esac
  fi
  same_home=no same_shell=no
  [ "\${found_home##*/}" != "\${home##*/}" ] || [ ! "$found_home" -ef "$home" ] || same_home=yes
  [ "\${found_shell##*/}" != "\${shell##*/}" ] || [ ! "$found_shell" -ef "$shell" ] || same_shell=yes
  if [ "$group" != - ]; then
    if ! numbers=$(id -G -- "$name" 2>/dev/null </dev/null); then cannot "$index" "id cannot list the groups of $name"; continue; fi
    case " $numbers " in *" $gid "*) ;; *) cannot "$index" "id did not list all groups of $name"; continue ;; esac
    IFS=,
    for one in $group; do
      case $known in
        *"$NL$one:"*) number=\${known#*"$NL$one:"} number=\${number#*:} number=\${number%%:*}
          case " $numbers " in *" $number "*) in=$in,$one ;; esac ;;
      esac
    done
    unset IFS
  fi
  if [ "$locked" = locked ] && [ "$source" = here ]; then
    if [ "$field" = x ]; then
      field=unknown
      case $passwords in *"$NL$name:"*) field=\${passwords#*"$NL$name:"} field=\${field%%:*}
        locals_=$locals locals=$shadows
        if ! names_once "$name"; then cannot "$index" "/etc/shadow has several lines for $name: fix it with pwck"; locals=$locals_; continue; fi
        locals=$locals_ ;;
      esac
      [ "$field" = unknown ] || case $field in '') word=empty ;; '!'* | '*'*) word=locked ;; *) word=set ;; esac
    else
      case $field in '') word=empty ;; '!'* | '*'*) word=locked ;; *) word=set ;; esac
    fi
  fi
  is_ours=no
  case $uid in 0 | "$ours" | "\${SUDO_UID:-0}" | "\${session:-0}") is_ours=yes ;; esac
  answer "$index" "$uid$US$gid$US$found_home$US$found_shell$US$same_home$US$same_shell$US\${in#,}$US$word$US$source$US$is_ours"
done
unset IFS`;

/** One getent for all groups; where members are asked, one for all accounts and one for all groups: a first group makes a member too, and so does a number. */
export const groupScript = `n=$1 requests= failed=
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name members; do
  n=$((n - 1)) requests=$requests$index$US$name$US$members$NL
  set -- "$@" "$name"
done
sources group
local_names /etc/group
local_lines /etc/group
service_of group "$@"
spelling "$@"
if [ -z "$failed" ]; then
  case $requests in *"\${US}members"*)
    keep=$found
    service_of passwd
    [ "$code" = 0 ] || failed='getent did not list the accounts'
    accounts=$found
    service_of group
    [ "$code" = 0 ] || failed='getent did not list the groups'
    all=$found found=$keep
    case $NL$all in *"\${NL}root:"*) ;; *) failed=\${failed:-'getent did not list all groups'} ;; esac
    case $NL$accounts in *"\${NL}root:"*) ;; *) failed=\${failed:-'getent did not list all accounts'} ;; esac ;;
  esac
fi
IFS=$NL
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 name=$2 asked=$3 first= twins= shadowed= admins= secret=no
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  unset IFS
  entry_of group "$name"
  IFS=$NL
  if [ -n "$why" ]; then cannot "$index" "$why"; continue; fi
  if [ -z "$entry" ]; then answer "$index" absent; continue; fi
  if ! names_once "$name"; then cannot "$index" "/etc/group has several lines for $name: fix it with grpck"; continue; fi
  rest=\${entry#*:} rest=\${rest#*:} gid=\${rest%%:*} members=\${rest#*:}
  case $locals in *"$NL$name$NL"*) source=here ;; *) source=elsewhere ;; esac
  if [ "$source" = here ]; then
    own=\${lines#*"$NL$name:"} own=\${own%%"$NL"*} own=\${own#*:}
    [ "\${own%%:*}" = "$gid" ] || { cannot "$index" "another source in /etc/nsswitch.conf has $name too, with another GID than /etc/group: rename one of the groups"; continue; }
    own=\${own#*:}
    if [ "$asked" != - ]; then
      lost=
      IFS=,
      for one in $own; do case ,$members, in *,"$one",*) ;; *) lost=$one ;; esac; done
      IFS=$NL
      [ -z "$lost" ] || { cannot "$index" "/etc/group has $lost in $name, and the name service does not report that: check /etc/nsswitch.conf, and run sss_cache -E where sssd is one of its sources"; continue; }
    fi
  fi
  if [ "$asked" = members-alone ] && [ -n "$down" ]; then cannot "$index" "$name may have members that come from $down, which does not respond"; continue; fi
  if [ "$asked" = members-alone ] && [ "$source" = here ] && [ -e /etc/gshadow ]; then
    if ! [ -r /etc/gshadow ]; then cannot "$index" '/etc/gshadow cannot be read, and newgrp takes members from it'; continue; fi
    while IFS=: read -r one field rest shadow; do
      [ "$one" = "$name" ] || continue
      shadowed=$shadow admins=$rest
      case $field in '' | '!'* | '*'*) ;; *) secret=yes ;; esac
    done </etc/gshadow
  fi
  if [ "$asked" != - ]; then
    for line in $accounts; do
      case $line in *:*:*:"$gid":*)
        rest=\${line#*:} rest=\${rest#*:} rest=\${rest#*:}
        [ "\${rest%%:*}" != "$gid" ] || first=$first,\${line%%:*} ;;
      esac
    done
    for line in $all; do
      case $line in "\${entry%%:*}:"*) ;; *:*:"$gid":*)
        rest=\${line#*:} rest=\${rest#*:}
        [ "\${rest%%:*}" != "$gid" ] || [ -z "\${rest#*:}" ] || twins=$twins,\${rest#*:} ;;
      esac
    done
  fi
  answer "$index" "$gid$US$source$US$members$US\${first#,}$US\${twins#,}$US\${SUDO_USER:-root}$US$shadowed$US$secret$US$admins"
done
unset IFS`;
