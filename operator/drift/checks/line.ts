/**
 * Line: whether a text file has a line, and, with `startsWith`, no other that starts like it. The file is read through symbolic
 * links, as its readers do. A line of the host leaves it only where everybody may read it; else its digest does.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import type { CheckType, Conceal } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { everybodyMayRead, whyNot } from './shell.ts';
import { visible } from './shown.ts';
import { manual } from './change.ts';

export type LineObserved =
  | { readonly is: 'absent' }
  | {
      readonly is: 'file';
      readonly hasLine: boolean;
      /** How many other lines start with `startsWith`. */
      readonly others: number;
      /** The first three of them, one a line; of a secret file the SHA-256 of that. Empty where nothing differs. */
      readonly text: string;
      readonly isPublic: boolean;
    };

export const line: CheckType<'line', LineObserved> = {
  key: 'line',
  request: (declared) => [
    declared.sensitive ? 'secret' : 'text',
    declared.state === 'Absent' ? 'no' : 'yes',
    declared.path,
    declared.startsWith ?? '',
    declared.line,
  ],
  // The shell reads the file itself: no process is started where nothing differs. Lines go in base64, for they may be no UTF-8.
  script: `${everybodyMayRead}${whyNot}
n=$1 NL='
'
while [ "$n" -gt 0 ] && IFS=$US read -r index show wanted path start line; do
  n=$((n - 1)) has=no others= count=0 public=no
  if [ ! -e "$path" ]; then
    why_not "$path"
    if [ -n "$why" ]; then cannot "$index" "$path cannot be looked at: $why"; else answer "$index" absent; fi
    continue
  fi
  if [ ! -f "$path" ]; then cannot "$index" "$path is not a regular file"; continue; fi
  if [ ! -r "$path" ]; then cannot "$index" "$path cannot be read: Permission denied"; continue; fi
  while IFS= read -r found || [ -n "$found" ]; do
    if [ "$found" = "$line" ]; then has=yes; continue; fi
    [ -n "$start" ] || continue
    case $found in "$start"*) ;; *) continue ;; esac
    count=$((count + 1))
    [ "$count" -gt 3 ] || others=$others\${others:+$NL}$(printf %.300s "$found")
  done <"$path"
  if [ "$has" != "$wanted" ] || [ "$count" -gt 0 ]; then
    mode=$(stat --dereference --format=%a -- "$path" </dev/null 2>/dev/null)
    if [ "$show" = text ] && everybody_may_read "$path" "$mode"; then
      public=yes others=$(printf %s "$others" | base64 -w 0)
    else
      others=$(printf %s "$others" | sha256sum) others=\${others%% *}
    fi
  fi
  answer "$index" "$has$US$count$US$public$US$others"
done`,
  parse(answer) {
    if (answer === 'absent') return { is: 'absent' };
    const [has, count, isPublic, others] = fieldsOf(answer, 4);
    if (!/^(yes|no)$/.test(has) || !/^[0-9]+$/.test(count))
      throw new Error('the host did not say whether it has the line');
    const isText = isPublic === 'yes';
    const text = isText ? Buffer.from(others, 'base64').toString('utf8') : others;
    return { is: 'file', hasLine: has === 'yes', others: Number(count), text, isPublic: isText };
  },
  compare(declared, observed, conceal) {
    const show = displayOf(declared, observed, conceal);
    const wantsLine = declared.state !== 'Absent';
    if (observed.is === 'absent')
      return known([wantsLine ? differs('line', show(declared.line), 'no such file') : undefined]);
    const others = declared.startsWith !== undefined && observed.others ? othersInWords(observed, conceal) : undefined;
    const other = (expected: string) => (others === undefined ? undefined : differs('line', expected, others));
    if (wantsLine && !observed.hasLine)
      return known([other(show(declared.line)) ?? differs('line', show(declared.line), 'absent')]);
    const surplus = !wantsLine && observed.hasLine ? differs('line', 'absent', show(declared.line)) : undefined;
    return known([surplus, other(`no other line that starts with ${show(declared.startsWith ?? '')}`)]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

type Shown = (text: string) => string;

function displayOf({ sensitive }: LineCheck, observed: LineObserved, conceal: Conceal): Shown {
  const isSecret = Boolean(sensitive) || (observed.is === 'file' && !observed.isPublic);
  return isSecret ? (text) => conceal(sha256(text)) : visible;
}

function othersInWords(observed: Extract<LineObserved, { is: 'file' }>, conceal: Conceal): string {
  const { others, text, isPublic } = observed;
  if (!isPublic) return others > 1 ? `${others} lines: ${conceal(text)}` : conceal(text);
  const lines = text.split('\n').map(visible).join(' | ');
  return others > 3 ? `${lines} and ${others - 3} more` : lines;
}
