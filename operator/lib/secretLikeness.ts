/** Whether a value that has the name of a secret is one, or a word, a reference, a digest or a stand-in for one. Pure. */

/** What manuals, templates and redactions write where a secret belongs. */
const standIn =
  /^(?:redacted|sensitive|\[.*\]|<.*>|\$\{.*|\$\(.*|\$[a-z_]\w*\}?|\{\{.*|\{[\w.-]*\}?|%[\w.-]+%|[*x.…_?-]*|(?:%2a)+|%[sdvq]|(?:your|my|some|the|change|replace|example|dummy|fake|todo|placeholder)[\w-]*)$/i;
/** What settings and messages have after such a name. */
const word =
  /^(?:yes|no|on|off|true|false|none|null|nil|undefined|unset|set|empty|missing|present|absent|required|requisite|sufficient|optional|include|valid|invalid|expired|revoked|unknown|default|enabled|disabled|prompt|ask|files?|systemd|sss|ldap|md5|sha1|sha256|sha512|yescrypt|blowfish|bcrypt|basic|bearer|digest|negotiate|pass(?:word|wd)?|secrets?|tokens?|keys?|authentication|access|denied|failed|rejected|not|is|was|has|in|of|for|and|or|to|must|may|cannot)$/i;
/** A digest, a UUID, a number, a time, a path, an address of the web, an object as kubectl takes it. */
const nothing =
  /^(?:(?:sha(?:1|224|256|384|512)|md5|hmac|keyed)[:-].*|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9.,:+tz-]+|[~.]?\/.*|[a-z][a-z0-9+.-]*:\/\/[^@]*|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[A-Z]\w+\/[a-z0-9.-]+)$/i;
/** As Kubernetes names objects. */
const name = /^[a-z]([-a-z0-9./]*[a-z0-9])?$/;

export function isStandIn(value: string): boolean {
  return standIn.test(unquoted(value));
}

/**
 * Whether what has the name, such as `db_password=`, is a secret. A password is whatever people chose; what is called a token, a secret or
 * a key is often the name of one.
 */
export function isNamedSecret(name: string, value: string): boolean {
  const text = unquoted(value);
  if (text.length < 4 || standIn.test(text) || word.test(text) || nothing.test(text)) return false;
  if (!/passw|passphrase/i.test(name)) return text.length >= 12 && isRandom(text);
  return /(?:[=>]|['\"]\s*:)\s*$/.test(name) || /[^a-z-]/.test(text);
}

/** Whether nobody would choose it as a name: digits or capitals within, and few characters twice. */
export function isRandom(text: string): boolean {
  if (standIn.test(text) || nothing.test(text)) return false;
  if (!/\d/.test(text) && !/[a-z][A-Z]|[A-Z][a-z]*[A-Z]/.test(text)) return false;
  return entropy(text) >= (name.test(text) ? 3.9 : 3);
}

/** Bits per character, by how often each is there. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function unquoted(value: string): string {
  return value.replace(/^[\\"']+|[\\"']+$/g, '');
}
