/** Whether a bundle is signed by whom it must be: before anything is read of what it says. */
import { hintOf } from '../../lib/dsse.ts';
import { whyNotSigned } from '../statement/keyLife.ts';
import type { PackPredicate } from '../statement/types.ts';
import type { ReadBundle } from './bundle.ts';
import type { KeyRing } from './keyRing.ts';
import { isSignedBy, keyOfCertificate } from './signature.ts';
import { Refusal, shown, type Findings } from './verdict.ts';
import { nameIn, verifyIdentity, type Identity, type Roots } from './witnesses.ts';

export interface Trust {
  readonly ring: KeyRing;
  /** What was given has the lists of keys, so those that packs name must be there. */
  readonly hasLists: boolean;
  readonly identity?: Identity;
  readonly roots?: Roots;
}

/** `Refused` was said; `Unknown` is no pass. */
export type Signed = 'Signed' | 'Refused' | 'Unknown';

export function signedBy(bundle: ReadBundle, where: string, trust: Trust, findings: Findings): Signed {
  return findings.trying('Signatures', where, () => believed(bundle, where, trust, findings)) ?? 'Refused';
}

/** Throws a `Refusal` where it is signed by another one, or the signature is not valid. */
function believed(bundle: ReadBundle, where: string, { ring, identity, roots }: Trust, findings: Findings): Signed {
  const { hint = '', certificate } = bundle;
  if (certificate) {
    if (identity && roots) {
      verifyIdentity(bundle, identity, roots);
      return 'Signed';
    }
    const advice = 'give --identity, --issuer and --trusted-root';
    const message = `it was signed without a key, as ${shown(nameIn(certificate))}; ${advice}`;
    findings.unverifiable('Signatures', where, message);
    return 'Unknown';
  }
  const key = ring.keys.get(hint);
  if (key) {
    if (isSignedBy(key.key, bundle)) return 'Signed';
    throw new Refusal('its signature is not valid: it, or what was signed, was changed');
  }
  if (ring.keys.size > 0) throw new Refusal(`it was signed with key ${hint}, which is none of those that are believed`);
  // Why no key is believed was said, unless none was given.
  if (!ring.isRefused)
    findings.unverifiable('Signatures', where, `it was signed with key ${hint}; give its file with --key`);
  return 'Unknown';
}

/** The statement names the key that signed it, which was valid when it says that it was signed. */
export function checkKey(
  bundle: ReadBundle,
  {
    where,
    predicate: { key: named, time },
  }: { readonly where: string; readonly predicate: Pick<PackPredicate, 'key' | 'time'> },
  { ring, hasLists }: Trust,
  findings: Findings,
): void {
  const hint = bundle.certificate ? hintOf(keyOfCertificate(bundle.certificate)) : bundle.hint;
  if (named.hint !== hint)
    findings.refuse('Signatures', where, `its statement names key ${named.hint}, but it was signed with key ${hint}`);
  const isMissing = named.manifest !== undefined && named.manifest > ring.manifest;
  if (isMissing && ring.keys.size > 0 && (hasLists || ring.manifest > 0))
    findings.refuse(
      'Keys',
      where,
      `it names list of keys ${named.manifest}, which is missing: that may revoke its key`,
    );
  const life = ring.keys.get(bundle.hint ?? '')?.life;
  const why = life && whyNotSigned(life, new Date(time));
  if (why !== undefined) findings.refuse('Keys', where, `it was signed at ${time}, but ${why}`);
}
