/** Drift of a real cluster, case by case: first shown in mode Inform, then corrected in mode Enforce, or left alone where nothing drifts. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../operator/api/v1alpha1/finding.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import type { Case } from './clusterCase.ts';
import { drifting } from './driftingCases.ts';
import { holding } from './holdingCases.ts';
import { startRewriter, type Webhook } from './rewriter.ts';

let bed: ClusterOnlyBed;
let rewriter: Webhook;

beforeAll(async () => {
  bed = await startClusterOnly();
  rewriter = await startRewriter(bed);
  await bed.operator();
}, 900_000);

afterAll(async () => {
  await bed.stop();
  await rewriter.stop();
}, 60_000);

let count = 0;

describe('what is no drift', () => {
  test.each(Object.entries(holding))('%s', async (_, one) => {
    const { name, versions } = await given(one);
    expect(shown(await settled(name))).toEqual([]);
    const before = await versions();
    await enforce(name);
    const after = await settled(name);
    expect(shown(after)).toEqual([]);
    expect(conditionOf(after, 'Compliant')).toMatchObject({ status: 'True' });
    // Nothing was written to what does not drift.
    expect(await versions()).toEqual(before);
    expect(after.status?.corrections ?? []).toEqual([]);
  });
});

describe('what is drift', () => {
  test.each(Object.entries(drifting))('%s', async (_, one) => {
    const { name, live } = await given(one);
    // The newest change of an object may be seen later than the baseline: its kind is watched by another watch.
    const before = await settled(name, (seen) => shown(seen).length === one.findings.length);
    expectFindings(before, one.findings);
    expect(conditionOf(before, 'Compliant')?.status).not.toBe('True');
    await enforce(name);
    if (one.stays) {
      const after = await settled(name);
      expect(conditionOf(after, 'Compliant')?.status).not.toBe('True');
      expect([...shown(after), conditionOf(after, 'CorrectionBlocked')?.message].join('\n')).toMatch(one.stays);
      return;
    }
    const after = await until(
      `${name} is corrected`,
      async () => {
        const seen = await baseline(name);
        return conditionOf(seen, 'Compliant')?.status === 'True' ? seen : undefined;
      },
      { seconds: 30, seen: async () => (await baseline(name))?.status },
    );
    expect(shown(after)).toEqual([]);
    expect(after.status?.corrections?.length).toBeGreaterThan(0);
    const left = one.left ? await live('json') : '';
    for (const text of one.left ?? []) expect(left).toMatch(text);
  });
});

/** The case in a namespace of its own, with a baseline of that name in mode Inform. */
async function given(
  one: Case,
): Promise<{ name: string; versions: () => Promise<unknown>; live: (output: string) => Promise<string> }> {
  count += 1;
  const name = `case-${String(count).padStart(2, '0')}`;
  const named = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('NS', name)) as T;
  await bed.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { case: name } } });
  for (const object of one.given) await bed.kubectl.applyAs('someone', named(object));
  for (const object of one.then?.objects ?? []) await change(named(one.then!), named(object), name);
  const objects = one.objects?.map((item, at) => ({ name: `item-${at}`, ...named(item) }));
  const checks = one.checks?.map((item, at) => ({ name: `check-${at}`, ...named(item) }));
  const spec = { serviceAccountRef: { namespace: home, name: writer }, objects, checks } as ClusterBaselineSpec;
  await bed.kubectl.apply({ apiVersion, kind: 'ClusterBaseline', metadata: { name }, spec });
  const live = async (output: string): Promise<string> => {
    const texts = one.given.map((object) => {
      const { kind, metadata } = named(object) as { kind: string; metadata: { name: string; namespace?: string } };
      const flags = metadata.namespace ? ['--namespace', metadata.namespace] : [];
      return bed.kubectl.run('get', kind, metadata.name, ...flags, '--output', output);
    });
    // Without the white space that kubectl puts between members.
    return (await Promise.all(texts))
      .map((text) => (output === 'json' ? JSON.stringify(JSON.parse(text)) : text))
      .join('\n');
  };
  return { name, versions: () => live('jsonpath={.metadata.resourceVersion}'), live };
}

async function change(
  { manager, subresource }: NonNullable<Case['then']>,
  object: object,
  namespace: string,
): Promise<void> {
  if (!subresource) return bed.kubectl.applyAs(manager, object);
  await bed.kubectl.merge('deployment', 'app', object, { namespace, subresource, fieldManager: manager });
}

function enforce(name: string): Promise<void> {
  return bed.kubectl.merge('clusterbaseline', name, { spec: { mode: 'Enforce' } });
}

function baseline(name: string): Promise<ClusterBaseline | undefined> {
  return bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
}

/** The baseline once its newest declaration was evaluated, and it shows what is asked for. */
function settled(name: string, shows: (seen: ClusterBaseline) => boolean = () => true): Promise<ClusterBaseline> {
  return until(
    `${name} is evaluated`,
    async () => {
      const seen = await baseline(name);
      return seen && seen.status?.observedGeneration === seen.metadata.generation && shows(seen) ? seen : undefined;
    },
    { seconds: 30, seen: async () => (await baseline(name))?.status },
  );
}

function shown(seen: ClusterBaseline): string[] {
  return (seen.status?.findings ?? []).map(inWords);
}

function inWords({ result, path = '', expected, found, message, manager }: Finding): string {
  if (result === 'Unknown') return `? ${message}`;
  return `${path}: ${expected} → ${found}${manager ? ` (${manager.name})` : ''}`;
}

/** Each finding is expected, and each expected one is there. */
function expectFindings(seen: ClusterBaseline, expected: Case['findings']): void {
  const words = shown(seen);
  expect(words).toHaveLength(expected.length);
  for (const one of expected) {
    expect(words).toContainEqual(typeof one === 'string' ? one : expect.stringMatching(one));
  }
}
