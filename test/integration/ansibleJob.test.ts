/** The objects of a Job, laid out as a kubelet lays them out, and its command run with real Ansible: what it leaves is read back. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { V1JobSpec, V1Pod } from '@kubernetes/client-node';
import { jobFor } from '../../operator/connect/ansible/job.ts';
import { identitiesOf } from '../../operator/connect/ansible/privateData.ts';
import { readJob } from '../../operator/connect/ansible/jobState.ts';
import type { AnsibleRequest } from '../../operator/connect/ansible/types.ts';
import { expression } from '../../operator/lib/ansibleTask.ts';
import { openBed, processesIn, tasks } from './ansibleBed.ts';
import type { AnsibleBed } from './ansibleBed.ts';

jest.setTimeout(300_000);
let bed: AnsibleBed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed.close());

const owner = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'AnsibleRun',
  metadata: { name: 'run', namespace: 'tenant', uid: 'u-1' },
};

/** Runs the container's command; gives the Job, and its pod as the kubelet would report it. `replaced` is done to the data before that. */
function runPod(request: AnsibleRequest, replaced: (data: Buffer) => Buffer = (data) => data) {
  const { job, data } = jobFor({ name: 'holdfast-u-1', request, image: 'unused', owner });
  const root = mkdtempSync(join(bed.folder, 'pod-'));
  const [container] = (job['spec'] as V1JobSpec).template.spec?.containers ?? [];
  const files = Object.entries(data['binaryData'] as Record<string, string>);
  mount(
    join(root, 'data'),
    files.map(([name, text]) => [name, replaced(Buffer.from(text, 'base64'))]),
  );
  const keys = identitiesOf(request).map(({ privateKey }, index): [string, string] => [`${index}`, privateKey.trim()]);
  mount(join(root, 'secrets'), keys);
  for (const name of ['work', 'keys']) mkdirSync(join(root, name));
  const placed = (word: string) =>
    word.replace(/^(--\w+=)?\/holdfast\//, `$1${root}/`).replace('/dev/termination-log', join(root, 'message'));
  const [program = '', ...options] = [...(container?.command ?? []), ...(container?.args ?? []).map(placed)];
  const env = { PATH: `${bed.python}:/usr/bin:/bin`, KUBERNETES_SERVICE_HOST: 'secret-host' };
  const { status, stdout } = spawnSync(join(bed.python, program), options, { cwd: root, env });
  const message = readFileSync(join(root, 'message'), 'utf8');
  const terminated = { exitCode: status ?? -1, message };
  return {
    root,
    job: ended(job['spec'] as V1JobSpec),
    message,
    output: stdout.toString(),
    pod: podThatLeft(terminated),
  };
}

/** As the kubelet mounts a volume: a folder of links into one whose name is its version. */
function mount(folder: string, files: readonly (readonly [name: string, content: string | Buffer])[]): void {
  mkdirSync(join(folder, '..version'), { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(join(folder, '..version', name), content, { mode: 0o444 });
    symlinkSync(`..version/${name}`, join(folder, name));
  }
}

/** A Job that has ended, as the Job controller leaves it. */
function ended(spec: V1JobSpec) {
  return { metadata: { uid: 'u-job' }, spec, status: { conditions: [{ type: 'Complete', status: 'True' }] } };
}

function podThatLeft(terminated: { exitCode: number; message: string }): V1Pod {
  const ownerReferences = [
    { apiVersion: 'batch/v1', kind: 'Job', name: 'holdfast-u-1', uid: 'u-job', controller: true },
  ];
  const containerStatuses = [
    { name: 'ansible', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated } },
  ];
  return { metadata: { ownerReferences }, status: { containerStatuses } };
}

test('a Job’s container runs Ansible and leaves a result that tells of each host', () => {
  const made = join(bed.folder, 'made');
  const hosts = [bed.host('web-01'), bed.host('web-02', { target: bed.server.target({ port: 1 }) })];
  const request = bed.request({
    hosts,
    ...tasks(
      { name: 'file', 'ansible.builtin.copy': { dest: made, content: 'no' } },
      {
        name: 'fail',
        'ansible.builtin.command': { argv: ['/bin/ls', '/none'] },
        when: expression("inventory_hostname == 'web-01'"),
      },
    ),
  });
  const { root, job, message, output, pod } = runPod(request);
  expect(readJob(job, [pod])).toEqual({
    is: 'finished',
    exitCode: 4,
    hosts: [
      {
        name: 'web-01',
        ok: 1,
        changed: 1,
        failed: 1,
        unreachable: false,
        message: expect.stringMatching(/^fail: exit code 2: /),
      },
      {
        name: 'web-02',
        ok: 0,
        changed: 0,
        failed: 0,
        unreachable: true,
        message: expect.stringContaining('Connection refused'),
      },
    ],
  });
  expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(4);
  expect(readFileSync(made, 'utf8')).toBe('no');
  expect(output).toContain('PLAY RECAP');
  expect(Buffer.byteLength(message)).toBeLessThan(4096);
  expect(statSync(join(root, 'keys/0')).mode & 0o777).toBe(0o600);
  expect(processesIn(root)).toEqual([]);
});

test('a Job whose data was replaced by somebody runs nothing and says so', () => {
  const made = join(bed.folder, 'planted');
  const request = bed.request({
    hosts: [bed.host('web-01')],
    ...tasks({ name: 'nothing', 'ansible.builtin.ping': {} }),
  });
  const planted = [{ hosts: 'all', tasks: [{ 'ansible.builtin.copy': { dest: made, content: 'planted' } }] }];
  const { job, pod, root } = runPod(request, (data) => {
    const files = JSON.parse(gunzipSync(data).toString()) as Record<string, string>;
    return gzipSync(JSON.stringify({ ...files, 'project/run.yml': JSON.stringify(planted) }));
  });
  expect(readJob(job, [pod])).toEqual({
    is: 'finished',
    exitCode: 65,
    hosts: [],
    message: 'The data of this run was replaced after its Job was created. Nothing was run.',
  });
  expect([existsSync(made), existsSync(join(root, 'work/run')), existsSync(join(root, 'keys/0'))]).toEqual([
    false,
    false,
    false,
  ]);
});

test('the result of many hosts fits into a termination message: messages are cut, hosts that find no room are not told of', () => {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import run
count = int(sys.argv[2])
outcome = {'rc': 2, 'hosts': [[12, 3, 1, 0]] * count, 'messages': {str(index): 'Ä' * 300 for index in range(count)}, 'checks': {str(index): {'umask': [True, 'Ö' * 5]} for index in range(count)}, 'notes': {'0': {'httpd': 'x' * 4000}}}
print(run.fitted(outcome, 4096))
`;
  const folder = join(import.meta.dirname, '../../operator/connect/ansible');
  const fitted = (count: number) =>
    execFileSync(join(bed.python, 'python3'), ['-B', '-c', program, folder, `${count}`])
      .toString()
      .trim();
  for (const count of [1, 10, 25, 200, 1000]) {
    const text = fitted(count);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    const names = JSON.stringify(Array.from({ length: count }, (_, index) => `web-${index}`));
    const metadata = { annotations: { 'holdfast.dev/hosts': names } };
    const state = readJob(ended({ template: { metadata } }), [podThatLeft({ exitCode: 2, message: text })]);
    expect(state.is).toBe('finished');
    const told = state.is === 'finished' ? state.hosts : [];
    expect(told.every(({ ok, changed, failed }) => ok === 12 && changed === 3 && failed === 1)).toBe(true);
    expect({ count, hosts: told.length, message: told[0]?.message?.length ?? 0 }).toEqual({
      count,
      ...expected[count],
    });
  }
});
const expected: Record<number, { hosts: number; message: number }> = {
  1: { hosts: 1, message: 300 },
  10: { hosts: 10, message: 150 },
  25: { hosts: 25, message: 40 },
  200: { hosts: 200, message: 0 },
  1000: { hosts: 347, message: 0 },
};
