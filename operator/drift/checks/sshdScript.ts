/** What a host is asked about options of sshd. Only reads. */
import { sshdShell } from './sshdShell.ts';

/** What decides whether the account with which Holdfast logs in may do so. */
const access =
  'allowgroups allowusers authenticationmethods authorizedkeyscommand authorizedkeysfile chrootdirectory denygroups denyusers forcecommand permitrootlogin pubkeyauthentication usepam';

/**
 * `sshd_found`: for the options of $names sets $common, $values and $lines to records about how sshd starts, runs and is written, or $problem.
 * Needs $program. One systemctl, find, grep, sshd -T, awk for each depth of includes, and stat, for all checks together.
 */
export const sshdFound = `${sshdShell}
picked() {
  told=$(printf '%s\\n' "$effective" | awk -v names=" $1 " '{ name = tolower($1); if (index(names, " " name " ")) print name substr($0, length($1) + 1) } END { print "END" }' 2>/dev/null)
  case $NL$told in *"\${NL}END") told=\${told%END} ;; *) failed='awk failed on what sshd -T printed' ;; esac
}
told_of() {
  told_value=
  for line in $told; do case $line in "$1 "*) told_value=$told_value\${told_value:+ }\${line#* } ;; esac; done
}
sshd_found() {
  sshd_ways
  config=/etc/ssh/sshd_config common= values= number=0 last=none failed=
  [ -n "$problem" ] || for way in $ways; do
    arguments=\${way##*"$US"}
    [ "$arguments" = "$last" ] || sshd_asked "$arguments"
    [ -n "$failed" ] || [ "$arguments" = "$last" ] || picked "$names port pidfile"
    if [ -n "$failed" ]; then problem=$failed; break; fi
    last=$arguments read_time=
    told_of pidfile; pidfile=$told_value
    told_of port; ports=$told_value
    case $way in
      next*)
        is_supposed=$supposed started=$arguments
        IFS=$GS; for word in $arguments; do case $word in -f*) config=\${word#-f} ;; esac; done; IFS=$NL ;;
      *)
        pid=\${way#live"$US"} pid=\${pid%%"$US"*} written=
        [ ! -f "$pidfile" ] || read -r written <"$pidfile" || :
        if [ "$written" = "$pid" ]; then
          read_time=$(stat --format=%.9Y -- "$pidfile" 2>/dev/null </dev/null)
          [ -n "$read_time" ] || problem='stat does not tell when sshd read its configuration last'
        else
          problem="when sshd read its configuration last cannot be told, for its PidFile $pidfile does not name it: restart it to be sure"
        fi ;;
    esac
    common=\${common}W$US$way$US$pidfile$US$read_time$US$ports$NL
    for line in $told; do values=\${values}V$US$number$US\${line%% *}$US\${line#* }$NL; done
    number=$((number + 1))
  done
  [ -n "$problem" ] || sshd_files "$config$NL" "$names"
  [ -z "$problem" ] || return 0
  login=\${SUDO_USER:-$(id -un </dev/null)}
  common=\${common}M$US$is_supposed$US$login$US$(id -Gn -- "$login" 2>/dev/null </dev/null)$NL
  times=$(stat --printf='F\\037%n\\037%.9Z\\037%.9Y\\037%F\\n' -- $files 2>/dev/null </dev/null && stat -L --printf='F\\037%n\\037%.9Z\\037%.9Y\\037%F\\n' -- $files $folders 2>/dev/null </dev/null && echo END)
  case $times in *"\${NL}END") ;; *) problem='stat does not tell when the configuration of sshd changed' ;; esac
  digest=$(sha256sum -- "$config" 2>/dev/null </dev/null)
  common=$common\${times%END}S$US$config\${US}f:$(stat --format=%a:%u:%g -- "$config" 2>/dev/null </dev/null):\${digest%% *}$NL
}
lines_of() {
  own=
  for line in $lines; do
    text=\${line#[LI]"$US"} text=\${text#*"$US"} text=\${text#*"$US"} name=\${text%%"$US"*}
    case $line in I*) own=$own$line$NL; continue ;; esac
    case " match include $1 " in *" $name "*) own=$own$line$NL ;; esac
  done
}`;

export const sshdScript = `${sshdFound}
n=$1 requests= names= problem=
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests=$requests$index$US$name$NL names="$names $name"
done
IFS=$NL
if ! program=$(command -v sshd); then
  for request in $requests; do answer "\${request%%"$US"*}" absent; done
  exit
fi
sshd_found
if [ -z "$problem" ]; then
  case $NL$lines in *"\${US}match$US"*) sshd_asked "$started" "-C\${GS}user=$login,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22" ;; esac
  [ -n "$failed" ] || picked "${access}"
  problem=$failed
  for line in $told; do common=\${common}A$US\${line%% *}$US\${line#* }$NL; done
fi
for request in $requests; do
  index=\${request%%"$US"*} names=\${request#*"$US"}
  if [ -n "$problem" ]; then cannot "$index" "$problem"; continue; fi
  lines_of "$names"
  for line in $values; do
    text=\${line#V"$US"} text=\${text#*"$US"} name=\${text%%"$US"*}
    case " $names " in *" $name "*) own=$own$line$NL ;; esac
  done
  answer "$index" "$common\${own}E"
done`;
