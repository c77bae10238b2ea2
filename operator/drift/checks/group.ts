/** Group: whether a group of accounts is there, and its number. */
import type { CheckType } from './checkType.ts';
import { differs, known } from './comparison.ts';
import { manual } from './change.ts';

/** The number of the group, when it is there. */
export interface GroupObserved {
  readonly gid?: number;
}

export const group: CheckType<'group', GroupObserved> = {
  key: 'group',
  request: ({ name }) => [name],
  script: `n=$1 requests= failed= NL='
'
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests="$requests $index$US$name"
  set -- "$@" "$name"
done
groups=$(getent group "$@" 2>&1 </dev/null)
case $? in 0 | 2) ;; *) failed="getent failed: \${groups##*"$NL"}" ;; esac
[ -r /etc/group ] || failed='/etc/group cannot be read'
for request in $requests; do
  index=\${request%%"$US"*} name=\${request#*"$US"} group=$NL$groups$NL
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  case $group in *"$NL$name:"*) ;; *) answer "$index" absent; continue ;; esac
  group=\${group#*"$NL$name:"} group=\${group#*:}
  answer "$index" "\${group%%:*}"
done`,
  parse(answer) {
    if (answer === 'absent') return {};
    if (!/^[0-9]+$/.test(answer)) throw new Error('getent told no gid');
    return { gid: Number(answer) };
  },
  compare(declared, { gid }) {
    const state = gid === undefined ? 'absent' : 'present';
    if (declared.state === 'Absent') return known([differs('state', 'absent', state)]);
    return known([gid === undefined ? differs('state', 'present', state) : differs('gid', declared.gid, gid)]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};
