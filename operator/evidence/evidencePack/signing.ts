/** The key of an EvidencePack: read from the Secret that it names, of its own namespace only, or certified at each signature. */
import type { V1Secret } from '@kubernetes/client-node';
import type { Kind } from '../../api/kind.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Signing } from '../../connect/signing/openSigning.ts';
import { isSigningError } from '../failures.ts';
import type { Reader } from '../../runtime/feature.ts';
import { evidenceGrants } from '../grants.ts';
import type { PackSigning } from './kit.ts';

type Secret = Resource & Pick<V1Secret, 'data'>;

const secrets: Kind<Secret> = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
const [current, previous] = ['private.pem', 'previous.pem'];

export type FoundSigning =
  | { readonly is: 'found'; readonly signing: PackSigning }
  | {
      readonly is: 'missing';
      readonly reason: 'KeyMissing' | 'InvalidKey' | 'UnknownService';
      readonly message: string;
    };

/** Throws when the apiserver cannot be asked. */
export async function signingOf(
  { metadata: { namespace = '' }, spec }: EvidencePack,
  signing: Signing,
  read: Pick<Reader, 'tryFetch' | 'ungranted'>,
  signal: AbortSignal,
): Promise<FoundSigning> {
  const { keyRef, keyless } = spec.signing;
  if (keyless) {
    const signer = (ending: AbortSignal) => Promise.resolve(signing.keyless(keyless.service, ending));
    return found(() => {
      // That there is none of this name is noticed now.
      signing.keyless(keyless.service, signal);
      return { signer };
    });
  }
  const name = keyRef?.name ?? '';
  const place = { namespace, name };
  const secret = await read.tryFetch(secrets, place, signal);
  // Whether there is such a Secret is not said: the apiserver does not tell either.
  if (secret && 'is' in secret) {
    const commands = await read.ungranted(evidenceGrants.credentials, place, signal);
    const advice = commands ? `to allow it, run \`${commands}\`` : 'it will be tried again';
    return missing(`Holdfast may not read Secret ${name} in this namespace; ${advice}`);
  }
  const pem = decoded(secret?.data?.[current]);
  if (pem === undefined) {
    const make = `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${current} && kubectl -n ${namespace} create secret generic ${name} --from-file=${current}`;
    return missing(
      secret
        ? `Secret ${name} has no key \`${current}\`; add the private key under that name`
        : `Secret ${name} does not exist in this namespace; create it with \`${make}\``,
    );
  }
  const before = decoded(secret?.data?.[previous]);
  return found(() => {
    const key = signing.ownKey(pem);
    return {
      signer: () => Promise.resolve(key),
      publicKey: key.publicKey,
      ...(before !== undefined && { previous: signing.ownKey(before) }),
    };
  }, `in Secret ${name}: `);
}

/** In UTF-8; Secrets have base64. */
function decoded(data: string | undefined): string | undefined {
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
}

function missing(message: string): FoundSigning {
  return { is: 'missing', reason: 'KeyMissing', message };
}

function found(open: () => PackSigning, where = ''): FoundSigning {
  try {
    return { is: 'found', signing: open() };
  } catch (error) {
    if (!isSigningError(error)) throw error;
    const reason = error.reason === 'UnknownService' ? 'UnknownService' : 'InvalidKey';
    return { is: 'missing', reason, message: `${where}${error.message}` };
  }
}
