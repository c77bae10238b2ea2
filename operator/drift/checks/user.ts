/** User: an account, its properties, and whether its password is locked. The host tells of the password only whether it is. */
import type { CheckType, Difference } from './checkType.ts';
import { differs, fieldsOf, known, unknown } from './comparison.ts';
import { visible } from './shown.ts';
import { manual } from './change.ts';

export type UserObserved =
  | { readonly is: 'absent' }
  | {
      readonly is: 'present';
      readonly uid: number;
      readonly home: string;
      readonly shell: string;
      /** All groups that it is in, when groups were asked. */
      readonly groups: readonly string[];
      /** Absent when it was not asked or nobody could tell. */
      readonly locked?: boolean;
    };

export const user: CheckType<'user', UserObserved> = {
  key: 'user',
  request: ({ name, groups, locked }) => [name, groups ? 'groups' : '-', locked === undefined ? '-' : 'locked'],
  // One getent for all accounts, one for all passwords when any is asked, one id for each whose groups are asked.
  script: `n=$1 requests= shadow= failed= NL='
'
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name groups locked; do
  n=$((n - 1)) requests="$requests $index$US$name$US$groups$US$locked"
  set -- "$@" "$name"
done
accounts=$(getent passwd "$@" 2>&1 </dev/null)
case $? in 0 | 2) ;; *) failed="getent failed: \${accounts##*"$NL"}" ;; esac
[ -r /etc/passwd ] || failed='/etc/passwd cannot be read'
case $requests in *"\${US}locked"*) [ ! -r /etc/shadow ] || shadow=$(getent shadow "$@" 2>/dev/null </dev/null) ;; esac
for request in $requests; do
  IFS=$US; set -- $request; unset IFS
  index=$1 name=$2 groups= locked=unknown account=$NL$accounts$NL password=$NL$shadow$NL
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  case $account in *"$NL$name:"*) ;; *) answer "$index" absent; continue ;; esac
  account=\${account#*"$NL$name:"} account=\${account%%"$NL"*}
  if [ "$3" = groups ] && ! groups=$(id -Gn -- "$name" 2>/dev/null </dev/null); then
    cannot "$index" "id cannot tell the groups of $name"
    continue
  fi
  case $password in *"$NL$name:"*)
    case \${password#*"$NL$name:"} in '!'* | '*'*) locked=yes ;; *) locked=no ;; esac
  esac
  IFS=:; set -- $account; unset IFS
  answer "$index" "$2$US$5$US\${6-}$US$groups$US$locked"
done`,
  parse(answer) {
    if (answer === 'absent') return { is: 'absent' };
    const [uid, home, shell, groups, locked] = fieldsOf(answer, 5);
    if (!/^[0-9]+$/.test(uid)) throw new Error('getent told no uid');
    const known = { is: 'present', uid: Number(uid), home, shell, groups: groups.split(' ').filter(Boolean) } as const;
    return locked === 'unknown' ? known : { ...known, locked: locked === 'yes' };
  },
  compare(declared, observed) {
    if (declared.state === 'Absent') return known([differs('state', 'absent', observed.is)]);
    if (observed.is === 'absent') return known([differs('state', 'present', 'absent')]);
    if (declared.locked !== undefined && observed.locked === undefined) {
      return unknown(
        `/etc/shadow does not tell whether ${declared.name} is locked: it cannot be read, or has no such entry`,
      );
    }
    const missing = (declared.groups ?? []).filter((group) => !observed.groups.includes(group));
    return known([
      differs('uid', declared.uid, observed.uid),
      differs('shell', declared.shell, visible(observed.shell)),
      differs('home', declared.home, visible(observed.home)),
      ...missing.map((group): Difference => ({ path: 'groups', expected: group, actual: 'not in it' })),
      differs('locked', yesOrNo(declared.locked), yesOrNo(observed.locked) ?? ''),
    ]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

function yesOrNo(is: boolean | undefined): string | undefined {
  return is === undefined ? undefined : is ? 'yes' : 'no';
}
