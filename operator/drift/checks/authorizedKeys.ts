/**
 * Authorized keys: the public keys that let somebody in as a user, in all files from which sshd reads them for that account, as sshd reads
 * them. A line that holds no key is another line, and a declared key with other options is not the declared one. Keys are shown by their
 * fingerprint. Other sources of keys are named, and `exclusive` does not pass beside them. Correction adds and takes out single lines.
 */
import type { AuthorizedKeysCheck } from '../../api/v1alpha1/accountChecks.ts';
import {
  bitsOfRsa,
  fingerprintOf,
  isSameKey,
  parseAuthorizedKey,
  type AuthorizedKey,
} from '../../lib/authorizedKey.ts';
import { sha256 } from '../../lib/digest.ts';
import { counted, listed } from '../../lib/text.ts';
import {
  isExpired,
  isSurplus,
  parseKeys,
  whyUnused,
  type AuthorizedKeysObserved,
  type KeyFile,
  type KeyLine,
  type KeysFound,
} from './authorizedKeysObserved.ts';
import { keysRemedy } from './authorizedKeysRemedy.ts';
import { authorizedKeysScript, keyOptions } from './authorizedKeysScript.ts';
import { exactly, type Claim } from './claim.ts';
import type { CheckType, Conceal, Difference } from './checkType.ts';
import { differs, known, notApplicable, unknown } from './comparison.ts';
import { occurrences } from './sshdConfig.ts';
import { staleness } from './sshdComparison.ts';
import { sshdLook } from './sshdScript.ts';
import { whyNot } from './shell.ts';

export const authorizedKeys: CheckType<'authorizedKeys', AuthorizedKeysObserved> = {
  key: 'authorizedKeys',
  request: ({ user }) => [user],
  shares: [{ look: sshdLook, words: () => keyOptions.split(' ') }],
  functions: [whyNot],
  script: authorizedKeysScript,
  parse: parseKeys,
  compare(declared, observed, conceal) {
    const { user, keys } = declared;
    const odd = keys.findIndex((key) => !parseAuthorizedKey(key));
    if (odd >= 0)
      return unknown(
        `keys[${odd}] is not a line that sshd accepts: write it as \`type base64\`, preceded by options of sshd(8) if needed`,
      );
    if (observed.is === 'no sshd') return notApplicable('sshd is not installed on this host');
    if (observed.is === 'absent') {
      const message = `create the account first, for example with a check \`user: {name: ${user}}\``;
      return known([keys.length ? differs('user', 'present', 'absent', message) : undefined]);
    }
    const unread = observed.files.map((one) => cannotBeRead(one)).find((why): why is string => why !== undefined);
    if (unread !== undefined) return unknown(unread);
    const differences = keyDifferences(declared, observed, conceal);
    const unclear = notLookedAt(declared, observed);
    return differences.length || unclear === undefined ? known(differences) : unknown(unclear);
  },
  remedy: keysRemedy,
  claims({ user, keys, exclusive }) {
    const parsed = keys.map(parseAuthorizedKey).filter((key) => key !== undefined);
    const claimed: Record<string, Claim> = {};
    for (const key of parsed) {
      const same = parsed.filter(({ base64 }) => base64 === key.base64).map(({ options }) => options);
      claimed[`options of key ${fingerprintOf(key)} of ${user}`] = same.sort().join('\n');
    }
    const all = parsed.map((key) => `${key.options} ${key.base64}`).sort();
    return { ...claimed, [`keys of ${user}`]: exclusive === false ? { is: 'words', has: all } : exactly(all) };
  },
};

const letters: Record<string, string> = { d: 'a directory', p: 'a named pipe', s: 'a socket', l: 'a symbolic link' };

function cannotBeRead({ path, isLinked, part }: KeyFile): string | undefined {
  if (isLinked && part !== 'absent')
    return `${path} is a symbolic link or is reached through one, and Holdfast does not follow links: put the file itself there`;
  if (isLinked)
    return `${path} is reached through a symbolic link, which Holdfast does not follow: put the directory itself there`;
  if (part !== 'absent' && part.letter !== 'f') return `${path} is ${letters[part.letter] ?? 'not a regular file'}`;
  return undefined;
}

function keyDifferences({ keys, exclusive }: AuthorizedKeysCheck, found: KeysFound, conceal: Conceal): Difference[] {
  const declared = keys.map(parseAuthorizedKey).filter((key) => key !== undefined);
  const lines = found.files.flatMap((file) => file.lines);
  const used = found.files.filter((file) => whyUnused(found, file) === undefined).flatMap((file) => file.lines);
  const hasKey = (all: readonly KeyLine[], key: AuthorizedKey) =>
    all.some((line) => line.key && isSameKey(line.key, key));
  const named = (key: AuthorizedKey) => nameOf(key, conceal);
  const missing = declared.filter((key) => !hasKey(lines, key));
  const unused = declared.some((key) => hasKey(lines, key) && !hasKey(used, key))
    ? found.files.map((file) => whyUnused(found, file)).find((why) => why !== undefined)
    : undefined;
  const surplus = lines.filter((line) => isSurplus(line, declared, exclusive !== false));
  const others = surplus.map(({ key, text }) =>
    key ? named(key) : `a line that is not a key: ${conceal(sha256(text))}`,
  );
  const expired = declared.find((key) => hasKey(used, key) && isExpired(key, found.sshd));
  const refused = expired
    ? `the expiry-time of ${fingerprintOf(expired)} has passed`
    : declared.length
      ? refusedBySshd(declared, found)
      : undefined;
  return [
    ...missing.map((key) => differs('keys', named(key), 'absent')),
    surplus.length
      ? differs(
          'keys',
          exclusive === false ? 'no other options' : 'no other key',
          `${counted(surplus.length, 'other line')}: ${listed(others)}`,
        )
      : undefined,
    unused === undefined ? undefined : differs('used', 'by sshd', `not used: ${unused}`),
    refused === undefined ? undefined : differs('used', 'by sshd', `not used: ${refused}`),
  ].filter((one) => one !== undefined);
}

/** What keeps keys from letting anybody in, wherever they stand. */
function refusedBySshd(declared: readonly AuthorizedKey[], { options }: KeysFound): string | undefined {
  if (options.get('pubkeyauthentication') === 'no') return 'PubkeyAuthentication is off';
  const accepted = (options.get('pubkeyacceptedalgorithms') ?? options.get('pubkeyacceptedkeytypes'))?.split(',');
  const algorithms = ({ type }: AuthorizedKey) =>
    type === 'ssh-rsa' ? ['ssh-rsa', 'rsa-sha2-256', 'rsa-sha2-512'] : [type];
  const odd = declared.find((key) => accepted && !algorithms(key).some((one) => accepted.includes(one)));
  if (odd) return `PubkeyAcceptedAlgorithms does not include ${odd.type}`;
  // RHEL 8 calls it RSAMinSize; a sshd that tells of neither has had this limit since 7.6.
  const least = Number(options.get('requiredrsasize') ?? options.get('rsaminsize') ?? 1024);
  const short = declared.map(bitsOfRsa).find((bits) => bits !== 0 && bits < least);
  return short === undefined ? undefined : `RequiredRSASize is ${least}, and a key has ${short} bits`;
}

/** Why a pass would say more than was looked at. */
function notLookedAt(
  { keys, exclusive }: AuthorizedKeysCheck,
  { options, sshd, account }: KeysFound,
): string | undefined {
  const [next, ...live] = sshd.ways;
  if (live.some((way) => way.arguments.join() !== next?.arguments.join()))
    return 'sshd runs with different arguments than its unit passes now: restart it';
  const stale = live.map((way) => staleness(sshd, way)).find((why) => why !== undefined);
  if (stale !== undefined) return `sshd may read keys from other files, because it runs ${stale}: reload it`;
  const soon = keys.map(parseAuthorizedKey).find((key) => key && isExpired(key, sshd) === undefined);
  if (soon)
    return `whether ${fingerprintOf(soon)} has expired depends on the time zone of the host: end its expiry-time in \`Z\``;
  const revoked = options.get('revokedkeys') ?? 'none';
  if (keys.length && revoked !== 'none')
    return `Holdfast does not check whether ${revoked} (RevokedKeys) revokes these keys`;
  const names = keyOptions.split(' ');
  const byAddress = occurrences(sshd, names).find(({ under }) => under !== undefined && dependsOnMore(under));
  if (byAddress) return `${byAddress.under} sets the location of keys for only some connections of ${account.name}`;
  if (exclusive === false) return undefined;
  for (const [option, name] of [
    ['authorizedkeyscommand', 'AuthorizedKeysCommand'],
    ['trustedusercakeys', 'TrustedUserCAKeys'],
  ] as const) {
    const value = options.get(option) ?? 'none';
    if (value !== 'none')
      return `${name} (${value}) may accept other keys, and Holdfast does not check it: set \`exclusive: false\` if that is intended`;
  }
  return undefined;
}

/** Whether a Match asks for more than the account, whose options were asked for. */
function dependsOnMore(under: string): boolean {
  return [...under.matchAll(/\(Match ([^)]*)\)/g)].some(([, criteria = '']) =>
    /(^|[\s])(host|address|localaddress|localport|rdomain)[\s=]/i.test(criteria),
  );
}

/** Options may hold secrets, such as variables, so they are shown as a digest. */
function nameOf(key: AuthorizedKey, conceal: Conceal): string {
  return `${fingerprintOf(key)}${key.options ? ` with options ${conceal(sha256(key.options))}` : ''}`;
}
