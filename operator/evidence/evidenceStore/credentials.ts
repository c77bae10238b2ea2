/** The credentials of an EvidenceStore: read from the Secret that it names, of its own namespace only. */
import type { V1Secret } from '@kubernetes/client-node';
import type { Kind } from '../../api/kind.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { StoreCredentials } from '../../connect/objectStore/types.ts';
import type { Reader, Refused } from '../../runtime/feature.ts';
import { evidenceGrants } from '../grants.ts';

type Secret = Resource & Pick<V1Secret, 'data'>;

const secrets: Kind<Secret> = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };

/** Longer ones are none, and would end up in headers. */
const longest = 8192;

export type Credentials =
  | { readonly is: 'none' }
  | { readonly is: 'read'; readonly credentials: StoreCredentials }
  | { readonly is: 'missing'; readonly message: string };

/** Throws when the apiserver cannot be asked. */
export async function credentialsOf(
  { metadata, spec }: EvidenceStore,
  read: Pick<Reader, 'tryFetch' | 'ungranted'>,
  signal: AbortSignal,
): Promise<Credentials> {
  if (!spec.s3) return { is: 'none' };
  const { namespace = '' } = metadata;
  const { name } = spec.s3.credentialsRef;
  const place = { namespace, name };
  const secret = await read.tryFetch(secrets, place, signal);
  // Whether there is such a Secret is not said: the apiserver does not tell either.
  if (isRefused(secret)) {
    const commands = await read.ungranted(evidenceGrants.credentials, place, signal);
    const advice = commands ? `to allow it, run \`${commands}\`` : 'it will be retried';
    return { is: 'missing', message: `Holdfast may not read Secret ${name} in this namespace; ${advice}` };
  }
  const make = `kubectl -n ${namespace} create secret generic ${name} --from-file=accessKeyId=FILE --from-file=secretAccessKey=FILE`;
  if (!secret)
    return { is: 'missing', message: `Secret ${name} does not exist in this namespace; create it with \`${make}\`` };
  const fields = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;
  const [accessKeyId, secretAccessKey, sessionToken] = fields.map((field) => decoded(secret.data?.[field]));
  const [wrong] = fields.filter((field) => !isSound(decoded(secret.data?.[field]), field === 'sessionToken'));
  if (!accessKeyId || !secretAccessKey || wrong) {
    const message = `key \`${wrong ?? ''}\` of Secret ${name} is missing, or is not one line of printable characters; correct it`;
    return { is: 'missing', message };
  }
  return { is: 'read', credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
}

function isRefused(answer: Secret | Refused | undefined): answer is Refused {
  return answer !== undefined && 'is' in answer;
}

function isSound(text: string | undefined, mayBeMissing: boolean): boolean {
  return text === undefined ? mayBeMissing : text.length <= longest && /^[\x21-\x7e]+$/.test(text);
}

/** Editors end a file with a line break. */
function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined
    ? undefined
    : Buffer.from(base64, 'base64')
        .toString('utf8')
        .replace(/\r?\n$/, '');
}
