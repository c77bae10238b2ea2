/**
 * The one script that looks at a host: constant text, POSIX shell, only reading. What is asked stands on standard input.
 *
 * Input, fields separated by US: a line `TYPE US COUNT` and COUNT lines `INDEX US ARGUMENT…` for each type, then `END US NONCE`.
 * Output: `B US NONCE`, then a frame for each request, then `Z US NONCE US FRAMES`. A frame is the line
 * `A US INDEX US o US BYTES` (or `x` for what could not be read, its text being the reason), the text, and a line end.
 */
import { factsScript } from './facts.ts';

/** What a type gives to the script: its name, and the body of the function that answers its requests. */
export interface Scripted {
  readonly key: string;
  readonly script: string;
}

const prelude = String.raw`PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
export PATH LC_ALL
unset IFS CDPATH ENV BASH_ENV GREP_OPTIONS POSIXLY_CORRECT
umask 077
set -f
US=$(printf '\037')
frames=0
answer() { frames=$((frames + 1)); printf 'A\037%s\037o\037%s\n%s\n' "$1" "${'$'}{#2}" "$2"; }
cannot() { frames=$((frames + 1)); printf 'A\037%s\037x\037%s\n%s\n' "$1" "${'$'}{#2}" "$2"; }
`;

/** Composes the script for these types. */
export function scriptFor(types: readonly Scripted[]): string {
  const all = [{ key: 'facts', script: factsScript }, ...types];
  const functions = all.map(({ key, script }) => `probe_${key}() {\n${script}\n}\n`).join('');
  const cases = all.map(({ key }) => `    ${key}) probe_${key} "$count" ;;`).join('\n');
  return `${prelude}${functions}IFS=$US read -r word nonce
[ "$word" = BEGIN ] || exit 96
printf 'B\\037%s\\n' "$nonce"
while IFS=$US read -r word count; do
  case $word in
${cases}
    END) [ "$count" = "$nonce" ] || exit 96; printf 'Z\\037%s\\037%s\\n' "$nonce" "$frames"; exit 0 ;;
    *) exit 96 ;;
  esac
  unset IFS
  set -f
done
exit 96
`;
}
