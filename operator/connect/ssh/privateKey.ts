/** The private key of a Secret, as people put it there. Pure. */

const magic = 'openssh-key-v1\0';

/** The key as the client takes it: it refuses one without an end of line, or with the line ends of Windows. */
export function privateKeyText(privateKey: string): string {
  return `${privateKey.replaceAll('\r\n', '\n').trim()}\n`;
}

/** Whether the key is under a passphrase. The client cannot ask for it, and would only say that the host refused the account. */
export function isLocked(privateKey: string): boolean {
  if (/^Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY/m.test(privateKey)) return true;
  const [, base64 = ''] = /-BEGIN OPENSSH PRIVATE KEY-+([^-]*)-/.exec(privateKey) ?? [];
  const cipherAt = magic.length + 4;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < cipherAt || bytes.toString('latin1', 0, magic.length) !== magic) return false;
  const length = bytes.readUInt32BE(magic.length);
  return bytes.toString('latin1', cipherAt, cipherAt + length) !== 'none';
}
