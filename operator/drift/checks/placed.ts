/** What several types must know of the same files, looked at once for all of them before they read any: mode, owner and digest. */
import type { Look, Share } from './checkType.ts';
import { seenOf } from './shell.ts';

/**
 * The words are paths. It tells a line for each of them and each folder above, of what `seen_of` sets: `PATH US STATED US SEEN`, or `PATH US`
 * where nothing is; the last line is `E`. What is read later may be of a later state: then the digest that a correction goes by is not that of
 * the file any more, and nothing is changed.
 */
const placedLook: Look = {
  key: 'placed',
  functions: [seenOf],
  script: `
IFS=' '; set -- $1; IFS=$NL
paths=/$NL
for path; do
  while [ -n "$path" ]; do
    case $NL$paths in *"$NL$path$NL"*) break ;; esac
    paths=$paths$path$NL path=\${path%/*}
  done
done
seen_of $paths
IFS=$NL; set -- $looked
for path in $paths; do
  case \${1-} in "$path$US"*) printf '%s\\n' "$1"; shift ;; *) printf '%s\\037\\n' "$path" ;; esac
done
echo E`,
};

/** Files that a type asks `seen_of` about, as far as they are known beforehand. Others it is told of all the same. */
export function placedFor<Declared>(paths: (declared: Declared) => readonly string[]): Share<Declared> {
  return { look: placedLook, words: (declared) => paths(declared).filter((path) => /^(\/[!-.0-~]+)+$/.test(path)) };
}
