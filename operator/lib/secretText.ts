/**
 * What may be a secret in a text is replaced by `REDACTED`: by its form, such as a private key, or by the name that it is given, such as
 * `password: …`. One list for objects, events, reports and logs alike, so that nothing is clean in one file and not in the next. Pure.
 */

import { isSecretName, secretForms } from './secretForms.ts';

export const REDACTED = 'REDACTED';

export function withoutSecrets(text: string): string {
  const kept = withoutBlocks(text);
  return withoutKeyEnds(secretForms.reduce((left, { pattern }) => left.replace(pattern, replaced), kept));
}

/** Patterns without a group have its place in the text there. */
function replaced(_: string, before: string | number): string {
  return typeof before === 'string' ? before + REDACTED : REDACTED;
}

const keyEnd = /-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/g;
const ofKey = /[A-Za-z0-9+/=\s\\]/;

/** Of a key that is cut at its start, what is before its last line, as far as it may be of the key. */
function withoutKeyEnds(text: string): string {
  let left = '';
  let from = 0;
  for (const { index, 0: line } of text.matchAll(keyEnd)) {
    let start = index;
    while (start > from && ofKey.test(text[start - 1]!)) start--;
    left += text.slice(from, start) + REDACTED;
    from = index + line.length;
  }
  return left + text.slice(from);
}

const opensBlock = /^(\s*(?:- )*)["']?([\w.-]+)["']?\s*:\s*(?:[|>][-+0-9]*)?\s*(?:#.*)?$/;

/** In YAML, the lines below a secret name that are indented further are its value. */
function withoutBlocks(text: string): string {
  if (!text.includes('\n')) return text;
  let within: number | undefined;
  const lines = text.split('\n').flatMap((line) => {
    const indent = line.search(/\S/);
    if (within !== undefined && (indent < 0 || indent > within)) return [];
    within = undefined;
    const [, before = '', name = ''] = opensBlock.exec(line) ?? [];
    if (!name || !isSecretName(name)) return [line];
    within = before.length;
    return [`${line.slice(0, line.indexOf(':') + 1)} ${REDACTED}`];
  });
  return lines.join('\n');
}
