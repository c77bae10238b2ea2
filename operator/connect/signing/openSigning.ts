/** Opens what signs and witnesses, by the names of the operator's configuration. */
import { keylessSigner } from './keyless.ts';
import { ownKey, type OwnKey } from './ownKey.ts';
import { rekorWitness } from './rekor.ts';
import type { Service, ServiceKind } from './services.ts';
import { timestampWitness } from './timestamp.ts';
import { SigningError, type EvidenceSigner, type EvidenceWitness } from './types.ts';

export interface Signing {
  /** A key of our own, from the PEM of a Secret. Throws a `SigningError`. */
  ownKey(pem: string | Uint8Array): OwnKey;
  /** For one statement. Throws `UnknownService`. */
  keyless(service: string, signal: AbortSignal): EvidenceSigner;
  /** By the names of timestamp authorities and logs. Throws `UnknownService`. */
  witness(service: string, signal: AbortSignal): EvidenceWitness;
}

export function openSigning(services: readonly Service[]): Signing {
  const found = (name: string, kinds: readonly ServiceKind[]): Service => {
    const service = services.find((one) => one.name === name && kinds.includes(one.kind));
    if (service) return service;
    // Which others there are is not listed: it may say more than whoever names one is to know.
    const noun = kinds.includes('fulcio') ? 'certificate authority' : 'timestamp authority or transparency log';
    const advice = 'correct the name, or ask whoever installs the operator to configure it with `--signing-services`';
    throw new SigningError('UnknownService', `there is no ${noun} ${name}; ${advice}`);
  };
  return {
    ownKey,
    keyless: (name, signal) => keylessSigner(found(name, ['fulcio']), signal),
    witness(name, signal) {
      const service = found(name, ['timestampAuthority', 'rekor']);
      return service.kind === 'rekor' ? rekorWitness(service, signal) : timestampWitness(service, signal);
    },
  };
}
