/** A ClusterBaseline beside webhooks that hang or deny, and objects that others write all the time: each trouble stays with its object. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import { startWebhook, verdict, type Webhook } from './rewriter.ts';

let bed: ClusterOnlyBed;
const webhooks: Webhook[] = [];

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.operator();
}, 900_000);

afterAll(async () => {
  await bed.stop();
  await Promise.all(webhooks.map((webhook) => webhook.stop()));
}, 60_000);

const settings = (name: string, namespace: string, a: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels: { app: 'case', ...labels } },
  data: { a },
});

/** All ConfigMaps of the case in that namespace must have `a: '1'`. */
async function enforce(namespace: string, more: Partial<ClusterBaselineSpec> = {}): Promise<void> {
  const template = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } };
  const objectSelector = { matchLabels: { app: 'case' } };
  await bed.kubectl.apply({
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name: namespace },
    spec: {
      serviceAccountRef: { namespace: home, name: writer },
      mode: 'Enforce',
      objects: [{ name: 'settings', namespaceSelector: { include: [namespace] }, objectSelector, template }],
      ...more,
    },
  });
}

const namespace = (name: string) => bed.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const get = (name: string) => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
const value = async (name: string, within: string) =>
  (await bed.kubectl.get<{ data?: Record<string, string> }>('configmap', name, within))?.data?.['a'];
const isCorrected = (name: string, within: string, seconds = 60) =>
  until(`${name} is corrected`, async () => (await value(name, within)) === '1', {
    seconds,
    seen: async () => (await get(within))?.status,
  });

test('twenty objects whose webhook hangs do not keep the twenty-first waiting, are no failures, and are corrected when it responds', async () => {
  let hangs = true;
  webhooks.push(
    await startWebhook(bed, 'hang', (review) =>
      hangs ? new Promise<never>(() => undefined) : Promise.resolve(verdict(review)),
    ),
  );
  await namespace('hanging');
  const hung = Array.from({ length: 20 }, (_, at) => `a-${String(at).padStart(2, '0')}`);
  hangs = false;
  await bed.kubectl.apply(...hung.map((name) => settings(name, 'hanging', '0', { 'holdfast-test/hang': 'yes' })));
  await bed.kubectl.apply(settings('z', 'hanging', '0'));
  hangs = true;
  await enforce('hanging');
  await isCorrected('z', 'hanging');
  expect(await Promise.all(hung.map((name) => value(name, 'hanging')))).toEqual(hung.map(() => '0'));
  const seen = await until('those that hang are unknown', async () => {
    const baseline = await get('hanging');
    return baseline?.status?.objects?.unknown === 20 ? baseline : undefined;
  });
  expect(conditionOf(seen, 'Compliant')?.message).toMatch(/the webhook hang\.holdfast\.test does not respond in time/);
  expect([conditionOf(seen, 'CorrectionBlocked'), conditionOf(seen, 'CorrectionFailed')]).toEqual([
    undefined,
    undefined,
  ]);
  hangs = false;
  for (const name of hung) await isCorrected(name, 'hanging', 240);
  const after = await get('hanging');
  expect(conditionOf(after, 'CorrectionFailed')).toBeUndefined();
}, 400_000);

test('a webhook that denies with 409 denies; an object beside it is corrected', async () => {
  let denies = false;
  webhooks.push(
    await startWebhook(bed, 'deny', (review) =>
      Promise.resolve(verdict(review, denies ? { code: 409, message: 'not on a Friday' } : undefined)),
    ),
  );
  await namespace('denied');
  await bed.kubectl.apply(settings('a', 'denied', '0', { 'holdfast-test/deny': 'yes' }), settings('z', 'denied', '0'));
  denies = true;
  await enforce('denied');
  await isCorrected('z', 'denied');
  const seen = await until('it is told', async () => {
    const baseline = await get('denied');
    return baseline && conditionOf(baseline, 'CorrectionBlocked') ? baseline : undefined;
  });
  expect(conditionOf(seen, 'CorrectionBlocked')?.message).toMatch(/configmap\/denied\/a: .*not on a Friday/);
}, 120_000);

test('an object that somebody else writes all the time is corrected, and a conflict is told as nothing else', async () => {
  await namespace('busy');
  await bed.kubectl.apply(settings('a', 'busy', '0'));
  let isOver = false;
  const told: unknown[] = [];
  const writing = (async () => {
    for (let count = 0; !isOver; count += 1) {
      await bed.kubectl.merge(
        'configmap',
        'a',
        { metadata: { annotations: { count: `${count}` } } },
        { namespace: 'busy' },
      );
      const baseline = await get('busy');
      if (baseline)
        told.push(
          ...['CorrectionBlocked', 'CorrectionFailed', 'Contended'].flatMap(
            (type) => conditionOf(baseline, type) ?? [],
          ),
        );
    }
  })();
  await enforce('busy');
  await isCorrected('a', 'busy', 120);
  isOver = true;
  await writing;
  expect(told).toEqual([]);
}, 180_000);

test('what was made to comply, or another object of that name, is not deleted', async () => {
  await namespace('forbidden');
  const forbidden = { ...settings('f', 'forbidden', '0'), data: { secret: 'x' } };
  await bed.kubectl.apply(forbidden);
  await enforce('forbidden', {
    objects: [
      {
        name: 'no-secrets',
        match: 'MustNotHave',
        template: { ...forbidden, metadata: { name: 'f', namespace: 'forbidden' } } as never,
      },
    ],
    maxDeletions: 0,
  });
  await until('it is found', async () => (await get('forbidden'))?.status?.objects?.drifted === 1);
  const { metadata } = (await bed.kubectl.get<{ metadata: { uid: string; resourceVersion: string } }>(
    'configmap',
    'f',
    'forbidden',
  ))!;
  await bed.kubectl.merge('configmap', 'f', { data: { secret: null } }, { namespace: 'forbidden' });
  const stale = JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
  });
  const { code, stderr } = await bed.kubectl.try(
    ['delete', '--raw', '/api/v1/namespaces/forbidden/configmaps/f', '-f', '-'],
    stale,
  );
  expect(`${code} ${stderr}`).toMatch(/^1 .*(Precondition failed|the ResourceVersion in the precondition)/s);
  await enforce('forbidden', {
    objects: [
      {
        name: 'no-secrets',
        match: 'MustNotHave',
        template: { ...forbidden, metadata: { name: 'f', namespace: 'forbidden' } } as never,
      },
    ],
    maxDeletions: 5,
  });
  await until('it complies', async () => (await get('forbidden'))?.status?.objects?.compliant === 1);
  expect(await bed.kubectl.get('configmap', 'f', 'forbidden')).toBeDefined();
}, 120_000);
