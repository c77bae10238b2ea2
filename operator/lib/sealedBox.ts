/**
 * Encrypts a text so that only the holder of a private key can read it: a key pair for this text alone, ECDH with the key of the recipient (X25519 or P-256),
 * HKDF-SHA-256 over both public keys, AES-256-GCM. The context is not encrypted, and what is opened under another one is refused..
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

export interface SealedText {
  /** SubjectPublicKeyInfo in base64. */
  readonly ephemeralKey: string;
  /** In base64, with the tag at its end. */
  readonly ciphertext: string;
}

const tagBytes = 16;
/** Each key encrypts one text, so its nonce needs not be another one. */
const nonce = Buffer.alloc(12);

/** A public key in PEM of one of these curves; a fragment that says what is wrong with it. */
export function recipientIn(pem: string): KeyObject | string {
  let key: KeyObject;
  try {
    // Of a private key, Node would make the public one.
    if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return 'it is not a public key in PEM';
    key = createPublicKey(pem);
  } catch {
    return 'it cannot be read as a public key in PEM';
  }
  return isKnown(key) ? key : 'it must be a key of X25519 or P-256';
}

function isKnown({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return (
    asymmetricKeyType === 'x25519' || (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1')
  );
}

/** Throws when it is no key of a recipient. */
export function sealFor(pem: string, text: string, context: string): SealedText {
  const recipient = recipientIn(pem);
  if (typeof recipient === 'string') throw new Error(`The text cannot be encrypted: ${recipient}.`);
  const { privateKey, publicKey } =
    recipient.asymmetricKeyType === 'x25519'
      ? generateKeyPairSync('x25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = keyFor(diffieHellman({ privateKey, publicKey: recipient }), publicKey, recipient);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { ephemeralKey: spki(publicKey).toString('base64'), ciphertext: body.toString('base64') };
}

/** Throws when it is not for that key, not under that context, or was changed. */
export function openSealed(privateKey: KeyObject, { ephemeralKey, ciphertext }: SealedText, context: string): string {
  const sender = createPublicKey({ key: Buffer.from(ephemeralKey, 'base64'), format: 'der', type: 'spki' });
  const own = createPublicKey(privateKey);
  if (!isKnown(sender) || sender.asymmetricKeyType !== own.asymmetricKeyType)
    throw new Error('The key of the sender is of another kind.');
  const key = keyFor(diffieHellman({ privateKey, publicKey: sender }), sender, own);
  const body = Buffer.from(ciphertext, 'base64');
  const end = body.length - tagBytes;
  if (end < 0) throw new Error('The text is too short.');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(body.subarray(end));
  return Buffer.concat([decipher.update(body.subarray(0, end)), decipher.final()]).toString('utf8');
}

function keyFor(secret: Buffer, sender: KeyObject, recipient: KeyObject): Buffer {
  const both = Buffer.concat([spki(sender), spki(recipient)]);
  return Buffer.from(hkdfSync('sha256', secret, both, 'holdfast.dev/sealed-box/v1', 32));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}
