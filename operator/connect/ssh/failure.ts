/** Why there is no answer: from what OpenSSH's client says to a reason for programs and a sentence for people. Pure. */
import { scriptIncomplete } from './remoteCommand.ts';
import type { ClientEnd } from './shell.ts';
import type { Failed, SshFailure, SshRequest, SshTarget } from './types.ts';

interface Symptom {
  /** What the client says. The first symptom that matches explains it. */
  readonly says: RegExp;
  readonly reason: SshFailure;
  /** `detail` is the first group of `says`. */
  readonly sentence: (target: SshTarget, detail: string) => string;
}

const compareWithConsole = "compare with the host's console, then update";

const symptoms: readonly Symptom[] = [
  {
    says: /^No user exists for uid/m,
    reason: 'ClientUnusable',
    sentence: () =>
      "the operator's own account has no entry in /etc/passwd, which ssh requires; add one to its container",
  },
  {
    says: /^(?:command-line.*: )?(?:Bad configuration option|[Uu]nsupported option)(.*)/m,
    reason: 'ClientUnusable',
    sentence: (_, detail) =>
      `the operator's OpenSSH client does not support an option${detail}; install OpenSSH 8.7 or later`,
  },
  {
    says: /^ssh: connect to .*: Connection refused/m,
    reason: 'ConnectionRefused',
    sentence: (target) =>
      `${at(target)} refuses connections; check that sshd is running there and listens on this port`,
  },
  {
    says: /^ssh: connect to .*: (No route to host|Network is unreachable|Host is down)/m,
    reason: 'NoRoute',
    sentence: (target, detail) =>
      `there is no route to ${at(target)} (${detail}); check its address, and the network between the operator and the host`,
  },
  {
    says: /^Connection timed out during banner exchange/m,
    reason: 'ConnectionTimedOut',
    sentence: (target) =>
      `${at(target)} accepts connections but does not respond; check that sshd is running there and is not overloaded`,
  },
  {
    says: /^ssh: connect to .*: (?:Connection|Operation) timed out/m,
    reason: 'ConnectionTimedOut',
    sentence: (target) =>
      `${at(target)} does not respond; check that the host is up, and the firewalls and NetworkPolicies in between`,
  },
  {
    says: /^Certificate invalid: (.*)/m,
    reason: 'HostKeyChanged',
    sentence: ({ host }, detail) =>
      `the host certificate of ${host} is invalid (${detail}); issue a new one that has ${host} as a principal`,
  },
  {
    says: /no matching host key type found/,
    reason: 'HostKeyChanged',
    sentence: (target) =>
      byAuthority(target)
        ? `${target.host} presents no host certificate; set HostCertificate in its sshd_config, or pin its keys in spec.ssh.hostKeys`
        : `${target.host} has no host key of the pinned types (${pinnedTypes(target)}); ${compareWithConsole} spec.ssh.hostKeys`,
  },
  {
    says: /^Host key verification failed/m,
    reason: 'HostKeyChanged',
    sentence: (target) =>
      byAuthority(target)
        ? `the host certificate of ${target.host} is not signed by an authority in spec.ssh.hostCertificateAuthorities; ${compareWithConsole} them`
        : `the host key of ${target.host} has changed: expected ${keys(target)}; ${compareWithConsole} spec.ssh.hostKeys`,
  },
  {
    says: /^Load (key|certificate) "[^"]*":/m,
    reason: 'CredentialsUnusable',
    sentence: (_, detail) =>
      detail === 'key'
        ? 'ssh-privatekey of the Secret in spec.ssh.credentialsRef cannot be used; store a private key in OpenSSH or PEM format'
        : 'ssh-certificate of the Secret in spec.ssh.credentialsRef cannot be read; store the certificate of ssh-privatekey',
  },
  {
    says: /: Permission denied \(|Too many authentication failures/,
    reason: 'AuthenticationFailed',
    sentence: ({ host, user, certificate }) =>
      `${host} does not accept this key for ${user}; check spec.ssh.user, the Secret in spec.ssh.credentialsRef and ` +
      (certificate ? 'that its certificate is still valid' : `authorized_keys of ${user} on the host`),
  },
  {
    says: /no matching (\w[\w ]*) found/,
    reason: 'Failed',
    sentence: ({ host }, detail) =>
      `${host} and the operator have no ${detail} in common; compare their crypto policies`,
  },
  {
    says: /banner line|remote protocol version|identification string|Protocol m(?:ismatch|ajor versions differ)|Bad packet length/,
    reason: 'Failed',
    sentence: (target) => `${at(target)} is not an SSH server; fix spec.ssh.host or spec.ssh.port`,
  },
  {
    says: /Connection (?:closed|reset)|closed by remote|not responding|Broken pipe|[Dd]isconnect|read from master failed/,
    reason: 'ConnectionLost',
    sentence: (target) =>
      `${at(target)} closed the connection; check that sshd listens there, its MaxStartups, and whether it restarts`,
  },
  {
    says: /^$/,
    reason: 'ConnectionLost',
    sentence: ({ host }) =>
      `the connection to ${host} was lost, or the script was killed there; check its journal for messages of sshd and for lack of memory`,
  },
];

/** The failure that the end of a client means; `undefined` when it ended with an answer of the host. */
export function failureOf(end: ClientEnd, target: SshTarget, request: SshRequest): Failed | undefined {
  switch (end.cut) {
    case 'start':
      return failed(
        'ClientUnusable',
        `ssh cannot be started (${end.errors}); install the OpenSSH client and /bin/sh where the operator runs`,
      );
    case 'folder':
      return failed(
        'ClientUnusable',
        `the operator cannot write to its state directory (${end.errors}); free space there`,
      );
    case 'time':
      return failed(
        'TimedOut',
        `${target.host} did not respond in full within ${request.timeoutSeconds} s; check the host for a process that hangs`,
      );
    case 'size':
      return failed(
        'OutputTooLarge',
        `${target.host} responded with more than ${request.maxBytes} bytes; check what its login shell prints`,
      );
    case 'memory':
      return failed(
        'OutputTooLarge',
        `${target.host} sent more than there was memory for, beside the other hosts of its namespace; check what its login shell prints`,
      );
    case undefined:
  }
  if (end.exitCode === null)
    return failed('ConnectionLost', `the connection to ${target.host} was closed by the operator; it will be retried`);
  if (end.exitCode === 255) return clientFailure(end.errors, target);
  const become = target.become === 'sudo' ? sudoFailure(end, target) : undefined;
  if (become || end.exitCode !== scriptIncomplete) return become;
  const missing = /\b(head|sh): (?:command )?not found/.exec(end.errors);
  return missing
    ? failed('Failed', `${target.host} has no ${missing[1]}; install coreutils there`)
    : failed('ConnectionLost', `the script did not reach ${target.host} in full; it will be retried`);
}

function clientFailure(errors: string, target: SshTarget): Failed {
  for (const { says, reason, sentence } of symptoms) {
    const match = says.exec(errors.trim());
    if (match) return failed(reason, sentence(target, match[1] ?? '') + fingerprintIn(errors));
  }
  return failed('Failed', `ssh to ${target.host} failed: ${errors.trim().split('\n').at(-1)}`);
}

/** What sudo complains of other than a rule that is missing, and what mends it. */
const complaints: readonly { readonly says: RegExp; readonly advice: (target: SshTarget) => string }[] = [
  {
    says: /must have a tty/i,
    advice: ({ user }) => `it requires a terminal: add 'Defaults:${user} !requiretty' to a file in /etc/sudoers.d`,
  },
  {
    says: /effective uid is not 0|must be owned by uid 0|nosuid/i,
    advice: () => 'sudo itself must be owned by root, be setuid, and be on a file system without nosuid',
  },
  {
    says: /syntax error|parse error|no valid sudoers/i,
    advice: () => "its rules cannot be read: run 'visudo -c' to see where",
  },
  {
    says: /account validation|\bPAM\b|expired/i,
    advice: ({ user }) => `the account is not valid: check 'chage -l ${user}' and 'faillock --user ${user}'`,
  },
];

function sudoFailure({ exitCode, errors }: ClientEnd, target: SshTarget): Failed | undefined {
  const { host, user } = target;
  if (exitCode === 127 && /sudo/.test(errors)) {
    return failed(
      'BecomeDenied',
      `${host} has no sudo; install it there, or set spec.ssh.become to none and log in as root`,
    );
  }
  // The shell that sudo starts runs, and whatever that starts is refused.
  if ((exitCode === scriptIncomplete || exitCode === 126) && /Permission denied|cannot execute/i.test(errors)) {
    const rule = `'${user} ALL=(root) NOPASSWD: EXEC: ALL' in /etc/sudoers.d`;
    return failed(
      'BecomeDenied',
      `sudo on ${host} starts a shell that may not run commands (noexec); allow it with ${rule}`,
    );
  }
  if (exitCode !== 1) return undefined;
  const lines = errors.split('\n').filter((line) => !/^sudo: unable to resolve host/.test(line));
  const said = /^sudo: (.*)$|^(.*is not in the sudoers file.*|.*may not run sudo.*|.*is not allowed to .*)$/im.exec(
    lines.join('\n'),
  );
  if (!said) return undefined;
  const advice =
    complaints.find(({ says }) => lines.some((line) => says.test(line)))?.advice(target) ??
    `allow it with '${user} ALL=(root) NOPASSWD: ALL' in /etc/sudoers.d, or set spec.ssh.become to none`;
  return failed('BecomeDenied', `sudo on ${host} refuses ${user} (${said[1] ?? said[2]}); ${advice}`);
}

/** One sentence on one line: a host chooses part of its words. */
export function failed(reason: SshFailure, message: string): Failed {
  const line = message.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return { is: 'failed', reason, message: line.length > 500 ? `${line.slice(0, 499)}…` : line };
}

function fingerprintIn(errors: string): string {
  const [fingerprint] = /SHA256:[A-Za-z0-9+/]{43}/.exec(errors) ?? [];
  return fingerprint ? ` (it presents ${fingerprint})` : '';
}

function at({ host, port }: SshTarget): string {
  return `${host} port ${port}`;
}

function byAuthority({ hostCertificateAuthorities }: SshTarget): boolean {
  return hostCertificateAuthorities.length > 0;
}

function keys({ hostKeys }: SshTarget): string {
  return hostKeys.length === 1 ? 'the pinned key' : `one of the ${hostKeys.length} pinned keys`;
}

function pinnedTypes({ hostKeys }: SshTarget): string {
  return [...new Set(hostKeys.map((key) => key.split(' ')[0]))].join(', ');
}
