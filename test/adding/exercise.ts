/**
 * Runs what docs/adding.md adds, in a copy of the project (the working folder), on objects in memory; prints as JSON what came of it.
 * It runs as a program of its own, because it imports what is only there in the copy.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { findingGauges as Gauges } from '../../operator/findings/metrics.ts';
import type { FindingSource } from '../../operator/findings/source.ts';
import type { observeWaiver as Observe } from '../../operator/governance/policyWaiver/observe.ts';
import type { Notifier } from '../../operator/runtime/changes.ts';
import type { OpenFeature, openAll as Open } from '../../operator/runtime/feature.ts';
import { readerOf } from '../builders/reader.ts';
import { approved, makeWaiver } from '../builders/waiver.ts';

const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(process.cwd(), path)).href)) as T;
const { features } = await load<{ features: Parameters<typeof Open>[0] }>('operator/features.ts');
const { findingSources } = await load<{ findingSources: readonly FindingSource[] }>('operator/findingSources.ts');
const { notifiers } = await load<{ notifiers: readonly Notifier[] }>('operator/notifiers.ts');
const { warned } = await load<{ warned: Map<string, number> }>('operator/response/notifiers/counter.ts');
const { openAll } = await load<{ openAll: typeof Open }>('operator/runtime/feature.ts');
const { findingGauges } = await load<{ findingGauges: typeof Gauges }>('operator/findings/metrics.ts');
const { observeWaiver } = await load<{ observeWaiver: typeof Observe }>('operator/governance/policyWaiver/observe.ts');

const now = new Date('2026-03-01T12:00:00Z');
const namespace = 'shop';
const shop: Resource = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace, labels: { owner: 'team-a' } },
  spec: {},
};
const policy: Resource = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'LabelPolicy',
  metadata: { name: 'labels', namespace, uid: 'u1' },
  spec: { labels: [{ name: 'owner' }, { name: 'cost', severity: 'High' }] },
};
const made = makeWaiver({
  source: { kind: 'LabelPolicy', name: 'labels' },
  checks: ['cost'],
  targets: { names: [namespace] },
});
const waiver: PolicyWaiver = approved({ ...made, metadata: { ...made.metadata, namespace } });

const feature = openAll(
  features.filter(({ kind }) => kind.kind === 'LabelPolicy'),
  {} as never,
)[0]!;

const needs = { sources: findingSources, policies: [] };
const observing = { now, signal: new AbortController().signal };

console.log(JSON.stringify({ open: await told([]), waived: await told([waiver]), warned: heard() }));

/** All that is said of the label that lacks. */
async function told(waivers: readonly PolicyWaiver[]) {
  const first = await decided(feature, [shop, policy, ...waivers]);
  const report = (first.actions[0] as unknown as { object: Resource }).object;
  const read = readerOf(shop, policy, report, ...waivers);
  const [open, tolerated] = findingGauges(findingSources).map((gauge) =>
    gauge.samples(read, now).reduce((sum, { value }) => sum + value, 0),
  );
  return {
    compliant: first.conditions?.['Compliant'],
    report: {
      kind: report.kind,
      name: report.metadata.name,
      namespace: report.metadata.namespace,
      status: report.status,
    },
    metrics: { open, waived: tolerated },
    named: await Promise.all(
      waivers.map(async (one) => (await observeWaiver(one, needs, { ...observing, read })).targets.length),
    ),
  };
}

async function decided(one: OpenFeature, objects: readonly Resource[]) {
  return one.decide(policy, await one.observe(policy, { ...observing, read: readerOf(...objects) }), now);
}

function heard() {
  const is = { type: 'Compliant', status: 'False', reason: 'Drifted', message: '', lastTransitionTime: '' } as const;
  for (const notifier of notifiers)
    notifier.notify({ kind: feature.kind, object: policy, was: undefined, is, warns: true }, { tell: () => undefined });
  return [...warned];
}
