/**
 * The one script that looks at a host: constant text, POSIX shell, only reading. What is asked stands on standard input.
 *
 * Input, fields separated by US (0x1f): `BEGIN US NONCE`; for each look a line `LOOK US WORD WORD…`; for each type a line `TYPE US COUNT`
 * and COUNT lines `INDEX US ARGUMENT…`; `END US NONCE`. Output: `B US NONCE`, then a frame for each request, then `Z US NONCE US TYPES`, the number of types that were
 * gone through. A frame is the line `A US INDEX US o US BYTES` (or `x` for what could not be read, its text being the reason), the
 * text, and a line end.
 *
 * Each type runs in a subshell: what it does to variables, to options of the shell or by ending it early stays its own affair. So does each
 * look, of which nothing is left but what it printed.
 */
import type { Look } from '../checks/checkType.ts';
import { factsScript } from './facts.ts';

/** What a type gives to the script: its name, and the body of the function that answers its requests. */
export interface Scripted {
  readonly key: string;
  readonly script: string;
  readonly functions?: readonly string[];
  readonly shares?: readonly { readonly look: Look }[];
}

/** Ends a script whose input is not as it should be. */
const inputBroken = 96;

// HOME is where rpm looks for macros, which can run commands: never in the folder of the account that logs in.
const prelude = `PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
HOME=/
export PATH LC_ALL HOME
unset IFS CDPATH ENV BASH_ENV TMOUT GREP_OPTIONS POSIXLY_CORRECT LD_PRELOAD LD_LIBRARY_PATH XDG_CONFIG_HOME
umask 077
set -f
eval "$(printf 'GS="\\035" RS="\\036" US="\\037"')"
NL='
'
types=0
frame() { printf 'A\\037%s\\037%s\\037%s\\n%s\\n' "$1" "$2" "\${#3}" "$3"; }
answer() { frame "$1" o "$2"; }
cannot() { frame "$1" x "$2"; }
`;

/** Composes the script for these types. */
export function scriptFor(types: readonly Scripted[]): string {
  const all: readonly Scripted[] = [{ key: 'facts', script: factsScript }, ...types];
  const looks = [...new Set(all.flatMap(({ shares = [] }) => shares.map(({ look }) => look)))];
  const shared = new Set([...looks, ...all].flatMap(({ functions = [] }) => functions));
  const functions = [
    ...shared,
    ...looks.map(({ key, script }) => `look_${key}() {\n${script}\n}`),
    ...all.map(({ key, script }) => `probe_${key}() {\n${script}\n}`),
  ].join('\n');
  const known = all.map(({ key }) => key).join(' | ');
  const found = looks.map(({ key }) => `    ${key}) ${key}=$(look_${key} "$count" </dev/null) ;;\n`).join('');
  // Requests that a type left unread when it ended early are passed over.
  return `${prelude}${functions}
IFS=$US read -r word nonce
[ "$word" = BEGIN ] || exit ${inputBroken}
printf 'B\\037%s\\n' "$nonce"
while IFS=$US read -r word count; do
  case $word in
${found}    ${known}) (probe_"$word" "$count"); types=$((types + 1)) ;;
    [0-9]*) ;;
    END) [ "$count" = "$nonce" ] || exit ${inputBroken}; printf 'Z\\037%s\\037%s\\n' "$nonce" "$types"; exit 0 ;;
    *) exit ${inputBroken} ;;
  esac
done
exit ${inputBroken}
`;
}
