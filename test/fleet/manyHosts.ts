/**
 * Thousands of addresses behind one sshd of this machine, for measuring load: each 127.x.y.z is a host to its client.
 * Only the loopback interface reaches it, only its own new key opens it, and it ends with the process that started it,
 * however that ends. A command runs on this machine itself, so send only what reads.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeKeyPair, sshAnswers } from './ssh.ts';

export interface ManyHosts {
  /** As many as were asked for, from 127.1.0.1 on. */
  addresses: string[];
  port: number;
  /** The one key of all of them, as `ssh-ed25519 AAAA…`. */
  hostKey: string;
  /** The user that runs this process. */
  user: string;
  /** Path of the private key. */
  privateKey: string;
  stop(): Promise<void>;
}

/** Cat ends when the pipe from our process does. Connections are children of the server and do not end with it. */
const keeper = `
  folder=$1
  /usr/sbin/sshd -D -e -f "$folder/sshd_config" &
  sshd=$!
  cat
  kill "$sshd" $(cat "/proc/$sshd/task/$sshd/children") || true
  wait
  rm -rf "$folder"`;

/** Resolves when the server answers. */
export async function startManyHosts({ count }: { count: number }): Promise<ManyHosts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-many-'));
  const privateKey = path.join(folder, 'key');
  const authorizedKey = await makeKeyPair(privateKey);
  await writeFile(path.join(folder, 'authorized_keys'), `${authorizedKey}\n`);
  const hostKey = await makeKeyPair(path.join(folder, 'host_key'));
  const port = await freePort();
  await writeFile(path.join(folder, 'sshd_config'), configuration(folder, port));
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true }); // Debian's sshd insists on it.

  const child = spawn('sh', ['-uc', keeper, 'sh', folder], { detached: true, stdio: 'pipe' });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-1000)));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'close');
  };
  const addresses = Array.from({ length: count }, (_, index) => addressOf(index));
  for (let attempt = 0; !(await sshAnswers(addresses[0] ?? '127.0.0.1', port)); attempt++) {
    if (attempt === 100) {
      await stop();
      throw new Error(`sshd does not answer on port ${port}. It says: ${complaint.trim()}`);
    }
    await delay(50);
  }
  return { addresses, port, hostKey, user: userInfo().username, privateKey, stop };
}

/** 250 addresses in each 127.x.y.0/24, from 127.1.0.1 on. */
function addressOf(index: number): string {
  const network = Math.floor(index / 250);
  return `127.${1 + Math.floor(network / 256)}.${network % 256}.${1 + (index % 250)}`;
}

/**
 * On Linux an sshd's routing domain is the interface that its socket is bound to: `lo` keeps everyone else out.
 * StrictModes would refuse a key file below a folder for temporary files. The key exchange is RHEL 9's first choice.
 * A bash within another shell leaves the .bashrc of whoever runs this unread: a host has none that takes it a tenth of a second.
 */
function configuration(folder: string, port: number): string {
  return `ListenAddress 0.0.0.0:${port} rdomain lo
HostKey ${folder}/host_key
AuthorizedKeysFile ${folder}/authorized_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PidFile none
LogLevel ERROR
KexAlgorithms curve25519-sha256
MaxStartups 10000
MaxSessions 1000
SetEnv SHLVL=1
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
