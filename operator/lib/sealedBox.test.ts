import { describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { openSealed, recipientIn, sealFor } from './sealedBox.ts';

const kinds = {
  x25519: () => generateKeyPairSync('x25519'),
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const pem = (key: ReturnType<typeof kinds.p256>['publicKey']): string =>
  key.export({ type: 'spki', format: 'pem' }) as string;
const text = 'https://s3.example.com/a?X-Amz-Signature=ä';

describe.each(Object.entries(kinds))('for a key of %s', (_, pair) => {
  const { privateKey, publicKey } = pair();
  const sealed = sealFor(pem(publicKey), text, 'context');

  test('its holder reads what was written', () => {
    expect(openSealed(privateKey, sealed, 'context')).toBe(text);
  });

  test('the same text is another one each time', () => {
    expect(sealFor(pem(publicKey), text, 'context').ciphertext).not.toBe(sealed.ciphertext);
  });

  test.each([
    ['another key', () => openSealed(pair().privateKey, sealed, 'context')],
    ['another context', () => openSealed(privateKey, sealed, 'another')],
    [
      'a changed byte',
      () => openSealed(privateKey, { ...sealed, ciphertext: flipped(sealed.ciphertext, 0) }, 'context'),
    ],
    [
      'a changed tag',
      () => openSealed(privateKey, { ...sealed, ciphertext: flipped(sealed.ciphertext, -1) }, 'context'),
    ],
    [
      'a part of it',
      () => openSealed(privateKey, { ...sealed, ciphertext: sealed.ciphertext.slice(0, 20) }, 'context'),
    ],
    ['nothing', () => openSealed(privateKey, { ...sealed, ciphertext: '' }, 'context')],
    [
      'the key of another sender',
      () => openSealed(privateKey, { ...sealed, ephemeralKey: der(pair().publicKey) }, 'context'),
    ],
    [
      'a key of another kind',
      () =>
        openSealed(privateKey, { ...sealed, ephemeralKey: der(generateKeyPairSync('ed25519').publicKey) }, 'context'),
    ],
    ['no key', () => openSealed(privateKey, { ...sealed, ephemeralKey: 'AAAA' }, 'context')],
  ])('%s opens nothing', (__, open) => {
    expect(open).toThrow();
  });
});

function der(key: ReturnType<typeof kinds.p256>['publicKey']): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

function flipped(base64: string, at: number): string {
  const bytes = Buffer.from(base64, 'base64');
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = bytes[place]! ^ 1;
  return bytes.toString('base64');
}

/** A point of small order makes the same secret with each private key: everyone could read what is written to it. */
const smallOrder = `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), Buffer.alloc(32)]).toString('base64')}\n-----END PUBLIC KEY-----\n`;

test('a key to which everyone could read is refused', () => {
  expect(() => sealFor(smallOrder, text, 'context')).toThrow();
});

test.each([
  ['no PEM', 'ssh-ed25519 AAAA', /not a public key in PEM/],
  [
    'a private key',
    generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    /not a public key/,
  ],
  ['no key within', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /cannot be read/],
  ['Ed25519', pem(generateKeyPairSync('ed25519').publicKey), /X25519 or P-256/],
  ['P-384', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), /X25519 or P-256/],
  ['RSA', pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey), /X25519 or P-256/],
])('%s is no key of a recipient', (_, given, message) => {
  expect(recipientIn(given)).toMatch(message);
});

test('a key of a recipient is read', () => {
  const { publicKey } = kinds.x25519();
  expect(createPublicKey(pem(publicKey)).equals(recipientIn(pem(publicKey)) as typeof publicKey)).toBe(true);
});
