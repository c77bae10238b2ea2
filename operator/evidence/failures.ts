/** What stores and signers fail with, known by its reason: this domain has their types alone. Pure. */
import type { StoreError, StoreReason } from '../connect/objectStore/types.ts';
import type { SigningError, SigningReason } from '../connect/signing/types.ts';

const storeReasons: Readonly<Record<StoreReason, true>> = {
  Exists: true,
  Denied: true,
  NotFound: true,
  Full: true,
  Unavailable: true,
  Slow: true,
  LockRefused: true,
  Altered: true,
  Invalid: true,
};
const signingReasons: Readonly<Record<SigningReason, true>> = {
  InvalidKey: true,
  InvalidToken: true,
  UnknownService: true,
  Unavailable: true,
  Slow: true,
  Refused: true,
  Malformed: true,
};

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.constructor.name === 'StoreError' && reasonIn(error, storeReasons);
}

/** Undefined of everything else. */
export function storeReason(error: unknown): StoreReason | undefined {
  return isStoreError(error) ? error.reason : undefined;
}

export function isSigningError(error: unknown): error is SigningError {
  return error instanceof Error && error.constructor.name === 'SigningError' && reasonIn(error, signingReasons);
}

function reasonIn(error: Error, reasons: object): boolean {
  const { reason } = error as Error & { reason?: unknown };
  return typeof reason === 'string' && Object.hasOwn(reasons, reason);
}
