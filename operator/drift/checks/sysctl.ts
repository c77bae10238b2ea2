/** Sysctl: the live value of a kernel parameter, and the one that systemd-sysctl sets at the next boot. */
import { sha256 } from '../../lib/digest.ts';
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { visible } from './shown.ts';
import { pathOf, valueAtBoot, type Setting } from './sysctlSettings.ts';
import { manual } from './change.ts';

export interface SysctlObserved {
  /** Absent when the kernel has no such parameter. */
  readonly live?: string;
  /** Absent when nothing sets it. */
  readonly persisted?: string;
}

export const sysctl: CheckType<'sysctl', SysctlObserved> = {
  key: 'sysctl',
  request: ({ name }) => [pathOf(name)],
  // One grep for all live values: a shell that reads byte by byte gets only the first one of a parameter. Of files of the same
  // name in sysctl.d the first folder's wins; then they are read by name.
  script: `n=$1 requests= parameters= failed= NL='
'
while [ "$n" -gt 0 ] && IFS=$US read -r index key; do
  n=$((n - 1))
  case /$key/ in */../* | */./*) cannot "$index" "$key is no name of a parameter"; continue ;; esac
  requests=$requests$index$US$key$NL parameters=$parameters/proc/sys/$key$NL
done
folders='/etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d'
for folder in $folders; do
  [ ! -d "$folder" ] || { [ -r "$folder" ] && [ -x "$folder" ]; } || failed="$folder cannot be read"
done
files=$(find $folders -maxdepth 1 -name '*.conf' ! -type d -printf '%f/%p\\n' </dev/null 2>/dev/null | sort -s -u -t / -k 1,1)
IFS=$NL
set --
for file in $files; do
  file=\${file#*/}
  if [ -r "$file" ]; then set -- "$@" "$file"; elif [ -e "$file" ]; then failed="$file cannot be read"; fi
done
settings=$(awk '
  function trimmed(text) { gsub(/^[ \\t]+|[ \\t\\r]+$/, "", text); return text }
  { $0 = trimmed($0); sign = "=" }
  /^[#;]/ || $0 == "" { next }
  sub(/^-/, "") && !/=/ { sign = "-"; $0 = $0 "=" }
  !/=/ { next }
  {
    at = index($0, "="); key = trimmed(substr($0, 1, at - 1)); value = trimmed(substr($0, at + 1))
    if (match(key, /[.\\/]/) && substr(key, RSTART, 1) == ".") {
      gsub(/[.]/, "\\001", key); gsub(/\\//, ".", key); gsub(/\\001/, "/", key)
    }
    print key "\\037" sign "\\037" value
  }' "$@" </dev/null 2>/dev/null) || failed='the files of sysctl.d cannot be read'
values=$(grep -asH '' -- $parameters </dev/null)
for request in $requests; do
  index=\${request%%"$US"*} key=\${request#*"$US"} live= relevant=
  for line in $values; do
    case $line in "/proc/sys/$key:"*) live="$live \${line#"/proc/sys/$key:"}" ;; esac
  done
  for line in $settings; do
    case $line in "$key$US"* | *[*?[]*"$US"*"$US"*) relevant=$relevant$NL$line ;; esac
  done
  if [ -n "$failed" ]; then cannot "$index" "$failed"
  elif [ -n "$live" ]; then answer "$index" "=$live$relevant"
  elif [ -e "/proc/sys/$key" ]; then cannot "$index" "/proc/sys/$key cannot be read"
  else answer "$index" "absent$relevant"; fi
done
unset IFS`,
  parse(answer, { name }) {
    const [live = '', ...lines] = answer.split('\n');
    if (live !== 'absent' && !live.startsWith('=')) throw new Error('the host did not tell the live value');
    const settings = lines.map((line): Setting => {
      const [key, sign, value] = fieldsOf(line, 3);
      return { key, ...(sign === '=' && { value: words(value) }) };
    });
    const persisted = valueAtBoot(pathOf(name), settings);
    return { ...(live !== 'absent' && { live: words(live.slice(1)) }), ...(persisted !== undefined && { persisted }) };
  },
  compare({ name, value, scope }, { live, persisted }, conceal) {
    const show = isSecret(name) ? (text: string) => conceal(sha256(text)) : visible;
    const wanted = show(words(value));
    const lacking = 'the kernel of this host has no such parameter: load the module that has it, or remove the check';
    const liveDifference =
      live === undefined ? differs('live', wanted, 'absent', lacking) : differs('live', wanted, show(live));
    const persistedDifference = differs('persisted', wanted, persisted === undefined ? 'not set' : show(persisted));
    return known([
      scope === 'Persisted' ? undefined : liveDifference,
      scope === 'Live' ? undefined : persistedDifference,
    ]);
  },
  // The live value first: what the kernel refuses is not left for the next boot.
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

/** Parameters whose values are keys. */
function isSecret(name: string): boolean {
  return /[.](stable_secret|tcp_fastopen_key)$/.test(name);
}

function words(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}
