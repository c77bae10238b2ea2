/**
 * Authorized keys: the public keys that may log in as a user, in the files that sshd reads them from. Keys are compared by type,
 * key and options, not by comment, and shown by fingerprint.
 */
import { sha256 } from '../../lib/digest.ts';
import { fingerprintOf, isSameKey, parseAuthorizedKey, type AuthorizedKey } from '../../lib/authorizedKey.ts';
import { counted, listed } from '../../lib/text.ts';
import type { CheckType, Conceal } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { whyNot } from './shell.ts';
import { manual } from './change.ts';

/** The lines that hold keys, of all files; absent when there is no such user. */
export interface AuthorizedKeysObserved {
  readonly lines?: readonly string[];
}

export const authorizedKeys: CheckType<'authorizedKeys', AuthorizedKeysObserved> = {
  key: 'authorizedKeys',
  request: ({ user }) => [user],
  // One sshd for where keys lie, one getent for all accounts, one head for each file, which may be no UTF-8.
  script: `${whyNot}
n=$1 requests= failed= NL='
'
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests="$requests $index$US$name"
  set -- "$@" "$name"
done
accounts=$(getent passwd "$@" 2>&1 </dev/null)
case $? in 0 | 2) ;; *) failed="getent failed: \${accounts##*"$NL"}" ;; esac
[ -r /etc/passwd ] || failed='/etc/passwd cannot be read'
files=.ssh/authorized_keys
if command -v sshd >/dev/null; then
  if effective=$(sshd -T 2>/dev/null </dev/null); then
    files=\${effective#*"$NL"authorizedkeysfile } files=\${files%%"$NL"*}
  else
    failed=$(sshd -T 2>&1 >/dev/null </dev/null) failed="sshd -T failed: \${failed##*"$NL"}"
  fi
fi
replaced() {
  while :; do
    case $file in *"$1"*) file=\${file%%"$1"*}$2\${file#*"$1"} ;; *) return ;; esac
  done
}
for request in $requests; do
  index=\${request%%"$US"*} name=\${request#*"$US"} account=$NL$accounts$NL keys= problem=
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  case $account in *"$NL$name:"*) ;; *) answer "$index" absent; continue ;; esac
  account=\${account#*"$NL$name:"} account=\${account%%"$NL"*} account=\${account%:*} home=\${account##*:}
  for file in $files; do
    replaced %h "$home"
    replaced %u "$name"
    case $file in none) continue ;; /*) ;; *) file=$home/$file ;; esac
    if [ ! -e "$file" ]; then
      why_not "$file"
      [ -z "$why" ] || problem="$file cannot be looked at: $why"
    elif [ ! -f "$file" ] || [ ! -r "$file" ]; then problem="$file cannot be read"
    else
      found=$(head -c 65536 -- "$file" 2>/dev/null </dev/null | base64 -w 0)
      [ "\${#found}" -lt 87384 ] || problem="$file is larger than 64 KiB"
      keys=$keys$NL$found
    fi
  done
  if [ -n "$problem" ]; then cannot "$index" "$problem"; else answer "$index" "present$keys"; fi
done`,
  parse(answer) {
    if (answer === 'absent') return {};
    const [first, ...files] = answer.split('\n');
    if (first !== 'present') throw new Error('the host told no keys');
    const lines = files.flatMap((base64) => Buffer.from(base64, 'base64').toString('utf8').split('\n'));
    return { lines: lines.filter((line) => parseAuthorizedKey(line)) };
  },
  compare({ user, keys, exclusive }, { lines }, conceal) {
    const wanted = keys.map(parseAuthorizedKey);
    const odd = wanted.indexOf(undefined);
    if (odd >= 0) return unknown(`keys[${odd}] is no line of authorized_keys: give it as \`type base64\``);
    if (!lines) {
      const message = `create the account first, as with a check \`user: {name: ${user}}\``;
      return known([keys.length ? differs('user', 'present', 'absent', message) : undefined]);
    }
    const found = lines.map(parseAuthorizedKey).filter((key) => key !== undefined);
    const declared = wanted.filter((key) => key !== undefined);
    const missing = declared.filter((key) => !found.some((one) => isSameKey(one, key)));
    const surplus = exclusive === false ? [] : found.filter((key) => !declared.some((one) => isSameKey(one, key)));
    const named = (key: AuthorizedKey) => nameOf(key, conceal);
    return known([
      ...missing.map((key) => differs('keys', named(key), 'absent')),
      surplus.length
        ? differs('keys', 'no other key', `${counted(surplus.length, 'other key')}: ${listed(surplus.map(named))}`)
        : undefined,
    ]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

/** Options may hold secrets, such as variables, so they are shown as a digest. */
function nameOf(key: AuthorizedKey, conceal: Conceal): string {
  return `${fingerprintOf(key)}${key.options ? ` with options ${conceal(sha256(key.options))}` : ''}`;
}
