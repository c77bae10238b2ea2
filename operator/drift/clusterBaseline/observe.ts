/**
 * How the cluster stands to a baseline: what watches heard, evaluated object by object, and what differs confirmed by dry runs. What was
 * evaluated is remembered by the very object that was heard, so that a pass looks again only at what changed.
 */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Seal } from '../../api/seal.ts';
import type { Admission } from '../../governance/admission.ts';
import { accountPolicies, readGuard, type Guard, type ShippedPolicy } from '../../governance/approvalPolicies.ts';
import { readAdmission } from '../../governance/readAdmission.ts';
import type { Kind } from '../../api/kind.ts';
import type { Observing, Reader, Seconds, WriteOutcome } from '../../runtime/feature.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { sourceId } from '../../findings/source.ts';
import { ExpressionEvaluator } from './expressionEvaluator.ts';
import type { Conceal } from './suspicion.ts';
import { bounded } from './bounded.ts';
import { Means } from './effort.ts';
import { placeId, unread, type Item, type ItemEvaluation } from './evaluation.ts';
import { Memory } from './memory.ts';
import { prunableOf, prunes, type Prunable } from './prune.ts';
import { digestOf } from '../../lib/digest.ts';
import { uncheckedDeletion, uncheckedWords } from './author.ts';
import { grants } from '../grants.ts';
import { mayLackRights, rightsOf, type Rights } from './rights.ts';
import { Turn } from './turn.ts';
import { TemplateEvaluator } from './templateEvaluator.ts';

export interface ClusterWorld {
  /** Whether the apiserver checks that who writes a baseline may act as its account: without it nothing is read or written. */
  readonly guard: Guard;
  /** Whether it checked who wrote this version: otherwise nothing is read or written either. */
  readonly admission: Admission;
  readonly evaluations: readonly ItemEvaluation[];
  /** What became of the last corrections of objects that differ, by `placeId`, as far as that is known. */
  readonly written: ReadonlyMap<string, WriteOutcome>;
  /** More is known after so long: not everything could be evaluated, or confirmed by a dry run, in this pass. */
  readonly continuesAfter?: Seconds;
  /** What was last told of it, in its home namespace. */
  readonly reports: readonly DriftReport[];
  readonly waivers: readonly PolicyWaiver[];
  readonly window?: MaintenanceWindow;
  /** What its account may do; looked at where something went wrong that a right may mend. */
  readonly rights?: Rights;
  /** Why nothing may be corrected now: what decides about it is not known as it is at this moment. */
  readonly heldUp?: string;
  /** What goes when the baseline is deleted; or why that is not known. */
  readonly prunable: readonly Prunable[] | string;
}

export interface ClusterNeeds {
  readonly conceal: Conceal;
  /** What is shipped in `policies/`. */
  readonly approvalPolicies: readonly ShippedPolicy[];
  readonly seal: Seal;
  readonly elapsed: () => number;
}

export function clusterObserver({ conceal, elapsed, approvalPolicies = [] }: Omit<ClusterNeeds, 'seal'>) {
  const policies = approvalPolicies.filter(({ name }) => accountPolicies.includes(name));
  const memory = new Memory(elapsed);
  const means = new Means(elapsed);
  const templates = new TemplateEvaluator(memory, conceal);
  const expressions = new ExpressionEvaluator(memory);
  const rights = new AskedRights(memory);
  return async (baseline: ClusterBaseline, { read, now, signal }: Observing): Promise<ClusterWorld> => {
    const { serviceAccountRef, windowRef, objects = [], checks = [] } = baseline.spec;
    const turn = new Turn(baseline, means, read.as(serviceAccountRef), signal);
    const home = serviceAccountRef.namespace;
    const guard = await readGuard(
      policies,
      read,
      signal,
      'nothing is read or written until the apiserver checks who may act as an account',
    );
    const by = sourceId(resources.ClusterBaseline.kind, baseline.metadata.name);
    const reports = read.by(reportsBySource, home, by);
    const admission = await readAdmission(resources.ClusterBaseline, baseline, ({ spec }) => digestOf(spec), {
      guard,
      read,
      now,
      signal,
    });
    const isGoing = baseline.metadata.deletionTimestamp !== undefined;
    if (guard.is === 'broken' || !admission.isChecked) {
      const prunable = prunes(baseline) ? (guard.is === 'broken' ? guard.message : uncheckedWords(baseline)) : [];
      return {
        guard,
        admission,
        evaluations: [],
        written: new Map(),
        reports,
        waivers: [],
        prunable,
      };
    }
    const uid = baseline.metadata.uid ?? '';
    memory.keepItems(uid, new Set([...objects, ...checks].map(digestOf)));
    const everyBaseline = read.list(resources.ClusterBaseline, '');
    memory.keepBaselines(() => everyBaseline.map((one) => one.metadata.uid ?? ''), everyBaseline.length);
    const evaluated = isGoing
      ? []
      : await eachByItself(
          [
            ...objects.map((item) => [item, () => templates.evaluate(item, turn)] as const),
            ...checks.map((item) => [item, () => expressions.evaluate(item, turn)] as const),
          ],
          signal,
        );
    const evaluations = bounded(evaluated);
    const lacking = mayLackRights(evaluations) ? await rights.of(baseline, read, turn) : undefined;
    return {
      guard,
      admission,
      evaluations,
      written: writtenIn(evaluations, turn),
      ...(lacking && { rights: lacking }),
      ...(turn.continuesAfter !== undefined && { continuesAfter: turn.continuesAfter }),
      reports,
      waivers: read.by(waiversBySource, '', by),
      window: windowRef && read.get(resources.MaintenanceWindow, { namespace: home, name: windowRef.name }),
      prunable:
        isGoing && prunes(baseline)
          ? (uncheckedDeletion(baseline, guard) ?? (await prunableOf(baseline, turn).catch(inWords)))
          : [],
    };
  };
}

const serviceAccounts: Kind = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};

const rightsMilliseconds = 10_000;

/** Told beside what went wrong, and asked now and then: where it cannot be asked, that stands alone. */
class AskedRights {
  readonly #memory: Memory;
  readonly #known = new Map<string, { readonly until: number; readonly rights: Promise<Rights | undefined> }>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  of({ metadata, spec }: ClusterBaseline, read: Reader, turn: Turn): Promise<Rights | undefined> {
    const known = this.#known.get(metadata.name);
    if (known && known.until > this.#memory.elapsed) return known.rights;
    const rights = this.#ask(spec, read, turn).catch(() => undefined);
    this.#known.set(metadata.name, { until: this.#memory.elapsed + rightsMilliseconds, rights });
    return rights;
  }

  async #ask(spec: ClusterBaseline['spec'], read: Reader, turn: Turn): Promise<Rights> {
    const { serviceAccountRef: place } = spec;
    const ungranted = await read.ungranted(grants.accounts, place, turn.signal);
    if (ungranted !== undefined) return { ungranted, accountExists: false, needed: [], missing: [] };
    return rightsOf(spec, (await read.fetch(serviceAccounts, place, turn.signal)) !== undefined, turn);
  }
}

/** What goes wrong with one stays with it. Throws when the apiserver gives no answer to any of them: then the world is at fault. */
async function eachByItself(
  items: readonly (readonly [Item, () => Promise<ItemEvaluation>])[],
  signal: AbortSignal,
): Promise<ItemEvaluation[]> {
  const attempts = await Promise.allSettled(items.map(async ([, evaluate]) => evaluate()));
  signal.throwIfAborted();
  const faults = attempts.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  if (faults.length && faults.length === attempts.length && faults.every(({ name }) => name === 'NoResponse'))
    throw faults[0]!;
  return attempts.map((one, at) =>
    one.status === 'fulfilled'
      ? one.value
      : unread(items[at]![0], `it could not be evaluated: ${(one.reason as Error).message}`),
  );
}

/** Read for what differs alone: what complies is seen to. */
function writtenIn(evaluations: readonly ItemEvaluation[], { account }: Turn): ReadonlyMap<string, WriteOutcome> {
  return new Map(
    evaluations.flatMap(({ item, nonCompliant }) =>
      nonCompliant.flatMap((one): [string, WriteOutcome][] => {
        const fix = one.is === 'fails' ? one.fix : undefined;
        const outcome = fix && account.lastWrite(fix.kind, fix.write);
        return outcome && one.object
          ? [[placeId({ check: item.name, target: targetId({ object: one.object }) }), outcome]]
          : [];
      }),
    ),
  );
}

function inWords(error: Error): string {
  if (error.name === 'NoResponse') throw error;
  return error.message;
}
