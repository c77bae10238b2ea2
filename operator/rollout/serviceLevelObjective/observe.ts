/** Asks Prometheus, a bounded number of times, and sees whether the generated rules are there. It judges nothing. */
import { isSuspended } from '../../api/suspension.ts';
import type { Kind } from '../../api/kind.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { RulesRecord } from '../../api/v1alpha1/serviceLevelObjectiveStatus.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AskMetrics, MetricsAnswer } from '../../connect/prometheus/types.ts';
import { burnOf, hour } from '../../lib/burnRate.ts';
import type { Matcher } from '../../lib/seriesSelector.ts';
import type { Observing } from '../../runtime/feature.ts';
import { rolloutGrants } from '../grants.ts';
import { countedBy, type Counted } from './indicator.ts';
import { boundsQuery, intervalQuery, longQuery, shortQuery, windowsOf } from './queries.ts';
import { boundsAround, intervalIn, read, type Reading } from './reading.ts';
import type { Recent } from './recent.ts';
import { ruleGroups } from './rules.ts';
import { rulesKinds, rulesName, wantedRules, type RulesKind, type RulesState } from './rulesObject.ts';
import { revisionOf, shapeOf, type Shape } from './shape.ts';

export interface ObjectiveNeeds {
  readonly askMetrics: AskMetrics;
  /** Label that the server enforces for tenants, whose value is the namespace; undefined where it enforces none. */
  readonly tenantLabel: (server: string | undefined) => string | undefined;
  /** A kind of the apiserver, undefined where it has none of that name. */
  readonly kindOf: (group: string, version: string, kind: string) => Promise<Kind | undefined>;
}

export type ObjectiveWorld =
  | { readonly is: 'suspended' }
  | { readonly is: 'invalid'; readonly message: string }
  | {
      readonly is: 'read';
      readonly counted: Counted;
      readonly reading: Reading;
      readonly time: Date;
      readonly rules: RulesState;
    };

/** Rules are looked for when they are to change, and every ten minutes. */
const rulesSeconds = 600;

export function objectiveObserver({ askMetrics, tenantLabel, kindOf }: ObjectiveNeeds, recent: Recent) {
  return async (slo: ServiceLevelObjective, observing: Observing): Promise<ObjectiveWorld> => {
    const { spec, metadata } = slo;
    if (isSuspended(spec.suspend, observing.now)) return { is: 'suspended' };
    const label = tenantLabel(spec.server);
    const tenant: Matcher[] = label === undefined ? [] : [{ label, op: '=', value: metadata.namespace ?? '' }];
    const counted = countedBy(spec.indicator, tenant);
    if (typeof counted === 'string') return { is: 'invalid', message: counted };
    const ask = (query: string): Promise<MetricsAnswer> => {
      const { server } = spec;
      const about = { ...(server !== undefined && { server }), namespace: metadata.namespace ?? '' };
      return askMetrics({ ...about, query, time: observing.now }, observing.signal);
    };
    const { reading, time } = await readingOf(slo, counted, { ask, recent, now: observing.now });
    const rules = await rulesOf(slo, { counted, kindOf }, observing).catch((error: unknown): RulesState => {
      observing.signal.throwIfAborted();
      return { is: 'unknown', message: `the rules could not be read: ${(error as Error).message}` };
    });
    return { is: 'read', counted, reading, time, rules };
  };
}

interface Asking {
  readonly ask: (query: string) => Promise<MetricsAnswer>;
  readonly recent: Recent;
  readonly now: Date;
}

async function readingOf(slo: ServiceLevelObjective, counted: Counted, asking: Asking) {
  const { recent, now } = asking;
  const shape = shapeOf(slo);
  const revision = revisionOf(slo.spec);
  const { uid = '' } = slo.metadata;
  const known = recent.get(uid, revision, now, shape.intervalSeconds / 2);
  if (known) return known;
  const reading = await askAll(slo, counted, { ...asking, shape, revision });
  const read = { revision, time: now, reading };
  recent.remember(uid, read);
  return read;
}

/** Two queries; two more where a bucket is missing. */
async function askAll(
  slo: ServiceLevelObjective,
  counted: Counted,
  { ask, now, shape, revision }: Asking & { readonly shape: Shape; readonly revision: string },
): Promise<Reading> {
  const windows = windowsOf(shape.windowDays, shape.budget);
  const short = await ask(shortQuery(counted, windows.short));
  const first = read(counted, short, undefined);
  if (short.is === 'none') return first;
  const isMissing = first.quality.some(({ reason }) => reason === 'BucketMissing');
  if (!isMissing && !needsLong(slo, first, { now, shape, revision })) return first;
  const long = await ask(longQuery(counted, windows.long, shape.windowDays));
  const reading = read(counted, short, long);
  if (!isMissing || !counted.bucket || long.is === 'none') return reading;
  const bounds = await ask(boundsQuery(counted.bucket));
  if (bounds.is === 'none') return reading;
  const around = boundsAround(counted.bucket.threshold, bounds.series);
  const query = intervalQuery(counted.bucket, around, shape.windowSeconds);
  const answer: MetricsAnswer = query ? await ask(query) : { is: 'answer', series: [] };
  const whole = long.series.find(
    ({ labels }) => labels['holdfast_part'] === 'total' && labels['holdfast_window'] === String(shape.windowSeconds),
  );
  const interval = intervalIn(answer, whole?.value);
  return { ...reading, ...(interval && { interval }) };
}

/**
 * Whether to ask about windows longer than a day, which costs most. While no more burns than the budget allows for, it is enough to do so 2880 times per time
 * window: less than 0.04 % of the budget can burn meanwhile.
 */
function needsLong(
  { status }: ServiceLevelObjective,
  { counts, quality }: Reading,
  { now, shape, revision }: { readonly now: Date; readonly shape: Shape; readonly revision: string },
): boolean {
  if (status?.revision !== revision || status.budgetTime === undefined || status.attainmentPercent === undefined)
    return true;
  const burning = burnOf(counts.get(hour) ?? { total: 0, bad: 0 }, shape.budget) ?? 0;
  const age = (now.getTime() - Date.parse(status.budgetTime)) / 1000;
  return burning > 1 || quality.length > 0 || !(age >= 0 && age < shape.windowSeconds / 2880);
}

async function rulesOf(
  slo: ServiceLevelObjective,
  { counted, kindOf }: Pick<ObjectiveNeeds, 'kindOf'> & { readonly counted: Counted },
  { read: reader, now, signal }: Observing,
): Promise<RulesState> {
  const { status, spec, metadata } = slo;
  if (spec.rules?.disabled && !status?.rules) return { is: 'none' };
  const kind = await servedKind(kindOf);
  const { namespace = '' } = metadata;
  const { record } = wantedRules(slo, ruleGroups(slo, counted), kind);
  if (!isDue(slo, record, now)) return { is: 'unchecked', kind };
  const grant = rolloutGrants[kind];
  const found = await reader.tryFetch<Resource>(rulesKinds[kind], { namespace, name: rulesName(slo) }, signal);
  const commands = await reader.ungranted(grant, { namespace }, signal);
  if (commands !== undefined) return { is: 'ungranted', kind, commands };
  if (found && 'is' in found) return { is: 'unknown', message: found.message };
  return { is: 'known', kind, live: found };
}

async function servedKind(kindOf: ObjectiveNeeds['kindOf']): Promise<RulesKind> {
  const { group, version, kind } = rulesKinds.PrometheusRule;
  return (await kindOf(group, version, kind)) ? 'PrometheusRule' : 'ConfigMap';
}

/** What was applied of this generation is looked for once in ten minutes. */
function isDue({ status, metadata }: ServiceLevelObjective, { kind, digest }: RulesRecord, now: Date): boolean {
  const applied = status?.conditions?.find(({ type }) => type === 'RulesApplied');
  const isApplied = applied?.status === 'True' && applied.observedGeneration === metadata.generation;
  if (!isApplied || status?.rules?.kind !== kind || status.rules.digest !== digest) return true;
  if (status.observedTime === undefined) return true;
  const slot = (time: number): number => Math.floor(time / (rulesSeconds * 1000));
  return slot(now.getTime()) !== slot(Date.parse(status.observedTime));
}
