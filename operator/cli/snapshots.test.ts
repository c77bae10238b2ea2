/**
 * What commands print of fixed data, kept in `snapshots/` to be read: on terminals of 160, 80 and 20 columns, and in a pipe. Colors are written as
 * `<red>Fail</>`. `HOLDFAST_SNAPSHOTS=write` writes the files anew; read what changed before it is committed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { ioWith } from '../../test/builders/io.ts';
import { clusterOf, fleet, rollouts } from '../../test/builders/terminalWorld.ts';
import type { BaselineResults } from '../evidence/outputs/results.ts';
import { printed } from './check/text.ts';
import { lineText, summaryText, type Line } from './cluster/doctor/report.ts';
import { isColored, tinted } from './colors.ts';
import type { Cluster, Io } from './command.ts';
import { commands } from './commands.ts';
import { dispatch } from './dispatch.ts';
import { widthOf } from './width.ts';

const folder = join(import.meta.dirname, 'snapshots');

/** What a command is run on; no columns are a pipe. */
interface Surroundings {
  readonly columns: number | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

type Printing = (io: Io) => unknown;

function printedOn({ columns, environment = {} }: Surroundings, cluster: Cluster, print: Printing): Promise<string> {
  const recorded = ioWith({});
  const isTerminal = columns !== undefined;
  const io: Io = {
    ...recorded,
    ...(isTerminal && { terminal: () => ({ rows: 40, columns }) }),
    colors: (asked) => isColored(asked, { isTerminal, environment }),
    isColored: isColored('auto', { isTerminal, environment }),
    cluster: () => Promise.resolve(cluster),
  };
  return Promise.resolve(print(io)).then(() => recorded.out + recorded.err);
}

const names: Readonly<Record<string, string>> = { 31: 'red', 32: 'green', 33: 'yellow' };
const readable = (text: string): string =>
  text.replace(/\x1b\[(\d+)m/g, (_, code: string) => (code === '39' ? '</>' : `<${names[code] ?? code}>`));

const run =
  (line: string): Printing =>
  (io) =>
    dispatch(line.split(' '), commands, io);

const lines: readonly Line[] = [
  { name: 'apiserver', result: 'Pass', message: 'Kubernetes v1.33.4, which this version supports' },
  {
    ...{ name: 'crds', result: 'Warn' },
    message:
      '2 of 14 CustomResourceDefinitions are of another version: devices.holdfast.dev, driftreports.holdfast.dev',
    fixes: ['kubectl apply --server-side --force-conflicts --kustomize crds'],
  },
  {
    ...{ name: 'pods', result: 'Fail' },
    message: 'pod holdfast-operator-5d9f restarted 12 times, last because it was out of memory; raise its limit',
    fixes: ['kubectl -n holdfast logs --previous holdfast-operator-5d9f', 'one', 'two', 'three'],
  },
  { name: 'installations', result: 'Unknown', message: 'you may not list deployments.apps in all namespaces' },
];
const doctor: Printing = (io) => {
  const layout = { nameWidth: 13, columns: io.terminal?.()?.columns ?? 80, mostFixes: 3 };
  for (const line of lines) io.stdout(tinted(lineText(line, layout), io));
  io.stdout(summaryText(lines));
};

const results: BaselineResults = {
  baseline: { kind: 'DeviceBaseline', name: 'rhel9', namespace: 'default' },
  checks: [],
  targets: [
    {
      ...{ kind: 'Device', name: 'admin@web-01', state: 'Seen' },
      checks: [
        { name: 'umask', severity: 'Medium', is: 'pass', findings: [] },
        {
          ...{ name: 'motd', severity: 'Low', is: 'fail' },
          findings: [
            {
              ...{ check: 'motd', severity: 'Low', result: 'Fail', path: 'content' },
              ...{
                expected: 'line 1: Authorized use only.',
                found: 'line 1: ようこそ、東京データセンターへ。許可された利用者のみ。',
              },
            },
          ],
        },
        {
          ...{ name: 'sshd-no-root', severity: 'Critical', is: 'fail' },
          findings: [
            {
              check: 'sshd-no-root',
              severity: 'Critical',
              result: 'Fail',
              path: 'value',
              expected: 'no',
              found: 'yes',
            },
          ],
        },
        {
          ...{ name: 'shadow', severity: 'High', is: 'unknown' },
          findings: [
            {
              check: 'shadow',
              severity: 'High',
              result: 'Unknown',
              message: '/etc/shadow cannot be read; look as root',
            },
          ],
        },
      ],
    },
    { kind: 'Device', name: 'admin@web-02', state: 'Unknown', checks: [] },
  ],
};
const hosts = [
  { name: 'admin@web-01', host: { is: 'seen', facts: { os: 'rhel', version: '9.6' } } },
  {
    name: 'admin@web-02',
    host: { is: 'unreachable', message: 'admin@web-02 does not accept your keys; check with `ssh admin@web-02 true`' },
  },
];
const check: Printing = (io) => {
  const about = { format: undefined, hosts, sudo: false, columns: io.terminal?.()?.columns };
  io.stdout(tinted(printed(results, about as unknown as Parameters<typeof printed>[1]), io));
};

const { soaking, takenBack } = await rollouts();
const onFleet = clusterOf(fleet);
const onRollouts = clusterOf(soaking.objects, soaking.at);
const onFailed = clusterOf(takenBack.objects, takenBack.at);
const cases: readonly (readonly [string, Cluster, Printing])[] = [
  ['status', onFleet, run('status')],
  ['status-of-nothing', clusterOf([]), run('status')],
  ['status-names', onFleet, run('status -o name')],
  ['status-json', onFleet, run('status -o json')],
  ['why', onFleet, run('why web-01')],
  ['why-check', onFleet, run('why web-01 sshd-no-root')],
  ['why-json', onFleet, run('why web-01 motd -o json')],
  ['rollout-list', onRollouts, run('rollout get -n fleet')],
  ['rollout-get', onRollouts, run('rollout get rhel9 -n fleet')],
  ['rollout-taken-back', onFailed, run('rollout get rhel9 -n fleet')],
  ['rollout-explain', onRollouts, run('rollout explain rhel9 -n fleet')],
  ['rollout-explain-taken-back', onFailed, run('rollout explain rhel9 -n fleet')],
  ['check', onFleet, check],
  ['doctor', onFleet, doctor],
  ['help', onFleet, run('--help')],
  ['help-status', onFleet, run('status --help')],
  ['help-rollout', onFleet, run('rollout --help')],
  ['help-waive', onFleet, run('waive --help')],
  ['unknown-command', onFleet, run('statsu')],
  ['unknown-flag', onFleet, run('status --outptu json')],
];

test.each(cases)('%s', async (name, cluster, print) => {
  const on = (columns: number | undefined, environment?: Readonly<Record<string, string>>) =>
    printedOn({ columns, ...(environment && { environment }) }, cluster, print);
  const [pipe, narrow, usual, wide] = [await on(undefined), await on(20), await on(80), await on(160)];
  // A color says nothing by itself.
  expect(await on(80, { NO_COLOR: '1' })).toBe(stripVTControlCharacters(usual));
  expect(await on(80, { TERM: 'dumb' })).toBe(stripVTControlCharacters(usual));
  expect(pipe).toBe(stripVTControlCharacters(pipe));
  const isFixed = /^(help|unknown)|json|names/.test(name);
  for (const [text, columns] of [
    [usual, 80],
    [wide, 160],
  ] as const)
    if (!isFixed)
      expect(text.split('\n').filter((line) => widthOf(line) > columns && !line.includes('$ kubectl'))).toEqual([]);
  const parts: Readonly<Record<string, string>> =
    isFixed && stripVTControlCharacters(wide) === pipe
      ? { everywhere: pipe }
      : { '80 columns': usual, '160 columns': wide, '20 columns': narrow, 'a pipe': pipe };
  const text = Object.entries(parts)
    .map(([where, part]) => `=== ${where}\n${readable(part)}`)
    .join('\n');
  const file = join(folder, `${name}.txt`);
  if (process.env['HOLDFAST_SNAPSHOTS'] === 'write') writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text);
});

test.each([
  ['kubectl holdfast status', 'status'],
  ['kubectl holdfast why web-01 -n fleet', 'why'],
  ['kubectl holdfast rollout get -n fleet', 'rollout-list'],
])('docs/terminal.md shows what `%s` prints', (command, name) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/terminal.md'), 'utf8');
  const snapshot = readFileSync(join(folder, `${name}.txt`), 'utf8');
  expect(page).toContain(`$ ${command}\n${snapshot.split(/^=== .*\n/m).at(-1) ?? ''}\`\`\``);
});

test('no snapshot is of a case that there is none of', () => {
  expect(readdirSync(folder).sort()).toEqual(cases.map(([name]) => `${name}.txt`).sort());
});
