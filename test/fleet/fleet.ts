/**
 * Starts real hosts for tests, demo and benchmarks: each a systemd machine that looks like RHEL 9.4, with sshd, rpm,
 * dnf and an offline repository, on a network that only this machine reaches. Several fleets may run at once.
 * Nothing of a fleet outlives the process that started it, however that process ends.
 */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Container } from './container.ts';
import { Host } from './host.ts';
import { user, writeIdentity } from './identity.ts';
import { hostImage } from './image.ts';
import { requireMachineFor } from './machine.ts';
import { makeKeyPair } from './ssh.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

export type { Host } from './host.ts';

export interface FleetOptions {
  /** The names of the hosts, or how many: host-1, host-2, … */
  names: readonly string[] | number;
  /** Where the fleet makes a folder of its own; the system's folder for temporary files when absent. */
  folder?: string;
}

export interface Fleet {
  hosts: Host[];
  /** Logs in with `privateKey` and may use sudo without a password. Root logs in with the same key. */
  user: string;
  /** Path of the private key. */
  privateKey: string;
  /** Holds the keys, and a console log for each host. Gone after `stop`. */
  folder: string;
  /** The address of this machine in the network of the hosts. */
  gateway: string;
  /** Gives the network namespace of a process an address in the network of the hosts, the one with that last number. */
  attach(pid: number, last: number): Promise<string>;
  stop(): Promise<void>;
}

const firstAddress = 11;

/** Resolves when all hosts have booted and answer by SSH. Makes the host image first when this machine has none. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const names = typeof options.names === 'number' ? numbered(options.names) : options.names;
  await requireMachineFor(names.length);
  const image = await hostImage();
  const folder = path.join(
    path.resolve(options.folder ?? tmpdir()),
    `holdfast-fleet-${randomBytes(4).toString('hex')}`,
  );
  const sandbox = await openSandbox(folder);
  try {
    const privateKey = path.join(folder, 'key');
    const authorizedKey = await makeKeyPair(privateKey);
    const hosts = await Promise.all(
      names.map((name, index) => makeHost(name, index, { folder, image, sandbox, authorizedKey })),
    );
    await Promise.all(hosts.map((host) => host.start()));
    const { network } = sandbox;
    const attach = async (pid: number, last: number): Promise<string> => {
      const address = `${network}.${last}`;
      await sandbox.attach(pid, address);
      return address;
    };
    return {
      ...{ hosts, privateKey, folder, attach },
      user: user.name,
      gateway: `${network}.1`,
      stop: () => sandbox.close(),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `host-${index + 1}`);
}

interface Surroundings {
  folder: string;
  image: string;
  sandbox: Sandbox;
  authorizedKey: string;
}

/** A container is called by its number, not the host's name: the kernel bounds the length of an interface's name. */
async function makeHost(name: string, index: number, around: Surroundings): Promise<Host> {
  const { network } = around.sandbox;
  const folder = path.join(around.folder, `h${index + 1}`);
  const address = `${network}.${firstAddress + index}`;
  const identity = { name, address, gateway: `${network}.1`, authorizedKey: around.authorizedKey };
  const hostKey = await writeIdentity(path.join(folder, 'identity'), identity);
  return new Host({ name, address, hostKey }, new Container(folder, around.image, around.sandbox));
}
