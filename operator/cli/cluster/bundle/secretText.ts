/**
 * What may be a secret in a text is replaced by `REDACTED`: by its form, such as a private key, or by the name that it is given, such as
 * `password: …`. One list for objects, events, reports and logs alike, so that nothing is clean in one file and not in the next. Pure.
 */

export const REDACTED = 'REDACTED';

/** The end of a name whose value is a secret: `DB_PASSWORD`, `apiKey`, `hashed_passwd`, but neither `secretName` nor `publicKey`. */
const secretWord =
  '(?:passw(?:or)?d|passphrase|passwort|secret|token|credentials?|api[-_.]?key|private[-_.]?key|access[-_.]?key|secret[-_.]?key|signing[-_.]?key|encryption[-_.]?key|client[-_.]?key(?:-data)?|authorization|cookie)';
const secretName = new RegExp(`${secretWord}s?$`, 'i');

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** A value: in quotes, which may be escaped within JSON; or up to a blank or a delimiter. */
const value = String.raw`(?:\\+"[^"\n]*"|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"',;&})\]]+)`;

const forms: readonly (readonly [pattern: RegExp, by: string])[] = [
  // It may be cut at its end, and its line ends may be escaped.
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)/g, REDACTED],
  [/PuTTY-User-Key-File[\s\S]*?(?:Private-MAC:.*|$)/g, REDACTED],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]+/g, REDACTED],
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>\\]+@/gi, `$1${REDACTED}@`],
  // Before the words below, so that the scheme does not count as the value.
  [
    /((?:proxy-)?authorization\\*["']?\s*[:=]\s*\\*["']?)(?:(?:bearer|basic|digest|token|negotiate)\s+)?[^\s"',;\\]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(bearer|basic)\s+[\w+/=.~-]{12,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, REDACTED],
  [/\b(?:sha256~|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk_live_|hv[sb]\.|dckr_pat_|npm_)[\w.-]{16,}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|argon2(?:i|d|id))\$[^\s:"'\\]{8,}/g, REDACTED],
  [new RegExp(String.raw`((?:^|[\s"'])--?[\w-]*${secretWord}(?:\s+|=))${value}`, 'gi'), `$1${REDACTED}`],
  [/((?:^|\s)(?:-u|--user|--proxy-user)(?:\s+|=))[^\s:]+:\S+/g, `$1${REDACTED}`],
  [/^(\s*machine\s+\S+\s+login\s+\S+\s+password\s+)\S+/gim, `$1${REDACTED}`],
  // `name = value`, `"name": "value"`, `name:value`; what already is redacted stays.
  [
    new RegExp(
      String.raw`(${secretWord}s?\\*["']?\s*(?::=|=>|[:=])[ \t]*)(?!REDACTED)(?![|>][-+0-9]*\s*$)${value}`,
      'gim',
    ),
    `$1${REDACTED}`,
  ],
];

export function withoutSecrets(text: string): string {
  const kept = withoutBlocks(text);
  return withoutKeyEnds(forms.reduce((left, [pattern, by]) => left.replace(pattern, by), kept));
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
