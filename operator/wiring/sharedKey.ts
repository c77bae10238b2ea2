/**
 * The key of digests and seals in a Secret, for replicas that take over from each other: each must show a secret as the same digest, and know the
 * seals of the others. The first one that finds none creates it, immutable; of two that create it at once, the apiserver takes one.
 */
import { randomBytes } from 'node:crypto';
import type { V1Secret } from '@kubernetes/client-node';
import { secretKind } from '../governance/secretOf.ts';
import { hasStatus } from '../runtime/apiError.ts';
import type { Client } from '../runtime/client.ts';
import type { Key } from '../runtime/feature.ts';

/** The key within the Secret. */
const entry = 'key';
const keyBytes = 32;

/** Reads the key in the Secret, and creates it when there is none. Throws a sentence when it may not, or when what is there is no key. */
export async function sharedKey(client: Pick<Client, 'get' | 'create'>, at: Key): Promise<Buffer> {
  try {
    const read = () => client.get<V1Secret>(secretKind, at);
    const secret = (await read()) ?? (await make(client, at)) ?? (await read());
    return keyOf(secret, at);
  } catch (error) {
    if (!hasStatus(error, 403)) throw error;
    throw new Error(
      `Secret ${at.namespace}/${at.name} of --digest-key-secret cannot be used: ${error.said}; grant get on it, and create on secrets in that namespace`,
      { cause: error },
    );
  }
}

/** `undefined` when another replica was faster. */
async function make(client: Pick<Client, 'create'>, { namespace, name }: Key): Promise<V1Secret | undefined> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name, labels: { 'app.kubernetes.io/name': 'holdfast' } },
    immutable: true,
    data: { [entry]: randomBytes(keyBytes).toString('base64') },
  };
  try {
    await client.create(secretKind, secret, { manager: 'holdfast' });
    return secret;
  } catch (error) {
    if (hasStatus(error, 409)) return undefined;
    throw error;
  }
}

function keyOf(secret: V1Secret | undefined, { namespace, name }: Key): Buffer {
  const key = Buffer.from(secret?.data?.[entry] ?? '', 'base64');
  if (key.length >= keyBytes) return key;
  throw new Error(
    `Secret ${namespace}/${name} has fewer than ${keyBytes} bytes in data.${entry}; delete it to have a key generated, or store a random key there`,
  );
}
