/** Whether Holdfast could still log in after an option of sshd was changed: it never locks itself out. Pure. */
import type { Login } from './sshdConfig.ts';
import { fits, membersOf, nameOf, wordsOf } from './sshdWords.ts';

/** Options of which a wrong value keeps everybody or Holdfast out in a way that cannot be told beforehand. */
const leftToPeople: Record<string, string> = {
  addressfamily: 'a wrong value leaves sshd without an address to listen on',
  listenaddress: 'a wrong value leaves sshd without an address to listen on',
  port: 'Holdfast uses the port that is open now, and the firewall and SELinux must allow the new one',
  hostkey: 'Holdfast identifies the host by one of its keys',
  hostcertificate: 'Holdfast may identify the host by its certificate',
  revokedkeys: 'sshd accepts no keys at all if it cannot read that file',
  authorizedkeyscommand: 'it may be the source of the key of Holdfast',
  authorizedkeyscommanduser: 'that command may be the source of the key of Holdfast',
  usepam: 'an account with a locked password could no longer log in with its key',
  strictmodes: 'sshd might then refuse the key file of Holdfast',
};
/** Of a list of algorithms, those of which at least one must stay, or all where it is not known which one is in use. */
const neededAlgorithms: Record<string, { all?: RegExp; some?: RegExp }> = {
  ciphers: { some: /^(aes(128|192|256)-(ctr|gcm@openssh\.com)|chacha20-poly1305@openssh\.com)$/ },
  macs: { some: /^(hmac-sha2-(256|512)|umac-(64|128))/ },
  kexalgorithms: {
    some: /^(curve25519-|ecdh-sha2-|diffie-hellman-group(14-sha256|1[68]-|-exchange-sha256)|sntrup|mlkem)/,
  },
  hostkeyalgorithms: { all: /^(ssh-ed25519|ecdsa-sha2-nistp[0-9]+|rsa-sha2-(256|512))$/ },
  pubkeyacceptedalgorithms: { all: /^(ssh-ed25519|ecdsa-sha2-nistp[0-9]+|rsa-sha2-(256|512))$/ },
};
const leastNumbers: Record<string, number> = { maxauthtries: 2, maxsessions: 2, logingracetime: 10 };

/** Why Holdfast could not log in any more, or could not be sure of it; `undefined` when it can. */
export function lockOut(
  option: string,
  wanted: readonly string[],
  found: readonly string[],
  login: Login,
): string | undefined {
  const name = nameOf(option);
  const people = leftToPeople[name];
  if (people !== undefined) return people;
  const after = membersOf(wanted);
  const needed = neededAlgorithms[name];
  if (needed?.some && !after.some((one) => needed.some?.test(one))) return 'no SSH client of Holdfast could connect';
  const gone = needed?.all ? membersOf(found).find((one) => needed.all?.test(one) && !after.includes(one)) : undefined;
  if (gone !== undefined) return `${gone} would be removed, and Holdfast may use it to connect`;
  const least = leastNumbers[name];
  if (least !== undefined && Number(after[0]) < least && !(name === 'logingracetime' && after[0] === '0'))
    return 'the value is too low for Holdfast to log in';
  if (name === 'requiredrsasize' && Number(after[0]) > 2048) return 'the key of Holdfast may be smaller';
  if (
    name === 'subsystem' &&
    found.some((one) => one.startsWith('sftp ')) &&
    !wanted.some((one) => one.startsWith('sftp '))
  )
    return 'Ansible needs sftp to correct this host';
  if (name === 'authorizedkeysfile' && membersOf(found).some((one) => !after.includes(one)))
    return 'the key of Holdfast may be in a file that would no longer be read';
  return refusal({ ...login, options: new Map([...login.options, [name, wanted]]) });
}

/** Why sshd would refuse the account, as far as its options tell. */
export function refusal({ name, groups, options }: Login): string | undefined {
  const words = (option: string) => (options.get(option) ?? []).flatMap(wordsOf);
  const first = (option: string) => words(option)[0]?.toLowerCase() ?? '';
  const listed = (option: string, names: readonly string[], isAllowed: boolean) => {
    const patterns = words(option);
    return patterns.length > 0 && matches(patterns, names, isAllowed);
  };
  if (listed('denyusers', [name], false)) return `DenyUsers would refuse ${name}, which Holdfast logs in as`;
  if (listed('denygroups', groups, false)) return `DenyGroups would refuse ${name}, which Holdfast logs in as`;
  if (words('allowusers').length && !listed('allowusers', [name], true))
    return `AllowUsers would not allow ${name}, which Holdfast logs in as`;
  if (words('allowgroups').length && !listed('allowgroups', groups, true))
    return `AllowGroups would not allow ${name}, which Holdfast logs in as`;
  if (name === 'root' && ['no', 'forced-commands-only'].includes(first('permitrootlogin')))
    return 'PermitRootLogin would refuse root, which Holdfast logs in as';
  if (first('pubkeyauthentication') === 'no') return 'PubkeyAuthentication would refuse the key of Holdfast';
  const methods = words('authenticationmethods');
  if (methods.length && !methods.some((one) => ['any', 'publickey'].includes(one.toLowerCase())))
    return 'AuthenticationMethods would require more than a key from Holdfast';
  if (!['', 'none'].includes(first('forcecommand')))
    return 'ForceCommand would run instead of the commands of Holdfast';
  if (!['', 'none'].includes(first('chrootdirectory')))
    return 'ChrootDirectory would keep Holdfast out of the rest of the host';
  return undefined;
}

/** Whether patterns let names in, or keep them out: where it depends on the address, the worse is supposed. */
function matches(patterns: readonly string[], names: readonly string[], isAllowed: boolean): boolean {
  const hits = patterns.filter((pattern) => {
    const [user = '', host = '*'] = pattern.replace(/^!/, '').split('@');
    const mayDepend = host !== '*' && isAllowed && !pattern.startsWith('!');
    return !mayDepend && names.some((name) => fits(user, name));
  });
  return isAllowed
    ? hits.length > 0 && !hits.some((one) => one.startsWith('!'))
    : hits.some((one) => !one.startsWith('!'));
}
