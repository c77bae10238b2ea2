/** Ansible on this machine, for real: what a run does and tells, and what it must never do. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalAnsible } from '../../operator/connect/ansible/local.ts';
import { certify, makeKey } from '../ssh/server.ts';
import { expression } from '../../operator/lib/ansibleTask.ts';
import { configuration, ended, filesWith, openBed, processesIn, run, tasks, until } from './ansibleBed.ts';
import type { AnsibleBed } from './ansibleBed.ts';

jest.setTimeout(300_000);
let bed: AnsibleBed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed.close());

const touch = (path: string) => ({ name: 'touch', 'ansible.builtin.file': { path, state: 'touch' } });
const fail = { name: 'fail', 'ansible.builtin.command': { argv: ['/bin/false'] } };
const on = (...names: string[]) => expression(names.map((name) => `inventory_hostname == '${name}'`).join(' or '));

describe('a run', () => {
  test('tells for each host what it did, and for a failing one which task failed and why', async () => {
    const good = join(bed.folder, 'good');
    const request = bed.request({
      hosts: [bed.host('web-01'), bed.host('web-02')],
      ...tasks(
        { name: 'list', 'ansible.builtin.command': { argv: ['/bin/ls', '/no\u202Esuch'] }, when: on('web-02') },
        touch(good),
      ),
    });
    const { exitCode, hosts } = await run(bed.local, 'two-hosts', request);
    expect(exitCode).toBe(2);
    expect(hosts[0]).toEqual({ name: 'web-01', ok: 1, changed: 1, failed: 0, unreachable: false });
    expect(hosts[1]).toMatchObject({ name: 'web-02', ok: 0, changed: 0, failed: 1, unreachable: false });
    expect(hosts[1]?.message).toMatch(
      /^list: exit code 2: \/bin\/ls: cannot access .*such.*: No such file or directory$/,
    );
    expect(hosts[1]?.message).not.toMatch(/\p{C}/u);
    expect(existsSync(good)).toBe(true);
  });

  test('changes nothing in check mode, and says what it would change', async () => {
    const path = join(bed.folder, 'checked');
    const { hosts } = await run(bed.local, 'check', bed.request({ check: true, ...tasks(touch(path)) }));
    expect(hosts).toEqual([{ name: 'web-01', ok: 1, changed: 1, failed: 0, unreachable: false }]);
    expect(existsSync(path)).toBe(false);
  });

  test('keeps a result that is hidden by no_log out of the message', async () => {
    const secret = { ...fail, 'ansible.builtin.command': { argv: ['/bin/ls', '/top-secret'] }, no_log: true };
    const { hosts } = await run(bed.local, 'no-log', bed.request(tasks(secret)));
    expect(hosts[0]?.message).toBe(
      'fail: it failed, and the playbook hides why (no_log); run it manually without no_log',
    );
  });

  test('leaves neither keys nor playbooks nor processes behind, and is forgotten on demand', async () => {
    await run(bed.local, 'clean', bed.request(tasks(touch(join(bed.folder, 'clean')))));
    const folder = join(bed.stateFolder, 'runs/clean');
    expect(readdirSync(folder).sort()).toEqual(['result.json', 'started']);
    await until(() => processesIn(folder).length === 0);
    await bed.local.forget('clean');
    expect(existsSync(folder)).toBe(false);
  });

  test('keeps its files to its user, keys out of arguments and environment, and the operator’s environment out of Ansible', async () => {
    const gate = join(bed.folder, 'gate');
    const dump = join(bed.folder, 'environment');
    const text = `
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.shell: "env > ${dump}; while [ ! -e ${gate} ]; do sleep 0.1; done"
      delegate_to: localhost
      vars: {ansible_connection: local}
`;
    process.env['KUBECONFIG'] = '/holdfast-secret';
    await bed.local.start('private', bed.request({ playbook: { is: 'text', text } }));
    delete process.env['KUBECONFIG'];
    await until(() => existsSync(dump));
    const folder = join(bed.stateFolder, 'runs/private');
    const key = bed.server.clientKey.privateKey.split('\n')[1] ?? 'missing';
    const holders = filesWith(folder, key);
    expect(holders).toEqual([expect.stringMatching(/^attempt-[^/]+\/keys\/0$/)]);
    expect(holders.map((path) => statSync(join(folder, path)).mode & 0o777)).toEqual([0o600]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(processesIn(folder).filter(({ command }) => command.includes(key))).toEqual([]);
    expect(readFileSync(dump, 'utf8')).not.toMatch(/holdfast-secret|KUBECONFIG/);
    expect(readFileSync(dump, 'utf8')).toContain('ANSIBLE_HOST_KEY_CHECKING=True');
    writeFileSync(gate, '');
    expect(await ended(bed.local, 'private')).toMatchObject({ is: 'finished', exitCode: 0 });
  });
});

describe('a host', () => {
  test('with another key than the pinned one is not reached, and nothing is run there', async () => {
    const path = join(bed.folder, 'wrong-host');
    const hostKeys = [makeKey(bed.folder, 'other-host').publicKey];
    const hosts = [bed.host('web-01', { target: { ...bed.server.target(), hostKeys } })];
    const { hosts: results } = await run(bed.local, 'host-key', bed.request({ hosts, ...tasks(touch(path)) }));
    expect(results).toEqual([
      expect.objectContaining({
        unreachable: true,
        ok: 0,
        // Which of the two, the client decides by how quickly it ends.
        message: expect.stringMatching(
          /host key is not one of those declared|Check the host key and the credentials declared for this host/,
        ),
      }),
    ]);
    expect(existsSync(path)).toBe(false);
  });

  test('that refuses our key is unreachable, with what ssh says', async () => {
    const privateKey = makeKey(bed.folder, 'stranger').privateKey;
    const hosts = [bed.host('web-01', { target: { ...bed.server.target(), privateKey } })];
    const { hosts: results } = await run(bed.local, 'wrong-key', bed.request({ hosts, ...tasks(fail) }));
    expect(results[0]).toMatchObject({
      unreachable: true,
      message: expect.stringMatching(/Permission denied \(publickey|Check the host key and the credentials declared/),
    });
  });

  test('is reached by a certificate of its authority, and by that of another name is not', async () => {
    const authority = makeKey(bed.folder, 'authority');
    const certificate = `${bed.server.hostKey.file}-cert.pub`;
    const hosts = [
      bed.host('web-01', {
        target: bed.server.target({ hostKeys: [], hostCertificateAuthorities: [authority.publicKey] }),
      }),
    ];
    const request = bed.request({
      hosts,
      ...tasks({ name: 'reach', 'ansible.builtin.command': { argv: ['/bin/true'] } }),
    });
    certify(authority, bed.server.hostKey, '127.0.0.1', ['-h']);
    await bed.server.restart([...configuration, `HostCertificate ${certificate}`]);
    expect((await run(bed.local, 'certified', request)).hosts[0]).toMatchObject({ ok: 1, unreachable: false });
    certify(authority, bed.server.hostKey, 'another.example.com', ['-h']);
    await bed.server.restart([...configuration, `HostCertificate ${certificate}`]);
    expect((await run(bed.local, 'other-name', request)).hosts[0]).toMatchObject({ ok: 0, unreachable: true });
    await bed.server.restart(configuration);
  });
});

describe('a run that fails', () => {
  test('stops at maxFailPercentage: hosts of later batches are not touched, and what is not known is not told', async () => {
    const hosts = ['web-01', 'web-02', 'web-03', 'web-04'].map((name) => bed.host(name));
    const trail = join(bed.folder, 'trail-');
    const request = bed.request({
      hosts,
      serial: 2,
      maxFailPercentage: 0,
      ...tasks(
        { ...fail, when: on('web-02') },
        {
          ...touch(''),
          'ansible.builtin.file': { path: expression(`${trail}{{ inventory_hostname }}`), state: 'touch' },
        },
      ),
    });
    const { hosts: results, message } = await run(bed.local, 'serial', request);
    expect(results).toEqual([expect.objectContaining({ name: 'web-02', failed: 1 })]);
    expect(message).toBe('Ansible stopped early because hosts failed; how far the others got is unknown.');
    expect(readdirSync(bed.folder).filter((name) => name.startsWith('trail-'))).toEqual([]);
  });

  test('goes on with the other hosts below maxFailPercentage, batch by batch', async () => {
    const hosts = ['web-01', 'web-02', 'web-03', 'web-04'].map((name) => bed.host(name));
    const order = join(bed.folder, 'order');
    const note = { name: 'note', 'ansible.builtin.shell': expression(`echo {{ inventory_hostname }} >> ${order}`) };
    const limits = { forks: 1, serial: 2, maxFailPercentage: 50 };
    const request = bed.request({ hosts, ...limits, ...tasks(note, { ...fail, when: on('web-02') }) });
    const { hosts: results } = await run(bed.local, 'batches', request);
    expect(results.map(({ name, failed }) => `${name} ${failed}`)).toEqual([
      'web-01 0',
      'web-02 1',
      'web-03 0',
      'web-04 0',
    ]);
    expect(readFileSync(order, 'utf8')).toBe('web-01\nweb-02\nweb-03\nweb-04\n');
  });

  test.each([
    [
      'has an error of YAML',
      '- hosts: all\n  tasks:\n    - name: x\n     ping: {}\n',
      /^playbook\.yml line 4: YAML parsing failed/,
    ],
    [
      'names a module that is not there',
      '- hosts: all\n  tasks:\n    - no.such.module: {}\n',
      /^playbook\.yml line 3: couldn't resolve module/,
    ],
    ['is not a list of plays', 'hosts: all\n', /^playbook\.yml line 1: A playbook must be a list of plays/],
    [
      'includes a file that is not there',
      '- hosts: all\n  gather_facts: false\n  tasks:\n    - ansible.builtin.include_tasks: other.yml\n',
      /^ansible\.builtin\.include_tasks: Could not find or access .*other\.yml/,
    ],
  ])('because its playbook %s says where', async (_, text, expected) => {
    const { exitCode, hosts, message } = await run(
      bed.local,
      `error-${text.length}`,
      bed.request({ playbook: { is: 'text', text } }),
    );
    expect(exitCode).not.toBe(0);
    expect(hosts[0]?.message ?? message).toMatch(expected);
  });

  test('because its plays are for other hosts says nothing of this one', async () => {
    const text = '- hosts: webservers\n  tasks:\n    - ansible.builtin.ping: {}\n';
    const { exitCode, hosts, message } = await run(
      bed.local,
      'others',
      bed.request({ playbook: { is: 'text', text } }),
    );
    expect({ exitCode, hosts, message }).toEqual({ exitCode: 0, hosts: [], message: undefined });
  });

  test('because it pauses until somebody answers says so once its time is over', async () => {
    const text = '- hosts: all\n  gather_facts: false\n  tasks:\n    - name: wait\n      ansible.builtin.pause: {}\n';
    const request = bed.request({ timeoutSeconds: 6, playbook: { is: 'text', text } });
    expect(await run(bed.local, 'pauses', request)).toMatchObject({
      timedOut: true,
      message: expect.stringMatching(/timed out in the task "wait": nobody can answer a pause/),
    });
  });

  test('because Ansible is not installed says how to install it, and may be started later', async () => {
    const without = openLocalAnsible({ folder: join(bed.folder, 'without'), python: join(bed.folder, 'nowhere') });
    await expect(without.start('missing', bed.request())).rejects.toThrow(
      /Ansible is not installed: .* does not contain python3.*pip install/,
    );
    expect(await without.state('missing')).toEqual({ is: 'absent' });
  });

  test('because it takes too long is ended with all its processes, and says so', async () => {
    const sleep = { name: 'sleep', 'ansible.builtin.command': { argv: ['/bin/sleep', '600'] } };
    const state = await run(bed.local, 'timeout', bed.request({ timeoutSeconds: 5, ...tasks(sleep) }));
    expect(state).toMatchObject({
      exitCode: 124,
      timedOut: true,
      hosts: [],
      message: expect.stringContaining('raise timeoutSeconds'),
    });
    await until(() => processesIn(join(bed.stateFolder, 'runs/timeout')).length === 0);
  });
});
