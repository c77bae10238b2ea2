/**
 * Asks a host for mounts. Lines of an answer: `m` LINE of /proc/self/mountinfo for the path and those above it, `link` where the path leads by links,
 * `folder` SEEN and `empty`, `device` and `bound` where the declared source is what is mounted, `t` NUMBER LINE SAME of /etc/fstab, `fstab` SEEN,
 * `unit` FRAGMENT DROPINS STATE LOADED RELOAD TARGETS, `u` FILE LINE of its files, `w` UNIT for each link on the disk by which that wants it, `f` PATH SEEN of its folder and drop-in, `memory` KIB.
 */

export const mountScript = `
n=$1 requests= units= failed= table= memory= fstab= shown= texts=
while [ "$n" -gt 0 ] && IFS=$US read -r index path unit device plain; do
  n=$((n - 1)) requests=$requests$index$US$path$US$unit$US$device$US$plain$NL
  # A path that is too long has no unit.
  [ "$unit" = - ] || units=$units$unit$NL
done
while IFS= read -r line; do table=$table$line$NL; done </proc/self/mountinfo || failed='/proc/self/mountinfo cannot be read'
[ -n "$table" ] || failed='/proc/self/mountinfo cannot be read'
# Mounts have the same numbers only in the same namespace.
line=
read -r line 2>/dev/null </proc/1/mountinfo || :
[ "$line" = "\${table%%"$NL"*}" ] || failed=\${failed:-'this session has other mounts than the host: exempt the account of Holdfast in /etc/security/namespace.conf, and remove PrivateTmp= and similar settings from sshd.service'}
while read -r word kib rest; do [ "$word" != MemTotal: ] || memory=$kib; done </proc/meminfo
IFS=$NL
if [ -e /etc/fstab ] && ! { [ -f /etc/fstab ] && [ -r /etc/fstab ]; }; then failed='/etc/fstab cannot be read'; fi
if [ -e /etc/fstab ]; then
  fstab=$(awk 'FILENAME != "/etc/fstab" { mounted[$5] = 1; next } /^[ \\t]*(#|$)/ { next } { target = $2; if (target != "/") sub(/\\/+$/, "", target); print target "\\037" FNR "\\037" $1 "\\037" $0; if (target ~ /^\\// && !index(target, "\\\\") && !(target in mounted)) print "\\037" target } END { print "end" }' /proc/self/mountinfo /etc/fstab </dev/null 2>/dev/null)
  case "$NL$fstab" in *"\${NL}end") fstab=\${fstab%end} ;; *) failed=\${failed:-'awk cannot read /etc/fstab'} ;; esac
fi
# What a line mounts by a link is mounted where that leads. A mount point leads nowhere, and one of a server that is gone must not be touched.
linked=
for line in $fstab; do
  case $line in "$US"*) linked=$linked\${line#?}$NL ;; esac
done
set -- $linked
resolved=
[ $# -eq 0 ] || resolved=$(readlink -m -- "$@" </dev/null 2>/dev/null)
set -- $resolved
resolved=
for at in $linked; do
  case \${1-} in
    "$at") ;;
    /*) resolved=$resolved$1$US$at$NL ;;
    *) failed=\${failed:-'readlink did not report where the paths of /etc/fstab lead'} ;;
  esac
  [ $# -eq 0 ] || shift
done
default=/usr/lib/systemd/system/default.target
[ ! -e /etc/systemd/system/default.target ] || default=/etc/systemd/system/default.target
shown=$(systemctl show --property=Id,FragmentPath,DropInPaths,UnitFileState,LoadState,NeedDaemonReload,RequiredBy,WantedBy -- $units </dev/null 2>/dev/null) || failed=\${failed:-'systemctl does not respond'}
blocks= id= fragment= dropins= state= loaded= reload= targets=
count=0 asked=0
for unit in $units; do asked=$((asked + 1)); done
# Drop-ins of \`mount.d\` and \`mnt-.mount.d\` belong to several units.
add_text() { case $NL$texts in *"$NL$1$NL"*) ;; *) texts=$texts$1$NL ;; esac; }
finish() {
  [ -n "$id" ] || return 0
  # The last that systemctl tells of a unit: one without it was cut off.
  case $reload in yes | no) ;; *) return 0 ;; esac
  blocks=$blocks$NL$id$US$fragment$US$dropins$US$state$US$loaded$US$reload$US$targets count=$((count + 1))
  case $fragment in '' | /run/systemd/generator*) ;; *) [ ! -f "$fragment" ] || add_text "$fragment" ;; esac
  for file in $(printf '%s' "$dropins" | tr ' ' '\\n'); do add_text "$file"; done
  id= fragment= dropins= state= loaded= reload= targets=
}
while IFS= read -r line; do
  case $line in
    '') finish ;;
    Id=*) id=\${line#Id=} ;;
    FragmentPath=*) fragment=\${line#*=} ;;
    DropInPaths=*) dropins=\${line#*=} ;;
    UnitFileState=*) state=\${line#*=} ;;
    LoadState=*) loaded=\${line#*=} ;;
    NeedDaemonReload=*) reload=\${line#*=} ;;
    RequiredBy=* | WantedBy=*) targets="$targets \${line#*=}" ;;
  esac
done <<END
$shown
END
IFS=$NL
finish
[ "$count" = "$asked" ] || failed=\${failed:-'systemctl did not report all units'}
if [ -n "$texts" ]; then
  texts=$(awk '{ print FILENAME "\\037" $0 } END { print "end" }' $texts </dev/null 2>/dev/null)
  case "$NL$texts" in *"\${NL}end") texts=\${texts%end} ;; *) failed=\${failed:-'awk cannot read the mount units'} ;; esac
fi
paths=/etc/fstab$NL
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  paths=$paths/etc/systemd/system/$3.d$NL/etc/systemd/system/$3.d/zz-holdfast.conf$NL$5$NL
done
seen_of $paths
IFS=$NL
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 path=$2 unit=$3 device=$4 plain=$5 found= source=
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  for line in $table; do
    rest=\${line#* * * * } at=\${rest%% *}
    case $path/ in "\${at%/}"/*)
      found=\${found}m$US$line$NL
      [ "$at" != "$path" ] || { source=\${line#* - } source=\${source#* } source=\${source%% *}; } ;;
    esac
  done
  [ -z "$source" ] || [ "$device" = - ] || ! [ "$device" -ef "$source" ] || found=\${found}device$NL
  [ "$device" = - ] || ! [ "$device" -ef "$plain" ] || found=\${found}bound$NL
  case $device in /dev/disk/by-*) [ -d "\${device%/*}" ] || found="\${found}no links$NL" ;; esac
  if [ -z "$source" ]; then
    if [ -e "$plain" ] || [ -L "$plain" ]; then
      real=$(readlink -f -- "$plain" </dev/null 2>/dev/null)
      [ "$real" = "$plain" ] || found=\${found}link$US$real$NL
      [ ! -d "$plain" ] || [ -n "$(ls -A -- "$plain" 2>&1 </dev/null)" ] || found=\${found}empty$NL
    fi
  fi
  case $NL$seen in *"$NL$plain$US"*) line=$NL$seen line=\${line#*"$NL$plain$US"} found=\${found}folder$US\${line%%"$NL"*}$NL ;; esac
  case $NL$seen in *"$NL/etc/fstab$US"*) line=$NL$seen line=\${line#*"$NL/etc/fstab$US"} found=\${found}fstab$US\${line%%"$NL"*}$NL ;; esac
  for line in $fstab; do
    at=\${line%%"$US"*}
    case $at$NL$NL$resolved in "$path$NL"* | *"$NL$plain$US$at$NL"*)
      line=\${line#*"$US"} number=\${line%%"$US"*} line=\${line#*"$US"} from=\${line%%"$US"*} same=no
      case $from in
        UUID=* | LABEL=* | PARTUUID=* | PARTLABEL=*)
          tag=$(printf '%s' "\${from%%=*}" | tr 'A-Z' 'a-z') from=\${from#*=} from=\${from#'"'}
          from=/dev/disk/by-$tag/\${from%'"'}
          # fstab has blanks in octal, links of labels in hexadecimal.
          while :; do case $from in *\\\\040*) from=\${from%%\\\\040*}\\\\x20\${from#*\\\\040} ;; *) break ;; esac; done ;;
      esac
      [ "$device" = - ] || ! [ "$device" -ef "$from" ] || same=yes
      found=\${found}t$US$number$US$same$US\${line#*"$US"}$NL ;;
    esac
  done
  line=\${blocks#*"$NL$unit$US"}
  if [ "$line" != "$blocks" ]; then
    line=\${line%%"$NL"*} found=\${found}unit$US\${line%%"$NL"*}$NL
    rest=\${line#*"$US"} own=" \${line%%"$US"*} \${rest%%"$US"*} "
    for file in $texts; do
      case $own in *" \${file%%"$US"*} "*) found=\${found}u$US$file$NL ;; esac
    done
    set +f
    for folder in /etc/systemd/system /run/systemd/generator.early /run/systemd/generator /run/systemd/generator.late /usr/local/lib/systemd/system /usr/lib/systemd/system; do
      for at in "$folder"/*/"$unit" "$folder"/*/"\${unit%.mount}.automount"; do
        case $at in *.wants/* | *.requires/* | *.upholds/*) ;; *) continue ;; esac
        [ -L "$at" ] && ! [ "$at" -ef /dev/null ] || continue
        at=\${at%/*} at=\${at##*/} at=\${at%.*}
        if [ "/usr/lib/systemd/system/$at" -ef "$default" ]; then at=default.target; fi
        if [ "$at" = multi-user.target ] && [ /usr/lib/systemd/system/graphical.target -ef "$default" ]; then at=default.target; fi
        found=\${found}w$US$at$NL
      done
    done
    set -f
  fi
  for line in $seen; do
    case $line in "/etc/systemd/system/$unit.d$US"* | "/etc/systemd/system/$unit.d/"*) found=\${found}f$US$line$NL ;; esac
  done
  answer "$index" "\${found}memory$US$memory"
done
unset IFS`;
