/** The private key of a Secret, as people put it there. Pure. */

const magic = 'openssh-key-v1\0';
/** A key, and nothing of what stands before and behind it. */
const armored = /-----BEGIN ([A-Z ]* KEY)-----(.*?)-----END \1-----/s;

/**
 * The key as the client takes it: it refuses one without an end of line, with the line ends of Windows, with indented lines, or on one line, as
 * folded YAML (`>-`), variables of pipelines and `\n` in quotes leave it.
 */
export function privateKeyText(privateKey: string): string {
  const text = privateKey
    .replaceAll(/\r|\\r/g, '')
    .replaceAll('\\n', '\n')
    .trim();
  const [, kind = '', body = ''] = armored.exec(text) ?? [];
  if (!kind) return `${text}\n`;
  const lines = body.trim().split('\n');
  const wrapped = lines.length > 1 ? lines : (body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? []);
  return [`-----BEGIN ${kind}-----`, ...wrapped.map((line) => line.trim()), `-----END ${kind}-----`, ''].join('\n');
}

/** The certificate of a key, likewise: one line. */
export function certificateText(certificate: string): string {
  return `${certificate.trim()}\n`;
}

/** Whether the key is under a passphrase. The client cannot ask for it, and would only say that the host refused the account. */
export function isLocked(privateKey: string): boolean {
  const text = privateKeyText(privateKey);
  if (/^Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY/m.test(text)) return true;
  const [, base64 = ''] = /-BEGIN OPENSSH PRIVATE KEY-+([^-]*)-/.exec(text) ?? [];
  const cipherAt = magic.length + 4;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < cipherAt || bytes.toString('latin1', 0, magic.length) !== magic) return false;
  const length = bytes.readUInt32BE(magic.length);
  return bytes.toString('latin1', cipherAt, cipherAt + length) !== 'none';
}
