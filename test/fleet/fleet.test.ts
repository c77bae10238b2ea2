/** The fleet keeps its word: its hosts behave as RHEL hosts do where tests rely on it, and nothing is left of it. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandResult, mustRun, runCommand } from './command.ts';
import { type Fleet, type Host, startFleet } from './fleet.ts';
import { startManyHosts } from './manyHosts.ts';

jest.setTimeout(60_000);

let fleet: Fleet;
let host: Host;
let other: Host;

beforeAll(async () => {
  fleet = await startFleet({ names: ['web-1', 'a-host-with-quite-a-long-name-for-an-interface'] });
  [host, other] = fleet.hosts as [Host, Host];
}, 600_000);
afterAll(() => fleet.stop());

interface Login {
  key?: string;
  user?: string;
  hostKey?: string;
}

/** The system's own client, with the host's key pinned. */
async function ssh(to: Host, command: string, login: Login = {}): Promise<CommandResult> {
  const knownHosts = path.join(fleet.folder, `known-${to.name}`);
  await writeFile(knownHosts, `${to.address} ${login.hostKey ?? to.hostKey}\n`);
  const options = [
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHosts}`,
    'BatchMode=yes',
    'ConnectTimeout=2',
  ];
  const flags = ['-F', 'none', '-i', login.key ?? fleet.privateKey, ...options.flatMap((option) => ['-o', option])];
  return runCommand(['ssh', ...flags, `${login.user ?? fleet.user}@${to.address}`, command]);
}

describe('a host', () => {
  test('answers the user and root by SSH with the key that was pinned before it booted', async () => {
    expect(await ssh(host, 'hostname')).toMatchObject({ code: 0, stdout: 'web-1\n' });
    expect(await ssh(other, 'id -un', { user: 'root' })).toMatchObject({ code: 0, stdout: 'root\n' });
    expect(await ssh(host, 'true', { hostKey: other.hostKey })).toMatchObject({ code: 255 });
  });

  test('gives the user sudo without a password until it is denied', async () => {
    expect(await ssh(host, 'sudo -n id -u')).toMatchObject({ code: 0, stdout: '0\n' });
    await host.denySudo();
    expect(await ssh(host, 'sudo -n id -u')).toMatchObject({ code: 1, stderr: 'sudo: a password is required\n' });
    await host.allowSudo();
    expect(await ssh(host, 'sudo -n id -u')).toMatchObject({ code: 0 });
  });

  test('says that it is RHEL 9.4, in its files and in its RPM database', async () => {
    expect(await host.readFile('/etc/redhat-release')).toBe('Red Hat Enterprise Linux release 9.4 (Plow)\n');
    expect(await host.mustRun('. /etc/os-release && echo $ID $VERSION_ID')).toBe('rhel 9.4\n');
    expect(await ssh(host, 'rpm --query --whatprovides system-release')).toMatchObject({
      stdout: 'redhat-release-9.4-1.el9.noarch\n',
    });
  });

  test('installs, upgrades and removes packages from its own repository', async () => {
    await host.mustRun('dnf install --assumeyes hf-tool-1.0');
    expect((await ssh(host, 'hf-tool')).stdout).toBe('hf-tool 1.0\n');
    await host.mustRun('dnf upgrade --assumeyes hf-tool');
    expect((await ssh(host, 'rpm --query hf-tool')).stdout).toBe('hf-tool-2.0-1.noarch\n');
    await host.mustRun('dnf remove --assumeyes hf-tool');
    expect(await ssh(host, 'rpm --query hf-tool')).toMatchObject({ code: 1 });
  });

  test('enables, stops and disables a service that a package brought', async () => {
    await host.mustRun('dnf install --assumeyes hf-agentd && systemctl enable --now hf-agentd');
    expect((await ssh(host, 'systemctl is-enabled hf-agentd; systemctl is-active hf-agentd')).stdout).toBe(
      'enabled\nactive\n',
    );
    await host.mustRun('systemctl disable --now hf-agentd');
    expect((await ssh(host, 'systemctl is-enabled hf-agentd; systemctl is-active hf-agentd')).stdout).toBe(
      'disabled\ninactive\n',
    );
  });

  test('mounts, remounts and unmounts', async () => {
    const options = 'findmnt --noheadings --output OPTIONS /var/tmp';
    await host.mustRun('mount -t tmpfs -o nosuid tmpfs /var/tmp');
    expect(await host.mustRun(options)).toBe('rw,nosuid,relatime\n');
    await host.mustRun('mount -o remount,nosuid,nodev /var/tmp');
    expect(await host.mustRun(options)).toBe('rw,nosuid,nodev,relatime\n');
    await host.mustRun('umount /var/tmp');
    expect(await host.run(options)).toMatchObject({ code: 1 });
  });

  test('sets kernel parameters of its own network, and none that it shares with this machine', async () => {
    const own = 'net.ipv4.conf.all.accept_redirects';
    const ours = await readFile('/proc/sys/net/ipv4/conf/all/accept_redirects', 'utf8');
    const opposite = ours === '1\n' ? '0' : '1';
    await host.mustRun(`sysctl --write ${own}=${opposite}`);
    expect(await host.mustRun(`sysctl --values ${own}`)).toBe(`${opposite}\n`);
    expect(await readFile('/proc/sys/net/ipv4/conf/all/accept_redirects', 'utf8')).toBe(ours);
    expect(await host.run('sysctl --write kernel.randomize_va_space=2')).toMatchObject({ code: 1 });
  });

  test('keeps a file with its mode', async () => {
    await host.writeFile('/etc/secret', 'a "quoted" $line\n', '0600');
    expect(await host.readFile('/etc/secret')).toBe('a "quoted" $line\n');
    expect(await host.mustRun('stat --format %a /etc/secret')).toBe('600\n');
    await expect(host.readFile('/etc/absent')).rejects.toThrow('On web-1, reading /etc/absent failed');
  });
});

describe('what happens to a host', () => {
  test('a reboot comes back with the disk kept and what was only running gone', async () => {
    await host.mustRun('dnf install --assumeyes hf-agentd && systemctl start hf-agentd && touch /root/kept');
    await host.reboot();
    expect((await ssh(host, 'systemctl is-active hf-agentd; sudo ls /root')).stdout).toBe('inactive\nkept\n');
  });

  test('a stopped host is unreachable, and starts again with its disk', async () => {
    await host.mustRun('touch /root/kept');
    await host.stop();
    expect(await ssh(host, 'true')).toMatchObject({ code: 255 });
    await host.start();
    expect(await ssh(host, 'sudo ls /root')).toMatchObject({ stdout: 'kept\n' });
  });

  test('a frozen host accepts a connection and says nothing until it is thawed', async () => {
    await host.freeze();
    expect(await ssh(host, 'true')).toMatchObject({ code: 255, stderr: expect.stringContaining('timed out') });
    await host.thaw();
    expect(await ssh(host, 'true')).toMatchObject({ code: 0 });
  });

  test('a full disk refuses new data until it is emptied', async () => {
    await host.fillDisk();
    const write = 'head -c 4096 /dev/zero | tee /root/data';
    expect(await host.run(write)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No space left on device'),
    });
    expect(await ssh(host, 'true')).toMatchObject({ code: 0 });
    await host.emptyDisk();
    expect(await host.run(write)).toMatchObject({ code: 0 });
  });

  test('a changed host key is refused by a client that pinned the first', async () => {
    const changed = await host.changeHostKey();
    expect(await ssh(host, 'true')).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('REMOTE HOST IDENTIFICATION HAS CHANGED'),
    });
    expect(await ssh(host, 'true', { hostKey: changed })).toMatchObject({ code: 0 });
  });

  test('a reset forgets every change to this host and none to another', async () => {
    await host.mustRun('useradd mallory && touch /etc/changed');
    await other.mustRun('touch /etc/changed');
    await host.freeze();
    await host.reset();
    expect(await host.run('id mallory')).toMatchObject({ code: 1 });
    expect(await host.run('ls /etc/changed /root/kept')).toMatchObject({ code: 2, stdout: '' });
    expect(await ssh(host, 'true')).toMatchObject({ code: 0 });
    expect(await other.run('ls /etc/changed')).toMatchObject({ code: 0 });
  });
});

describe('what is left', () => {
  /** Names all that this machine still has of the fleet in `folder`, with its first host's `address`. */
  async function remains(folder: string, address: string): Promise<string[]> {
    const name = path.basename(folder);
    const processes = await runCommand(['pgrep', '--full', '--list-full', name]);
    const groups = (await readFile('/proc/self/mounts', 'utf8'))
      .split('\n')
      .filter((line) => line.startsWith('cgroup2 '))
      .map((line) => path.join(line.split(' ')[1] ?? '', name));
    const network = address.replace(/\.\d+$/, '.');
    return [
      ...processes.stdout.split('\n').filter(Boolean),
      ...(await readFile('/proc/self/mounts', 'utf8')).split('\n').filter((line) => line.includes(name)),
      ...(await mustRun(['ip', '-oneline', 'address'])).split('\n').filter((line) => line.includes(` ${network}`)),
      ...[folder, ...groups].filter((file) => existsSync(file)),
    ];
  }

  test('a stopped fleet leaves no process, mount, interface, cgroup or folder, and spares another', async () => {
    const second = await startFleet({ names: ['web-1'] });
    const [twin] = second.hosts as [Host];
    expect(twin.address).not.toBe(host.address);
    expect(await remains(second.folder, twin.address)).not.toEqual([]);
    await second.stop();
    expect(await remains(second.folder, twin.address)).toEqual([]);
    expect(await ssh(host, 'true')).toMatchObject({ code: 0 });
  });

  test('a fleet whose process is killed leaves no more', async () => {
    const owner = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), '1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let login = '';
    for await (const line of createInterface(owner.stdout)) {
      if (line.includes('ssh -i')) login = line;
      if (line.startsWith('Ctrl-C')) break;
    }
    const [, folder = '', address = ''] = /-i (\S+)\/key .*@(\S+)/.exec(login) ?? [];
    expect(await remains(folder, address)).not.toEqual([]);
    owner.kill('SIGKILL');
    await once(owner, 'close');
    while ((await remains(folder, address)).length > 0) await delay(50);
  });
});

test('one sshd answers on many loopback addresses, by its pinned key alone, and nowhere else', async () => {
  const many = await startManyHosts({ count: 600 });
  try {
    const last = many.addresses.at(-1) ?? '';
    expect(new Set(many.addresses).size).toBe(600);
    const to = (address: string): Promise<CommandResult> =>
      runCommand([
        'ssh',
        '-F',
        'none',
        '-i',
        many.privateKey,
        '-p',
        String(many.port),
        '-o',
        'StrictHostKeyChecking=yes',
        '-o',
        `UserKnownHostsFile=${path.join(fleet.folder, 'known-many')}`,
        '-o',
        'BatchMode=yes',
        '-o',
        'ConnectTimeout=2',
        `${many.user}@${address}`,
        'echo $SSH_CONNECTION',
      ]);
    const outside = `${host.address.replace(/\.\d+$/, '.1')}`;
    await writeFile(
      path.join(fleet.folder, 'known-many'),
      [last, outside].map((address) => `[${address}]:${many.port} ${many.hostKey}\n`).join(''),
    );
    expect((await to(last)).stdout).toContain(` ${last} `);
    expect(await to(outside)).toMatchObject({ code: 255, stderr: expect.stringContaining('refused') });
  } finally {
    await many.stop();
  }
});
