/**
 * Asks a host for kernel modules. Lines of an answer: `loaded` USES USERS, `builtin`, `index` or `no index` of the running kernel, `exit` CODE of
 * modprobe's dry run and `d` LINE of what it would do (`o` LINE for other kernels on the disk), `c` LINE of modprobe's configuration that may matter,
 * `p` FILE LINE PATTERN COMMAND of the files it comes from, where the kernel is told to refuse modules what `boot_arguments` tells, or `unread` WHY, `f` PATH SEEN of files that could be changed.
 */

export const kernelModuleScript = `
n=$1 failed= modules= builtins= places= files= config= others= release=
IFS=$NL
read -r release </proc/sys/kernel/osrelease
if ! command -v modprobe >/dev/null; then failed='modprobe is not installed'; fi
config=$(modprobe --showconfig 2>/dev/null </dev/null | awk '
  /^# End of configuration files/ { print "end"; exit }
  /^(install|alias|blacklist) / { print }')
case "$NL$config" in *"\${NL}end") config=\${config%end} ;; *) failed=\${failed:-'modprobe --showconfig did not print its complete configuration'} ;; esac
if [ -e /proc/modules ]; then
  [ -r /proc/modules ] || failed='/proc/modules cannot be read'
  while read -r line; do modules=$modules$NL$line; done </proc/modules
fi
set +f
set --
for kernel in /lib/modules/*/; do
  kernel=\${kernel%/} kernel=\${kernel##*/}
  [ "$kernel" = "$release" ] || [ ! -e "/lib/modules/$kernel/modules.dep.bin" ] || others=$others$kernel$NL
done
if [ -e "/lib/modules/$release/modules.builtin" ]; then
  builtins=$NL$(awk '{ sub(/.*\\//, ""); sub(/[.]ko.*/, ""); gsub(/-/, "_"); print } END { print "end" }' "/lib/modules/$release/modules.builtin" </dev/null 2>/dev/null)$NL
  case $builtins in *"\${NL}end$NL") ;; *) failed='awk cannot read the list of built-in modules' ;; esac
fi
names=/
for folder in /etc/modprobe.d /run/modprobe.d /usr/local/lib/modprobe.d /usr/lib/modprobe.d; do
  [ -d "$folder" ] || continue
  if ! [ -r "$folder" ] || ! [ -x "$folder" ]; then failed="$folder cannot be read"; continue; fi
  for file in "$folder"/*.conf; do
    name=\${file##*/}
    case $names in */"$name"/*) continue ;; esac
    [ -e "$file" ] || [ -L "$file" ] || continue
    names=$names$name/
    if ! [ -f "$file" ]; then [ -d "$file" ] || [ ! -e "$file" ] || [ "$file" -ef /dev/null ] || failed="$file is not a regular file"
    elif ! [ -r "$file" ]; then failed="$file cannot be read"
    else set -- "$@" "$file"; fi
  done
done
set -f
places=$(awk '
  { line = rest $0; if (rest == "") first = FNR }
  sub(/\\\\$/, "", line) { rest = line; next }
  { rest = ""; split(line, part, /[ \\t]+/); at = part[1] == "" ? 2 : 1 }
  part[at] == "install" {
    pattern = part[at + 1]; gsub(/-/, "_", pattern)
    command = line; sub(/^[ \\t]*install[ \\t]+[^ \\t]+[ \\t]*/, "", command)
    print FILENAME "\\037" first "\\037" FNR - first "\\037" pattern "\\037" command
  }
  END { print "end" }' "$@" </dev/null 2>/dev/null)
case "$NL$places" in *"\${NL}end") places=\${places%end} ;; *) failed=\${failed:-'awk cannot read the files of modprobe.d'} ;; esac
boot_arguments
case $boot in *module_blacklist=*) [ -z "$unread" ] || boot="\${boot}unread$US$unread$NL" ;; *) boot= ;; esac
IFS=$NL
list=
for file in "$@"; do case $file in /etc/*) list=$list$file$NL ;; esac; done
seen_of $list
IFS=$NL
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) found=$boot
  IFS=$NL
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  case $modules in *"$NL$name "*)
    line=\${modules#*"$NL$name "} line=\${line%%"$NL"*}
    unset IFS; set -- $line; IFS=$NL
    found=\${found}loaded$US\${2-}$US\${3-}$NL ;;
  esac
  case $builtins in *"$NL$name$NL"*) found=\${found}builtin$NL ;; *)
    case $NL$found in *"\${NL}loaded$US"*) ;; *) [ ! -d "/sys/module/$name" ] || found=\${found}builtin$NL ;; esac ;;
  esac
  if [ -r "/lib/modules/$release/modules.dep.bin" ]; then found=\${found}index$NL; else found="\${found}no index$NL"; fi
  trial=$(modprobe --show-depends -- "$name" 2>&1 </dev/null)
  found=\${found}exit$US$?$NL
  for line in $trial; do found=\${found}d$US$line$NL; done
  case $trial in *' not found in directory'*)
    for kernel in $others; do
      for line in $(modprobe --set-version "$kernel" --show-depends -- "$name" 2>&1 </dev/null || echo failed); do found=\${found}o$US$line$NL; done
    done ;;
  esac
  for line in $config; do
    case $line in
      "install $name "* | "alias $name "* | "blacklist $name" | 'install '*[*?[]*' '* | 'alias '*[*?[]*' '*) found=\${found}c$US$line$NL ;;
    esac
  done
  paths=$NL
  for line in $places; do
    case $line in *"$US$name$US"* | *[*?[]*"$US"*) found=\${found}p$US$line$NL paths=$paths\${line%%"$US"*}$NL ;; esac
  done
  for line in $seen; do
    case $line in *"holdfast-$name.conf$US"*) found=\${found}f$US$line$NL; continue ;; esac
    case $paths in *"$NL\${line%%"$US"*}$NL"*) found=\${found}f$US$line$NL ;; esac
  done
  answer "$index" "$found"
done
unset IFS`;
