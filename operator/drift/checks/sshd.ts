/**
 * Sshd: the value of an option as `sshd -T` says it is in effect for everybody, before any Match. Options that stand on several
 * lines are taken together. Correction writes the option at the top of sshd_config, where it wins over all that follows, its
 * includes among them; the file is put in place only when `sshd -t` accepts it, so a bad value locks nobody out.
 */
import type { CheckType } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { visible } from './shown.ts';
import { manual } from './change.ts';

/** The values of the option, one for each of its lines; `undefined` when sshd says nothing of it. */
export type SshdObserved = { readonly values: readonly string[] | undefined };

/** Names that releases of OpenSSH have for the same option: they print one and accept both. */
const sameOptions = [
  ['kbdinteractiveauthentication', 'challengeresponseauthentication'],
  ['pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes'],
  ['hostbasedacceptedalgorithms', 'hostbasedacceptedkeytypes'],
];
/** What sshd prints for values that it takes as the same. */
const sameWords: Record<string, string> = { 'prohibit-password': 'without-password', delayed: 'yes' };
const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const timeOptions = ['logingracetime', 'clientaliveinterval', 'rekeylimit'];
/** They change what the lines after them mean. */
const structural = ['match', 'include'];

export const sshd: CheckType<'sshd', SshdObserved> = {
  key: 'sshd',
  request({ option }) {
    const [name = '', other = name] = namesOf(option);
    return [name, other];
  },
  script: `n=$1 failed= NL='
'
if ! command -v sshd >/dev/null; then
  failed='sshd is not installed'
elif ! effective=$(sshd -T </dev/null 2>/dev/null); then
  failed=$(sshd -T 2>&1 >/dev/null </dev/null) failed="sshd -T failed: \${failed##*"$NL"}"
fi
while [ "$n" -gt 0 ] && IFS=$US read -r index name other; do
  n=$((n - 1)) values=
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  IFS=$NL
  for line in $effective; do
    case $line in "$name "* | "$other "*) values=$values$NL\${line#* } ;; esac
  done
  unset IFS
  answer "$index" "$values"
done`,
  parse: (answer) => ({ values: answer ? answer.slice(1).split('\n') : undefined }),
  compare({ option, value }, { values }) {
    if (/^[-+^]/.test(value)) {
      return unknown('declare the whole list: sshd -T does not tell what `+`, `-` or `^` made of its default');
    }
    const why = isStructural(option)
      ? 'Match and Include are no options: write them into sshd_config by hand'
      : undefined;
    if (!values) return known([differs('value', value, 'not set', why)]);
    const isSame = canonical(option, value) === canonical(option, values.join(' '));
    return known([isSame ? undefined : differs('value', value, visible(values.join(' ')))]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

/** All names of the option, in lower case. */
function namesOf(option: string): readonly string[] {
  const name = option.toLowerCase();
  return sameOptions.find((same) => same.includes(name)) ?? [name];
}

function isStructural(option: string): boolean {
  return structural.includes(option.toLowerCase());
}

function canonical(option: string, value: string): string {
  const isTime = timeOptions.includes(option.toLowerCase());
  const words = value.toLowerCase().trim().split(/\s+/);
  return words.map((word) => (isTime ? seconds(word) : (sameWords[word] ?? word))).join(' ');
}

/** `1h30m` in seconds; any other word as it is. */
function seconds(word: string): string {
  if (!/^([0-9]+[smhdw])+$/.test(word)) return word;
  const parts = word.match(/[0-9]+[smhdw]/g) ?? [];
  return `${parts.reduce((sum, part) => sum + Number.parseInt(part, 10) * (unitSeconds[part.slice(-1)] ?? 0), 0)}`;
}
