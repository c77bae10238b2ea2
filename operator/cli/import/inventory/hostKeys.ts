/** Which host keys a Device gets: those that are known, or that were scanned and confirmed; a key that differs from a known one never. Pure. */
import type { Accepted } from './accepted.ts';
import { fingerprint, isSame, usableKeys, type KnownKeys, type PublicKey } from './knownHosts.ts';

/** What a scan found; why it found nothing, as a fragment. */
export type Scanned = { readonly keys: readonly PublicKey[] } | { readonly why: string };

export type KeyDecision =
  | { readonly is: 'known'; readonly keys: readonly PublicKey[]; readonly note?: string }
  | { readonly is: 'authority'; readonly keys: readonly PublicKey[] }
  /** A person has to compare them. */
  | { readonly is: 'unconfirmed'; readonly keys: readonly PublicKey[] }
  | { readonly is: 'refused'; readonly why: string; readonly isLoud: boolean };

export interface Addressed {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export function decideKeys(
  at: Addressed,
  known: KnownKeys,
  scanned: Scanned | undefined,
  accepted: Accepted,
): KeyDecision {
  const keys = scanned && 'keys' in scanned ? usableKeys(scanned.keys) : [];
  const revoked = keys.find((key) => known.revoked.some((one) => isSame(one, key)));
  if (revoked)
    return loud(`it has a key that known_hosts revokes (${fingerprint(revoked)}); find out who has that key`);
  if (known.keys.length > 0) return decideKnown(known.keys, keys, scanned);
  if (known.authorities.length > 0) return { is: 'authority', keys: known.authorities };
  if (!scanned)
    return refused(
      known.revoked.length > 0
        ? 'all its keys in known_hosts are revoked'
        : 'its host key is not known; add it to known_hosts, or use --scan-host-keys',
    );
  if ('why' in scanned) return refused(`its host key was not scanned: ${scanned.why}`);
  if (keys.length === 0)
    return refused('it has no host key of a type that a Device takes; give it one of type ed25519');
  return decideAccepted(at, keys, accepted);
}

/** A key that is known stays so, unless the host now has another. */
function decideKnown(
  known: readonly PublicKey[],
  keys: readonly PublicKey[],
  scanned: Scanned | undefined,
): KeyDecision {
  if (!scanned) return { is: 'known', keys: known };
  if ('why' in scanned)
    return { is: 'known', keys: known, note: `its keys are those of known_hosts; not compared: ${scanned.why}` };
  const changed = keys.find(
    (key) => known.some(({ type }) => type === key.type) && !known.some((one) => isSame(one, key)),
  );
  const isThere = keys.some((key) => known.some((one) => isSame(one, key)));
  const other = changed ?? (isThere ? undefined : keys[0]);
  if (isThere && !changed) return { is: 'known', keys: known };
  const seen = other ? `${other.type} ${fingerprint(other)}` : 'none that a Device takes';
  return loud(
    `its host key is another than the one in known_hosts (now ${seen}); compare it with the host's console, and only then remove the old one with \`ssh-keygen -R\``,
  );
}

function decideAccepted({ name, host, port }: Addressed, keys: readonly PublicKey[], accepted: Accepted): KeyDecision {
  const names = [name, `[${host}]:${port}`, ...(port === 22 ? [host] : [])].map((one) => one.toLowerCase());
  const prints = names.map((one) => accepted.get(one)).find((one) => one !== undefined);
  if (!prints) return { is: 'unconfirmed', keys };
  const confirmed = keys.filter((key) => prints.has(fingerprint(key)));
  return confirmed.length > 0
    ? { is: 'known', keys: confirmed }
    : loud(`none of its host keys is accepted by --accept-host-keys (now ${keys.map(fingerprint).join(', ')})`);
}

function refused(why: string): KeyDecision {
  return { is: 'refused', why, isLoud: false };
}

function loud(why: string): KeyDecision {
  return { is: 'refused', why, isLoud: true };
}
