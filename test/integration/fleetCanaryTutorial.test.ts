/** The tutorial "A fleet canary in ten minutes", on two real hosts: each of its blocks of commands is run as it is written, in its order. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CanaryRollout } from '../../operator/api/v1alpha1/canaryRollout.ts';
import { blocksToRun } from '../docs/pages.ts';
import { mustRun } from '../fleet/command.ts';
import { startBed, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

const repository = resolve(import.meta.dirname, '../..');
const blocks = blocksToRun('docs/tutorials/fleet-canary.md').map(({ text }) => text);
const hosts = ['web-01', 'web-02'];
const [first, second, third] = ['Authorized use only.', 'Authorized use only. Logged.', 'Everyone is welcome.'];
let bed: Bed;
let environment: Record<string, string>;

/** The samples are those that the page applies, but for what executes runs: there is no node here on which Jobs would. */
beforeAll(async () => {
  bed = await startBed(hosts);
  const samples = join(bed.folder, 'manifests/samples');
  await cp(join(repository, 'manifests/samples'), samples, { recursive: true });
  const sample = join(samples, 'deviceBaseline.yaml');
  await writeFile(sample, replaced(await readFile(sample, 'utf8'), 'backend: Job', 'backend: Local'));
  environment = {
    ...(process.env as Record<string, string>),
    NODE_OPTIONS: '',
    KUBECONFIG: bed.cluster.kubeconfig,
    PATH: [join(repository, 'bin'), dirname(bed.cluster.kubectl), process.env['PATH']].join(':'),
  };
  await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 120_000);

function replaced(text: string, from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, to);
}

function shell(block: string): [string, ...string[]] {
  return ['sh', '-euc', `cd "$0"\n${block}`, bed.folder];
}

/** What the commands printed. */
function typed(block: string): Promise<string> {
  return mustRun(shell(block), { environment, timeoutSeconds: 300 });
}

/** What they printed until it was so, and Ctrl-C was pressed. */
async function typedUntil(is: () => Promise<unknown>, block: string): Promise<string> {
  const [program, ...rest] = shell(block);
  const child = spawn(program, rest, { env: environment, detached: true });
  let printed = '';
  child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
  child.stderr.on('data', (part: Buffer) => (printed += part.toString()));
  const closed = new Promise((done) => child.on('close', done));
  try {
    await is();
    await until('it is shown', () => printed.includes('soaking') || undefined, { seen: () => printed });
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await closed;
  }
  return printed;
}

/** The first step of a revision soaks. */
async function soaks(): Promise<void> {
  let last: CanaryRollout | undefined;
  await until(
    'the first step soaks',
    async () => {
      last = await bed.kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
      const { step, state = '' } = last?.status?.summary ?? {};
      return (step === '1/2 10%' && state.startsWith('Soaking')) || undefined;
    },
    { seconds: 120, seen: () => last?.status?.summary },
  );
}

/** What is on the hosts, the same ones together. */
async function contents(): Promise<Record<string, number>> {
  const each = await Promise.all(hosts.map((name) => bed.host(name).mustRun('cat /etc/motd')));
  return Object.fromEntries([...Map.groupBy(each, (text) => text.trim())].map(([text, { length }]) => [text, length]));
}

test('each block does what the page says', async () => {
  expect(blocks).toHaveLength(8);
  const [declare = '', steps = '', change = '', explain = '', decide = '', again = '', abort = '', retry = ''] = blocks;
  await typed(declare);
  expect(await contents()).toEqual({ [first]: 2 });
  // Nobody waits for the end of the last soak of a test.
  const quick = replaced(steps, '{percent: 100, soakSeconds: 60}', '{percent: 100, soakSeconds: 1}');
  expect(await typed(quick)).toContain('CanaryRollout');
  await typedUntil(soaks, change);
  expect(await contents()).toEqual({ [first]: 1, [second]: 1 });
  expect(await typed(explain)).toMatch(/step 1 of 2/);
  await typed(decide);
  expect(await contents()).toEqual({ [second]: 2 });
  await typedUntil(soaks, again);
  expect(await contents()).toEqual({ [second]: 1, [third]: 1 });
  expect(await typed(abort)).toContain('taken back');
  expect(await contents()).toEqual({ [second]: 2 });
  await typed(retry);
  await soaks();
  expect(await contents()).toEqual({ [second]: 1, [third]: 1 });
}, 600_000);
