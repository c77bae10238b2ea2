/** What keeps a host from being seen, each made and ended, and what is then said of the Device. */
import type { Host } from '../fleet/fleet.ts';

export interface Trouble {
  /** What is wrong in the Device. */
  readonly ssh?: object;
  /** What is wrong on the host, and how that ends. */
  readonly begins?: (host: Host) => Promise<unknown>;
  readonly ends?: (host: Host) => Promise<unknown>;
  readonly reason: RegExp;
  readonly message: RegExp;
}

export const troubles: Readonly<Record<string, Trouble>> = {
  'a Secret that does not exist': {
    ssh: { credentialsRef: { name: 'nowhere' } },
    reason: /CredentialsMissing/,
    message: /Secret nowhere does not exist.*create it with `kubectl -n fleet create secret/,
  },
  "a pinned key that is not the host's": {
    ssh: { hostKeys: [`ssh-ed25519 ${'A'.repeat(23)}B${'A'.repeat(44)}`] },
    reason: /NotVerified/,
    message: /declared host key/,
  },
  'a user that the host does not know': {
    ssh: { user: 'nobody-there' },
    reason: /AuthenticationFailed/,
    message: /nobody-there/,
  },
  'a port on which nothing listens': { ssh: { port: 2222 }, reason: /NotVerified/, message: /2222/ },
  'a name that there is not': {
    ssh: { host: 'no-such-host.invalid' },
    reason: /NotVerified/,
    message: /no-such-host\.invalid/,
  },
  'a host key that has changed since it was pinned': {
    begins: async (host) => {
      await host.mustRun('cp -a /etc/ssh /root/ssh');
      await host.changeHostKey();
      // A connection that is open stays what it was; the next one sees the new key.
      await host.run('pkill -KILL -u holdfast');
    },
    ends: (host) => host.mustRun('cp -a /root/ssh/. /etc/ssh && systemctl restart sshd'),
    reason: /HostKeyChanged/,
    message: /hostKeys/,
  },
  'sudo that is denied': {
    begins: (host) => host.denySudo(),
    ends: (host) => host.allowSudo(),
    reason: /BecomeDenied/,
    message: /sudo/,
  },
  'a host that hangs': {
    begins: (host) => host.freeze(),
    ends: (host) => host.thaw(),
    reason: /TimedOut|ConnectionTimedOut/,
    message: /./,
  },
  'a host that is off': {
    begins: (host) => host.stop(),
    ends: (host) => host.start(),
    reason: /Connection|TimedOut/,
    message: /./,
  },
};

/** The name of the host that has it. */
export function hostWith(trouble: string): string {
  return `bad-0${Object.keys(troubles).indexOf(trouble) + 1}`;
}
