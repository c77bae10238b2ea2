/** Reads a Secret that an object of the same namespace names, or says what is missing and with which command it is made. */
import type { V1Secret } from '@kubernetes/client-node';
import type { Kind } from '../api/kind.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Reader } from '../runtime/feature.ts';
import { readingGrants, ungrantedWords } from './grants.ts';

type Secret = Resource & Pick<V1Secret, 'data'>;

export const secretKind: Kind<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

export interface NamedSecret {
  readonly namespace: string;
  readonly name: string;
  /** With which it is created, such as `--from-file=private.pem`. */
  readonly options: string;
  /** What is done before, such as to make a key. */
  readonly before?: string;
}

export type FoundSecret =
  | {
      readonly is: 'found';
      /** In UTF-8; undefined where the Secret has no such key. */
      readonly text: (key: string) => string | undefined;
    }
  | { readonly is: 'missing'; readonly message: string };

/** Throws when the apiserver cannot be asked. */
export async function secretOf(
  { namespace, name, options, before }: NamedSecret,
  read: Pick<Reader, 'tryFetch' | 'ungranted'>,
  signal: AbortSignal,
): Promise<FoundSecret> {
  const place = { namespace, name };
  const secret = await read.tryFetch(secretKind, place, signal);
  // Whether there is such a Secret is not said: the apiserver does not tell either.
  if (secret && 'is' in secret) {
    const commands = await read.ungranted(readingGrants.credentials, place, signal);
    return { is: 'missing', message: ungrantedWords(`read Secret ${name} in this namespace`, commands) };
  }
  if (!secret) {
    const create = `${before ? `${before} && ` : ''}kubectl -n ${namespace} create secret generic ${name} ${options}`;
    return {
      is: 'missing',
      message: `Secret ${name} does not exist in this namespace; create it with \`${create}\``,
    };
  }
  return {
    is: 'found',
    text(key) {
      const base64 = secret.data?.[key];
      return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
    },
  };
}
