import { createHash, createPrivateKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { hintOf } from '../../lib/dsse.ts';
import { ownKey } from './ownKey.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function pem(key: KeyObject, type: 'pkcs8' | 'sec1' | 'pkcs1' = 'pkcs8'): string {
  return key.export({ type, format: 'pem' } as { type: 'pkcs8'; format: 'pem' }).toString();
}

const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

test.each<[string, string]>([
  ['PKCS#8', pem(privateKey)],
  ['SEC1', pem(privateKey, 'sec1')],
  ['SEC1 after its parameters, as `openssl ecparam -genkey` writes it', parameters + pem(privateKey, 'sec1')],
  ['with line ends of Windows, and blanks around it', `\r\n${pem(privateKey).replaceAll('\n', '\r\n')}\n\n`],
])('%s signs, and its hint is that of cosign', async (_, text) => {
  const key = ownKey(Buffer.from(text));
  const { signature, key: material } = await key.sign(Buffer.from('data'));
  expect(verify('sha256', Buffer.from('data'), publicKey, signature)).toBe(true);
  const hint = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  expect(key.hint).toBe(hint);
  expect(hintOf(key.publicKey)).toBe(hint);
  expect(material).toEqual({ $case: 'publicKey', publicKey: key.publicKey, hint });
});

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
const traditional = { type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;

test.each<[string, string, string]>([
  ['nothing', ' \n', 'the key is empty; store a P-256 private key in PEM'],
  ['P-384', pem(ec('P-384')), 'the key is on the curve secp384r1; create one on P-256'],
  ['a curve of the same size', pem(ec('secp256k1')), 'the key is on the curve secp256k1; create one on P-256'],
  ['Ed25519', pem(generateKeyPairSync('ed25519').privateKey), 'the key is of type ed25519; create one on P-256'],
  ['RSA', pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), 'the key is of type rsa; create one'],
  [
    'RSA of PKCS#1',
    pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'pkcs1'),
    'the key is not an EC private key; create one with `openssl genpkey',
  ],
  ['encrypted', privateKey.export(encrypted).toString(), 'the key is encrypted; decrypt it with `openssl pkey`'],
  ['encrypted, SEC1', privateKey.export(traditional).toString(), 'the key is encrypted; decrypt it'],
  [
    'of cosign',
    '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAA==\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----',
    'the key is encrypted',
  ],
  [
    'public',
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'the key is the public part; store the private key',
  ],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----', 'the key is the public part'],
  ['followed by something', `${pem(privateKey)}garbage`, 'the key has something after the key; store one'],
  ['followed by another', pem(privateKey) + pem(privateKey), 'the key has something after the key'],
  ['preceded by something', `x${pem(privateKey)}`, 'the key is not PEM; store a private key'],
  ['cut', pem(privateKey).slice(0, 100), 'the key is not PEM'],
  ['cut in the middle', pem(privateKey).replace(/\n.{30}/, '\n'), 'the key cannot be read as a private key'],
  ['DER', privateKey.export({ type: 'pkcs8', format: 'der' }).toString('latin1'), 'the key is not PEM'],
  ['base64 of PEM, twice encoded by a Secret', Buffer.from(pem(privateKey)).toString('base64'), 'the key is not PEM'],
  ['far too long', 'x'.repeat(20_000), 'the key is longer than a key'],
])('%s is refused', (_, text, problem) => {
  expect(() => ownKey(text)).toThrow(problem);
});

test('what is refused is not quoted', () => {
  const bad = pem(privateKey).replace(/\n(.{30})/, '\n');
  try {
    ownKey(bad);
    expect(true).toBe(false);
  } catch (error) {
    const { message } = error as Error;
    for (const line of bad.split('\n').filter((one) => one.length > 20 && !one.startsWith('-')))
      expect(message).not.toContain(line);
    expect(message).not.toContain(String(createPrivateKey(pem(privateKey)).asymmetricKeyDetails?.namedCurve));
  }
});
