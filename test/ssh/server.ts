/** A real sshd on loopback addresses, for tests: with keys, folder and port of its own. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AddressedTarget, SshTarget } from '../../operator/connect/ssh/types.ts';
import { freePort } from '../freePort.ts';

export interface KeyPair {
  readonly file: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

export interface TestServer {
  readonly folder: string;
  readonly port: number;
  readonly hostKey: KeyPair;
  readonly clientKey: KeyPair;
  /** The server as a target; `changes` say what is different. */
  target(changes?: Partial<SshTarget>): AddressedTarget;
  /** Ends the processes that serve connections, as when the host crashes. */
  dropConnections(): void;
  /** Starts again, with other lines in its configuration. */
  restart(configuration?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The second account, next to the one that runs the tests, and only usable when that is root: it has no shell. */
export const otherUser = 'nobody';

export async function startTestServer(configuration: readonly string[] = []): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-sshd-'));
  chmodSync(folder, 0o755);
  const clientKey = makeKey(folder, 'client');
  const hostKey = makeKey(folder, 'host');
  const port = await freePort();
  writeFileSync(join(folder, 'authorized_keys'), `${clientKey.publicKey}\n`);
  let sshd = await startSshd(folder, port, configuration);
  return {
    folder,
    port,
    hostKey,
    clientKey,
    target: (changes = {}) => ({
      id: 'default/local',
      host: '127.0.0.1',
      address: changes.host ?? '127.0.0.1',
      port,
      user: userInfo().username,
      become: 'none',
      hostKeys: [hostKey.publicKey],
      hostCertificateAuthorities: [],
      privateKey: clientKey.privateKey,
      ...changes,
    }),
    dropConnections: () => sshd.dropConnections(),
    async restart(other = []) {
      await sshd.stop();
      sshd = await startSshd(folder, port, other);
    },
    async stop() {
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function makeKey(folder: string, name: string, type = 'ed25519'): KeyPair {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
  return { file, privateKey: readFileSync(file, 'utf8'), publicKey: readFileSync(`${file}.pub`, 'utf8').trim() };
}

/** Signs `key` by `authority`, for the principals, in place `<key>-cert.pub`; `host` for a host certificate. Returns its text. */
export function certify(authority: KeyPair, key: KeyPair, principals: string, options: readonly string[] = []): string {
  execFileSync('ssh-keygen', [
    '-q',
    '-s',
    authority.file,
    '-I',
    'test',
    '-n',
    principals,
    ...options,
    `${key.file}.pub`,
  ]);
  return readFileSync(`${key.file}-cert.pub`, 'utf8');
}

/** Processes whose parent this is. */
export function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

const common = [
  'PidFile none',
  'UsePAM no',
  'StrictModes no',
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'PermitRootLogin yes',
  'MaxStartups 100',
  'PrintMotd no',
];

async function startSshd(folder: string, port: number, configuration: readonly string[]) {
  const file = join(folder, 'sshd_config');
  // sshd takes the first of several lines about one option.
  const own = [
    `Port ${port}`,
    'ListenAddress 0.0.0.0',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
  ];
  writeFileSync(file, `${[...configuration, ...own, ...common, ...penalties(folder)].join('\n')}\n`);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', file, '-E', join(folder, 'log')], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  await answers(port);
  const dropConnections = (): void => childrenOf(child.pid ?? 0).forEach(killed);
  const stop = async (): Promise<void> => {
    dropConnections();
    child.kill('SIGKILL');
    await exit;
  };
  return { dropConnections, stop };
}

/** Kills a process. One that ended since it was listed is what is wanted. */
function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Newer servers refuse addresses for a while from which logins failed. */
function penalties(folder: string): string[] {
  const line = 'PerSourcePenalties no';
  const file = join(folder, 'trial_config');
  writeFileSync(file, `${line}\nHostKey ${join(folder, 'host')}\n`);
  return spawnSync('/usr/sbin/sshd', ['-t', '-f', file]).status === 0 ? [line] : [];
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const answered = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
    await delay(25);
  }
  throw new Error(`sshd does not answer on port ${port}; see its log beside its configuration.`);
}
