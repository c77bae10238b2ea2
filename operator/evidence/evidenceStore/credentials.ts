/** The credentials of an EvidenceStore: read from the Secret that it names, of its own namespace only. */
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import type { StoreCredentials } from '../../connect/objectStore/types.ts';
import { secretOf } from '../../governance/secretOf.ts';
import type { Reader } from '../../runtime/feature.ts';

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
  const options = '--from-file=accessKeyId=FILE --from-file=secretAccessKey=FILE';
  const secret = await secretOf({ namespace, name, options }, read, signal);
  if (secret.is === 'missing') return secret;
  const fields = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;
  // Editors end a file with a line break.
  const values = fields.map((field) => secret.text(field)?.replace(/\r?\n$/, ''));
  const [accessKeyId, secretAccessKey, sessionToken] = values;
  const [wrong] = fields.filter((field, at) => !isSound(values[at], field === 'sessionToken'));
  if (!accessKeyId || !secretAccessKey || wrong) {
    const message = `key \`${wrong ?? ''}\` of Secret ${name} is missing, or is not one line of printable characters; correct it`;
    return { is: 'missing', message };
  }
  return { is: 'read', credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
}

function isSound(text: string | undefined, mayBeMissing: boolean): boolean {
  return text === undefined ? mayBeMissing : text.length <= longest && /^[\x21-\x7e]+$/.test(text);
}
