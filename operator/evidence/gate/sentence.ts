/** What stops a pack, and what to do about it, in one sentence. Pure. */
import { shortened } from '../../lib/text.ts';
import type { Place, Verdict } from './gate.ts';

const personal = new Set(['email', 'iban', 'credit-card', 'us-ssn', 'phone']);

/** Undefined when it may be stored. */
export function stopSentence(
  verdicts: readonly { readonly file: string; readonly verdict: Verdict }[],
): string | undefined {
  const unread = verdicts.find(({ verdict }) => verdict.unread !== undefined);
  if (unread)
    return `${unread.file} was not searched for secrets in full, because ${unread.verdict.unread}; report this as a bug, with that sentence`;
  const [place] = verdicts.flatMap(({ verdict }) => verdict.places);
  if (!place) return undefined;
  const others = verdicts.reduce((sum, { verdict }) => sum + verdict.count, 0) - 1;
  const what = personal.has(place.rule) ? 'personal data' : 'a secret';
  const more = others > 0 ? `, and ${others} more` : '';
  return `${place.file} contains what appears to be ${what} at ${shortened(place.path, 200)} (rule \`${place.rule}\`)${more}; remove it where it comes from, or, if everyone who reads evidence may see it, add \`${allowance(place)}\` to \`spec.gate.allow\``;
}

/** For all entries of a list: what is in one of them will be in others. */
function allowance({ rule, path }: Place): string {
  return `{rule: ${rule}, path: "${shortened(path.replace(/\[\d+\]/g, '[*]'), 200)}"}`;
}
