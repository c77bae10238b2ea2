/** What a host is asked about sshd. Only reads. */
import type { Look } from './checkType.ts';
import { sshdShell } from './sshdShell.ts';

/** What decides whether the account with which Holdfast logs in may do so. */
export const access =
  'allowgroups allowusers authenticationmethods authorizedkeyscommand authorizedkeysfile chrootdirectory denygroups denyusers forcecommand permitrootlogin pubkeyauthentication usepam';

/**
 * How sshd starts, runs and is written, found out once for all types that ask. The words are names of options. It tells `absent`, or
 * `P US PROBLEM`, or records, of which the last is `E`: `R US ARGUMENTS` with which sshd starts next, `V US WAY US NAME US VALUE`, and
 * those that `sshdConfig.ts` reads. One systemctl, find, sed, sshd -T, awk for each depth of includes, stat, sha256sum and id.
 */
export const sshdLook: Look = {
  key: 'sshdFound',
  functions: [
    sshdShell,
    `
# What sshd -T says of these names: sets $told, or $failed. Only where it writes a name in capitals too, awk has to make them small.
picked() {
  told= keyword=
  for line in $effective; do
    keyword=\${line%% *}
    case $keyword in *[A-Z]*) break ;; esac
    case " $1 " in *" $keyword "*) told=$told$line$NL ;; esac
  done
  case $keyword in *[A-Z]*) ;; *) return 0 ;; esac
  told=$(printf '%s\\n' "$effective" | awk -v names=" $1 " '{ name = tolower($1); if (index(names, " " name " ")) print name substr($0, length($1) + 1) } END { print "END" }' 2>/dev/null)
  case $NL$told in *"\${NL}END") told=\${told%END} ;; *) failed='awk failed on the output of sshd -T' ;; esac
}
told_of() {
  told_value=
  for line in $told; do case $line in "$1 "*) told_value=$told_value\${told_value:+ }\${line#* } ;; esac; done
}
# Sets $times to a line for each path; or $problem.
times_of() {
  times=$(stat $1 --printf='%n\\037%.9Z\\037%.9Y\\037%F\\037%a:%u:%g\\n' -- $2 2>/dev/null </dev/null) || times=
  set -- $2; count=$#
  set -- $times
  [ "$count" = $# ] || problem='stat did not report when the configuration of sshd changed'
}
# What \`sshdFound\` told of these names, for one request: sets $own.
sshd_told() {
  IFS=' '; set -- $1; IFS=$NL; own=
  for line in $sshdFound; do
    case $line in
      [WMFSI]"$US"*) own=$own$line$NL ;;
      L"$US"*"\${US}match$US"* | L"$US"*"\${US}include$US"*) own=$own$line$NL ;;
      [VL]"$US"*) for name; do
        case $line in V"$US"*"$US$name$US"* | L"$US"*"$US"*"$US$name$US"*) own=$own$line$NL; break ;; esac
      done ;;
    esac
  done
}`,
  ],
  script: `
IFS=:
for folder in $PATH; do
  program=$folder/sshd
  [ ! -f "$program" ] || [ ! -x "$program" ] || break
  program=
done
if [ -z "$program" ]; then echo absent; exit; fi
names=$1
sshd_ways
config=/etc/ssh/sshd_config numbered= values= number=0 last=none failed= pids=
[ -n "$problem" ] || for way in $ways; do
  arguments=\${way##*"$US"}
  [ "$arguments" = "$last" ] || sshd_asked "$arguments"
  [ -n "$failed" ] || [ "$arguments" = "$last" ] || picked "$names port pidfile"
  if [ -n "$failed" ]; then problem=$failed; break; fi
  last=$arguments
  told_of pidfile; pidfile=$told_value
  told_of port; ports=$told_value
  case $way in
    next*)
      is_supposed=$supposed started=$arguments
      IFS=$GS; for word in $arguments; do case $word in -f*) config=\${word#-f} ;; esac; done; IFS=$NL
      numbered=\${numbered}W$US$way$US$pidfile$US$US$ports$NL ;;
    *)
      pid=\${way#live"$US"} pid=\${pid%%"$US"*} written=
      [ ! -f "$pidfile" ] || read -r written <"$pidfile" || :
      [ "$written" = "$pid" ] || problem="it is unknown when sshd last read its configuration, because its PidFile $pidfile does not name that process: restart sshd to be sure"
      pids=$pids$pidfile$NL
      numbered=\${numbered}W$US$way$US$pidfile$US$RS$US$ports$NL ;;
  esac
  for line in $told; do values=\${values}V$US$number$US\${line%% *}$US\${line#* }$NL; done
  number=$((number + 1))
done
[ -n "$problem" ] || sshd_files "$config$NL" "$names"
dots= changed= times=
for folder in $folders; do dots=$dots$folder/.$NL; done
# What was instantiated for stat itself shows the time of now.
[ -n "$problem" ] || times_of '' "$pids$files$dots/proc/self/."
for line in $times; do
  path=\${line%%"$US"*} time=\${line%"$US"*}
  case $NL$pids in
    *"$NL$path$NL"*) time=\${time%"$US"*} numbered=\${numbered%%"$RS"*}\${time##*"$US"}\${numbered#*"$RS"}; continue ;;
  esac
  [ "$path" != "$config" ] || attributes=\${line##*"$US"}
  case $path in */.) time=\${path%/.}$US\${time#*"$US"} ;; esac
  changed=\${changed}F$US$time$NL
done
# What a link leads to may have changed as well.
case $times in
  *"\${US}symbolic link$US"*)
    times_of -L "$files"
    for line in $times; do changed=\${changed}F$US\${line%"$US"*}$NL; done ;;
esac
if [ -n "$problem" ]; then printf 'P\\037%s' "$problem"; exit; fi
login=\${SUDO_USER:-$(id -un </dev/null)}
# Of no account do the groups matter unless something is said of groups.
case $names$NL$values$lines in
  *@groups* | *groups$US* | *"\${US}match$US"*) groups=$(id -Gn -- "$login" 2>/dev/null </dev/null) ;;
  *) groups= ;;
esac
digest=
for line in \${placed-}; do case $line in "$config\${US}8"*) digest=\${line##*:} ;; esac; done
[ -n "$digest" ] || digest=$(sha256sum -- "$config" 2>/dev/null </dev/null)
printf 'R\\037%s\\n' "$started"
printf %s "\${numbered}M$US$is_supposed$US$login$US$groups$NL\${changed}S$US$config\${US}f:$attributes:\${digest%% *}$NL$values\${lines}E"`,
};

export const sshdScript = `
n=$1 requests= problem=
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests=$requests$index$US$name$NL
done
IFS=$NL
case $sshdFound in
  absent)
    for request in $requests; do answer "\${request%%"$US"*}" absent; done
    exit ;;
  P"$US"*) problem=\${sshdFound#P"$US"} ;;
  *"$NL"E) ;;
  *) problem='the configuration of sshd could not be determined' ;;
esac
mine= way=
for line in $sshdFound; do
  case $line in
    R"$US"*) started=\${line#R"$US"} ;;
    M"$US"*) login=\${line#M"$US"*"$US"} login=\${login%%"$US"*} ;;
    V"$US"*)
      # Those of the last way are what counts.
      line=\${line#V"$US"}
      [ "\${line%%"$US"*}" = "$way" ] || { way=\${line%%"$US"*} mine=; }
      line=\${line#*"$US"}
      case " ${access} " in *" \${line%%"$US"*} "*) mine=\${mine}A$US$line$NL ;; esac ;;
    L"$US"*"\${US}match$US"*)
      sshd_asked "$started" "-C\${GS}user=$login,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22"
      [ -n "$failed" ] || picked "${access}"
      problem=$failed mine=
      for line in $told; do mine=\${mine}A$US\${line%% *}$US\${line#* }$NL; done
      break ;;
  esac
done
for request in $requests; do
  index=\${request%%"$US"*} names=\${request#*"$US"}
  if [ -n "$problem" ]; then cannot "$index" "$problem"; continue; fi
  sshd_told "$names"
  answer "$index" "$own\${mine}E"
done`;
