/**
 * The options of the OpenSSH client for one target, and the files that they name. Every protection is stated, nothing is left to
 * a configuration file or to a default. Pure: no secret stands in an option.
 */
import { isIP } from 'node:net';
import type { AddressedTarget, SshTarget } from './types.ts';

/** Names of files in the folder in which the client runs. */
export interface ClientFiles {
  readonly knownHosts: string;
  readonly privateKey: string;
  readonly certificate?: string;
}

export interface ClientTimes {
  readonly connectTimeoutSeconds: number;
  readonly idleSeconds: number;
}

/** Stands in the file of pinned keys for the one host that the file is about. */
const pinnedName = 'device';

const fixed = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'GlobalKnownHostsFile=none',
  'UpdateHostKeys=no',
  'VerifyHostKeyDNS=no',
  'CheckHostIP=no',
  'NoHostAuthenticationForLocalhost=no',
  'PreferredAuthentications=publickey',
  'PubkeyAuthentication=yes',
  'PasswordAuthentication=no',
  'KbdInteractiveAuthentication=no',
  'HostbasedAuthentication=no',
  'GSSAPIAuthentication=no',
  'IdentitiesOnly=yes',
  'IdentityAgent=none',
  'AddKeysToAgent=no',
  'PKCS11Provider=none',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'Tunnel=no',
  'PermitLocalCommand=no',
  'ProxyCommand=none',
  'CanonicalizeHostname=no',
  // Without SHA-1, whatever the policy of the system says.
  'CASignatureAlgorithms=ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256',
  'EscapeChar=none',
  'RequestTTY=no',
  // Its first versions take a client a tenth of a second of CPU. Clients that know ML-KEM prefer that, which is as safe and quick.
  'KexAlgorithms=-sntrup761x25519-*',
  // A host that is gone without a word is noticed after 30 seconds; one that stalls has 15. A thousand idle connections cost by these.
  'ServerAliveInterval=15',
  'ServerAliveCountMax=1',
  // Below this level the client keeps to itself why no connection came about.
  'LogLevel=INFO',
];

const algorithmsOf: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'sk-ssh-ed25519@openssh.com': ['sk-ssh-ed25519@openssh.com'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

const certificateAlgorithms = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
];

/** Why no connection to this target may even be tried, as a sentence; `undefined` when one may. */
export function targetProblem(target: SshTarget): string | undefined {
  if (!/^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/.test(target.host)) {
    return 'spec.ssh.host is not a host name or IP address; fix it';
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/.test(target.user)) return 'spec.ssh.user is not the name of an account; fix it';
  if (!Number.isInteger(target.port) || target.port < 1 || target.port > 65535)
    return 'spec.ssh.port must be between 1 and 65535';
  const { hostKeys, hostCertificateAuthorities: authorities } = target;
  if (hostKeys.length > 0 === authorities.length > 0) {
    return 'set exactly one of spec.ssh.hostKeys and spec.ssh.hostCertificateAuthorities';
  }
  const field = hostKeys.length ? 'hostKeys' : 'hostCertificateAuthorities';
  const wrong = [...hostKeys, ...authorities].findIndex((key) => !publicKey(key));
  return wrong < 0
    ? undefined
    : `spec.ssh.${field}[${wrong}] is not a public key of the form 'ssh-ed25519 AAAA…'; fix it`;
}

/** Content of the known_hosts file of this target alone. */
export function knownHosts(target: SshTarget): string {
  const lines = [
    ...target.hostKeys.map((key) => `${pinnedName} ${publicKey(key)}`),
    ...target.hostCertificateAuthorities.map((key) => `@cert-authority * ${publicKey(key)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The arguments up to the command. With a `socket` the connection is taken from, or becomes, the master of that name. */
export function clientArguments(
  target: AddressedTarget,
  files: ClientFiles,
  times: ClientTimes,
  socket?: string,
): string[] {
  const options = [
    ...fixed,
    `UserKnownHostsFile=${files.knownHosts}`,
    `HostKeyAlias=${hostKeyAlias(target)}`,
    `HostKeyAlgorithms=${hostKeyAlgorithms(target).join(',')}`,
    `IdentityFile=${files.privateKey}`,
    ...(files.certificate ? [`CertificateFile=${files.certificate}`] : []),
    `ConnectTimeout=${times.connectTimeoutSeconds}`,
    ...(socket
      ? ['ControlMaster=auto', `ControlPath=${socket}`, `ControlPersist=${times.idleSeconds}`]
      : ['ControlMaster=no', 'ControlPath=none']),
  ];
  const { address, port, user } = target;
  // Were it a name, ssh would resolve it once more.
  if (isIP(address) === 0) throw new Error(`${address} is not an address`);
  const all = options.flatMap((option) => ['-o', option]);
  return ['-F', 'none', '-T', ...all, '-l', user, '-p', `${port}`, '--', address];
}

/** A host certificate must name the alias among its principals, so that an authority's other hosts cannot stand in for this one. */
function hostKeyAlias({ host, hostCertificateAuthorities }: SshTarget): string {
  return hostCertificateAuthorities.length ? host.toLowerCase() : pinnedName;
}

function hostKeyAlgorithms({ hostKeys, hostCertificateAuthorities }: SshTarget): readonly string[] {
  if (hostCertificateAuthorities.length) return certificateAlgorithms;
  return [...new Set(hostKeys.flatMap((key) => algorithmsOf[key.split(' ')[0] ?? ''] ?? []))];
}

/** Type and base64 of a public key, without its comment. */
function publicKey(key: string): string | undefined {
  const [type = '', base64 = ''] = key.trim().split(' ');
  return Object.hasOwn(algorithmsOf, type) && /^[A-Za-z0-9+/]+=*$/.test(base64) ? `${type} ${base64}` : undefined;
}
