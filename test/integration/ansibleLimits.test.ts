/** Runs of Ansible that do not end by themselves: whatever hangs, the run is over at its limit, and no process of it is left. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBed, processesIn, run, tasks, until, type AnsibleBed } from './ansibleBed.ts';

// A client of Ansible's own notices after 120 seconds at the earliest that its host is gone.
jest.setTimeout(60_000);
let bed: AnsibleBed;
beforeAll(async () => {
  bed = await openBed();
}, 300_000);
afterEach(() => bed.server.dropConnections());
afterAll(() => bed.close());

const shell = (script: string) => ({ name: 'hang', 'ansible.builtin.raw': script });
/** Of a module's shell, the process of sshd that serves it. */
const sshd = 'p=$$; until grep -q "^sshd" /proc/$p/comm; do p=$(cut -d " " -f 4 /proc/$p/stat); done';
const limit = { timeoutSeconds: 8 };

/** Without the run's own process, which has yet to leave; while it does, it has no command line any more. */
const leftOf = (id: string) =>
  processesIn(join(bed.stateFolder, 'runs', id)).filter(({ command }) => command !== '' && !command.includes('run.py'));

test.each<[string, string]>([
  ['hangs, and its sshd with it', `${sshd}; kill -STOP $p; sleep 60`],
  ['ignores every signal it can', 'trap "" HUP INT PIPE TERM; for i in $(seq 60); do sleep 1; done'],
])('a host that %s is left in time', async (what, script) => {
  const id = what.replaceAll(/[^a-z]+/g, '-');
  expect(await run(bed.local, id, bed.request({ ...limit, ...tasks(shell(script)) }))).toMatchObject({
    exitCode: 124,
    timedOut: true,
  });
  expect(leftOf(id)).toEqual([]);
});

test('what a playbook leaves behind in a session, a folder and an environment of its own ends with the run', async () => {
  const pidFile = join(bed.folder, 'left-behind');
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.shell: "cd / && env -i setsid sh -c 'echo $$ > ${pidFile}; exec sleep 60' > /dev/null 2>&1 < /dev/null &"
      delegate_to: localhost
      vars: {ansible_connection: local}
    - ansible.builtin.wait_for: {path: ${pidFile}}
      delegate_to: localhost
      vars: {ansible_connection: local}
`;
  expect(await run(bed.local, 'left-behind', bed.request({ playbook: { is: 'text', text } }))).toMatchObject({
    exitCode: 0,
    hosts: [{ failed: 0, unreachable: false }],
  });
  expect(existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)).toBe(false);
});

test('a run whose own process is stopped is canceled all the same', async () => {
  const folder = join(bed.stateFolder, 'runs/stopped');
  await bed.local.start('stopped', bed.request(tasks(shell('sleep 60'))));
  await until(() => processesIn(folder).some(({ command }) => command.startsWith('ssh')));
  const [runner] = processesIn(folder).filter(({ command }) => command.includes('run.py'));
  process.kill(runner?.pid ?? 0, 'SIGSTOP');
  await bed.local.cancel('stopped');
  expect(processesIn(folder)).toEqual([]);
  expect(await bed.local.state('stopped')).toMatchObject({ is: 'finished', exitCode: 143 });
});
