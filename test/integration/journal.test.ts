/**
 * The journal of the operator as a process: killed with -9 while it decides, without its disk, and with a store that is away. What is journaled is counted
 * against what people did: each opening and closing of a window is there once.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { readSegment } from '../../operator/evidence/journal/segment.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, binding, crds, namespace, operatorAccount, role, untilCondition } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { startOperator, type Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

let cluster: Cluster;
let kubectl: Kubectl;
let operator: Operator;
let folder: string;
let kubeconfig: string;

const store = () => join(folder, 'state/evidence/holdfast.dev', namespace, 'main');
const spool = () => join(folder, 'state/journal');
const start = async () => {
  operator = await startOperator({ kubeconfig, folder });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  cluster = await startCluster({ controllerManager: false, manifests: [crds, role] });
  kubectl = new Kubectl(cluster, namespace);
  kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, binding, {
    apiVersion,
    kind: 'EvidenceStore',
    metadata: { name: 'main', namespace },
    spec: { filesystem: {} },
  });
  await start();
}, 900_000);

afterAll(async () => {
  await operator.kill();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Open all the time, or never. */
async function declare(name: string, isOpen: boolean): Promise<void> {
  const always = { schedule: '0 0 * * *', durationSeconds: 86_400 };
  const never = { schedule: '0 0 1 1 *', durationSeconds: 60 };
  const spec = { windows: [isOpen ? always : never] };
  await kubectl.apply({ apiVersion, kind: 'MaintenanceWindow', metadata: { name, namespace }, spec });
}

const shown = (name: string, isOpen: boolean) =>
  untilCondition(kubectl, 'maintenancewindow', name, 'Open', isOpen ? 'True' : 'False', 60);

/** Whatever is stored, in order; every segment is sound and follows the one before. */
function entries(): JournalEntry[] {
  const journal = join(store(), 'journal');
  if (!existsSync(journal)) return [];
  let previous: string | undefined;
  return readdirSync(journal)
    .filter((name) => /^\d+\.ndjson$/.test(name))
    .sort()
    .flatMap((name, at) => {
      const segment = readSegment(at + 1, readFileSync(join(journal, name)));
      expect(segment.header.previous).toBe(previous);
      previous = segment.digest;
      return segment.entries;
    });
}

/** When a window opened and closed. */
const openings = (name: string): string[] =>
  entries().flatMap(({ object, condition }) =>
    object.name === name && condition?.type === 'Open' ? [condition.status] : [],
  );

test('each opening and closing is journaled once, though the operator is killed after each', async () => {
  const expected: string[] = [];
  for (let at = 0; at < 6; at++) {
    const isOpen = at % 2 === 0;
    await declare('killed', isOpen);
    await shown('killed', isOpen);
    expected.push(isOpen ? 'True' : 'False');
    await operator.kill();
    await start();
  }
  await until('all are stored', () => Promise.resolve(openings('killed').length >= expected.length || undefined), {
    seconds: 90,
  });
  expect(openings('killed')).toEqual(expected);
  expect(entries().map(({ sequence }) => sequence)).toEqual(entries().map((_, at) => at + 1));
}, 300_000);

test('while the store is away everything is spooled, and then stored; a new disk changes nothing', async () => {
  await operator.stop();
  const away = `${store()}.away`;
  renameSync(store(), away);
  writeFileSync(store(), 'not a directory');
  await start();
  for (const isOpen of [true, false, true]) {
    await declare('away', isOpen);
    await shown('away', isOpen);
  }
  await operator.kill();
  rmSync(store());
  renameSync(away, store());
  await start();
  await until('all are stored', () => Promise.resolve(openings('away').length >= 3 || undefined), { seconds: 90 });
  await operator.stop();
  rmSync(spool(), { recursive: true });
  await kubectl.run('delete', 'maintenancewindow', 'killed', '-n', namespace);
  await start();
  await declare('away', false);
  await shown('away', false);
  await until('all are stored', () => Promise.resolve(openings('away').length >= 4 || undefined), { seconds: 90 });
  expect(openings('away')).toEqual(['True', 'False', 'True', 'False']);
  expect(openings('killed')).toHaveLength(6);
  expect(
    entries()
      .filter(({ event }) => event === 'ObjectGone')
      .map(({ object }) => object.name),
  ).toEqual(['killed']);
}, 300_000);
