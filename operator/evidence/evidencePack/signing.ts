/** The key of an EvidencePack: read from the Secret that it names, of its own namespace only, or certified at each signature. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { Signing } from '../../connect/signing/openSigning.ts';
import { secretOf } from '../../governance/secretOf.ts';
import type { Reader } from '../../runtime/feature.ts';
import { isSigningError } from '../failures.ts';
import type { PackSigning } from './kit.ts';

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
  const before = `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${current}`;
  const secret = await secretOf({ namespace, name, options: `--from-file=${current}`, before }, read, signal);
  if (secret.is === 'missing') return missing(secret.message);
  const pem = secret.text(current);
  if (pem === undefined)
    return missing(`Secret ${name} has no key \`${current}\`; add the private key under that name`);
  const earlier = secret.text(previous);
  return found(() => {
    const key = signing.ownKey(pem);
    return {
      signer: () => Promise.resolve(key),
      publicKey: key.publicKey,
      ...(earlier !== undefined && { previous: signing.ownKey(earlier) }),
    };
  }, `in Secret ${name}: `);
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
