/**
 * Model of a waiver: `decideWaiver` between an apiserver, people who edit, approve, reject and withdraw, and clocks.
 *
 * Real are `decideWaiver`, `admissionOf` and `periodOf`. The caches of the waiver and of the Approvals lag behind independently; a status is
 * bound to the version that was looked at. Two versions of one request, one finding, one approver and one who rejects; the admission policies
 * may be away. A tick is a day: the first version expires after two, the second after four. Within a tick all is simultaneous.
 */
import type { Approval } from '../../operator/api/v1alpha1/approval.ts';
import type { PolicyWaiver, PolicyWaiverSpec, PolicyWaiverStatus } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { deviceBaselineSource } from '../../operator/drift/deviceBaseline/source.ts';
import { subjectOf } from '../../operator/findings/source.ts';
import { waiverDigest } from '../../operator/findings/waiver/digest.ts';
import { expiryOf, isWithin, periodOf, type Period } from '../../operator/findings/waiver/expiry.ts';
import { admissionOf } from '../../operator/governance/admission.ts';
import type { Guard } from '../../operator/governance/approvalPolicies.ts';
import { decideWaiver } from '../../operator/governance/policyWaiver/decide.ts';
import { waivedSource } from '../../operator/governance/policyWaiver/source.ts';
import { makeBaseline, makeDevice, makeFinding, motd, now as begin } from '../builders/drift.ts';
import { daySeconds, makeApproval, makeWaiver, seconds } from '../builders/waiver.ts';
import { interning, keyed } from './keys.ts';
import type { Model, Step } from './search.ts';
import type { Flight, Said, State, Version, WaiverFaults, Which } from './waiverState.ts';

const lastTick = 5;
const guards: Readonly<Record<'intact' | 'broken', Guard>> = {
  intact: { is: 'intact', since: seconds(-30 * daySeconds), policies: 'sha256:1' },
  broken: { is: 'broken', message: 'a policy is missing' },
};

const intern = interning<PolicyWaiverStatus>();
const baseline = makeBaseline();
const source = waivedSource(deviceBaselineSource, baseline);
const targets = [
  {
    subject: subjectOf(source, { name: 'web-01', labels: makeDevice().metadata.labels }),
    findings: [makeFinding(motd)],
    isKnown: true,
  },
];

export function waiverModel(kind: 'requested' | 'inForce' | 'emergency', faults: WaiverFaults = {}): Model<State> {
  const emergency = kind === 'emergency' && { breakGlass: { reason: 'the vendor is down' } };
  const specs: Readonly<Record<Which, PolicyWaiverSpec>> = {
    first: makeWaiver({ expiryTime: seconds(2 * daySeconds), ...emergency }).spec,
    second: makeWaiver({ expiryTime: seconds(4 * daySeconds), reason: 'it takes longer', ...emergency }).spec,
  };
  const decided = new WeakMap<PolicyWaiverStatus, Map<string, PolicyWaiverStatus>>();
  const periods = new WeakMap<PolicyWaiverStatus, Map<Which, Period | undefined>>();
  const digests = { first: waiverDigest(specs.first), second: waiverDigest(specs.second) } as const;
  const expiries = { first: expiryOf(specs.first), second: expiryOf(specs.second) } as const;
  const start: State = {
    tick: 0,
    guard: 'intact',
    waivers: [{ spec: 'first', generation: 1, status: intern({}) }],
    oldest: 0,
    approvals: [[]],
    mustSee: 0,
    over: [],
    approved: [],
  };
  const said = [{ who: 'bob', of: 'first', tick: 0 }] as const;
  return {
    start: kind === 'inForce' ? settled({ ...start, approvals: [said], approved: ['first'] }) : start,
    keyOf,
    steps,
    unfinished,
  };

  /** As the operator leaves it, when nothing else happens. */
  function settled(state: State): State {
    const key = keyOf(state);
    const next = steps(state).find(({ isCalm, to }) => isCalm && keyOf(to) !== key);
    return next ? settled(next.to) : state;
  }

  function steps(state: State): Step<State>[] {
    const { flight, late, waivers, approvals, oldest, mustSee } = state;
    const isBehind = waivers.length > 1 || approvals.length > 1;
    const all: Step<State>[] = [];
    if (late) all.push(...afterWrite(state, late, 'late'));
    if (flight) all.push(...afterWrite(state, flight, 'flight'));
    if (waivers.length > 1)
      all.push({
        words: 'the cache shows the next version',
        isCalm: true,
        to: { ...state, waivers: waivers.slice(1), oldest: oldest + 1 },
      });
    if (approvals.length > 1)
      all.push({
        words: 'the cache shows the next Approval',
        isCalm: true,
        to: { ...state, approvals: approvals.slice(1) },
      });
    if (!flight && oldest >= mustSee)
      all.push({ words: isBehind ? 'a pass on old views' : 'a pass', isCalm: !isBehind, to: pass(state) });
    all.push(
      { words: 'the operator crashes', to: { ...state, flight: undefined, mustSee: oldest } },
      ...(flight && !late
        ? [{ words: 'another operator leads', to: { ...state, late: flight, flight: undefined, mustSee: oldest } }]
        : []),
      ...clockSteps(state),
      ...peopleSteps(state),
    );
    return all.map(({ to, ...step }) => {
      const after = { ...to, over: overAfter(to) };
      return { ...step, to: after, wrong: wrongIn(state, after) };
    });
  }

  function waiverOf({ spec, status, generation }: Version): PolicyWaiver {
    const waiver = makeWaiver({}, status);
    return { ...waiver, metadata: { ...waiver.metadata, generation }, spec: specs[spec] };
  }

  function pass(state: State): State {
    const seen = state.waivers[0]!;
    const said = state.approvals[0]!;
    const all = decided.get(seen.status) ?? new Map<string, PolicyWaiverStatus>();
    decided.set(seen.status, all);
    const given = JSON.stringify([seen.spec, seen.generation, state.tick, state.guard, said]);
    const status = all.get(given) ?? decide(seen, said, state);
    all.set(given, status);
    return status === seen.status ? state : { ...state, flight: { version: state.oldest, status } };
  }

  function decide(seen: Version, said: readonly Said[], { guard: is, tick }: State): PolicyWaiverStatus {
    const known = {
      ...seen.status,
      ...(faults.forgetsEnds && { ended: undefined }),
      ...(faults.forgetsRenewals && { renewals: undefined }),
    };
    const waiver = waiverOf({ ...seen, status: known });
    const now = dateOf(tick);
    const guard = guards[is];
    const { admission: before } = seen.status;
    const written = { metadata: waiver.metadata, digest: waiverDigest(waiver.spec), ...(before && { before }) };
    const unasked = { who: 'bob', of: seen.spec, tick } as const;
    const heard = faults.needsNoApproval
      ? [unasked]
      : faults.ignoresRejections
        ? said.filter(({ who }) => who === 'bob')
        : said;
    const world = {
      guard,
      admission: admissionOf(written, guard, now),
      approvals: heard.map(approvalOf),
      source,
      isSourceNamespaced: true,
      isComplete: true,
      listsAll: true,
      targets,
    };
    return intern(decideWaiver(waiver, world, now).status);
  }

  function approvalOf({ who, of, tick }: Said): Approval {
    const decision = who === 'bob' ? 'Approve' : 'Reject';
    const waiver = { ...makeWaiver(), spec: specs[of] };
    return makeApproval(waiver, { approver: who, decision }, seconds(tick * daySeconds));
  }

  function afterWrite(state: State, { version, status }: Flight, which: 'flight' | 'late'): Step<State>[] {
    const who = which === 'late' ? 'the former leader' : 'the operator';
    const gone = { ...state, [which]: undefined };
    if (version !== newestOf(state) && !faults.unboundWrites)
      return [{ words: `${who} stores the status: conflict`, isCalm: true, to: gone }];
    const stored = { ...gone, waivers: [...state.waivers, { ...state.waivers.at(-1)!, status }] };
    const seen = which === 'late' ? state.mustSee : newestOf(stored);
    return [
      { words: `${who} stores the status`, isCalm: true, to: { ...stored, mustSee: seen } },
      { words: `${who} stores the status, and the answer is lost`, to: stored },
      { words: `${who} stores the status: refused`, to: gone },
    ];
  }

  function clockSteps(state: State): Step<State>[] {
    const { tick, guard } = state;
    return [
      ...(tick < lastTick ? [{ words: 'a day passes', to: { ...state, tick: tick + 1 } }] : []),
      ...(tick > 0 ? [{ words: 'the clock goes back a day', to: { ...state, tick: tick - 1 } }] : []),
      guard === 'intact'
        ? { words: 'a policy is deleted', to: { ...state, guard: 'broken' } }
        : { words: 'the policy is back', to: { ...state, guard: 'intact' } },
    ];
  }

  function peopleSteps(state: State): Step<State>[] {
    const newest = state.waivers.at(-1)!;
    const other = newest.spec === 'first' ? 'second' : 'first';
    const edited = { ...newest, spec: other, generation: Math.min(3, newest.generation + 1) } as const;
    const said = state.approvals.at(-1)!;
    const withSaid = (next: readonly Said[]): State => ({ ...state, approvals: [...state.approvals, next] });
    const mayLag = state.approvals.length < 3;
    const speak = (who: Said['who']): Step<State>[] => {
      const before = said.find((one) => one.who === who && one.of === newest.spec);
      if (before) return [{ words: `${who} withdraws that`, to: withSaid(said.filter((one) => one !== before)) }];
      const spoken = withSaid([...said, { who, of: newest.spec, tick: state.tick }]);
      const approved = [...new Set([...state.approved, newest.spec])].sort();
      return who === 'bob'
        ? [{ words: `bob approves the ${newest.spec}`, to: { ...spoken, approved } }]
        : [{ words: `carol rejects the ${newest.spec}`, to: spoken }];
    };
    return [
      ...(state.waivers.length < 4
        ? [{ words: `alice requests the ${other}`, to: { ...state, waivers: [...state.waivers, edited] } }]
        : []),
      ...(mayLag && state.guard === 'intact' ? [...speak('bob'), ...speak('carol')] : []),
    ];
  }

  function isEffective({ waivers, tick }: State): boolean {
    const version = waivers.at(-1)!;
    const known = periods.get(version.status) ?? new Map<Which, Period | undefined>();
    periods.set(version.status, known);
    if (!known.has(version.spec)) known.set(version.spec, periodOf(waiverOf(version), 'Low', undefined));
    const period = known.get(version.spec);
    if (faults.neverExpires && period) return dateOf(tick).getTime() >= period.from;
    return period !== undefined && isWithin(period, dateOf(tick));
  }

  /** As far as the end of the version is stored, or that of its emergency without approval. */
  function overAfter({ over, waivers }: State): readonly Which[] {
    const { spec, status } = waivers.at(-1)!;
    const isOver = status.ended?.digest === digests[spec];
    return isOver && !over.includes(spec) ? [...over, spec].sort() : over;
  }

  function wrongIn(before: State, after: State): string | undefined {
    const was = before.waivers.at(-1)!.status;
    const { spec, status } = after.waivers.at(-1)!;
    if ((was.renewals ?? 0) > (status.renewals ?? 0)) return 'a renewal is no longer counted';
    if (was.breakGlassTime !== undefined && was.breakGlassTime !== status.breakGlassTime)
      return 'an emergency begins again';
    if (was.breakGlassEndTime !== undefined && !status.breakGlassEndTime) return 'an emergency that was over goes on';
    if (!isEffective(after)) return undefined;
    if (after.over.includes(spec)) return `the ${spec} is effective again after its end`;
    if (dateOf(after.tick).getTime() >= expiries[spec]) return `the ${spec} is effective after it expired`;
    if (kind !== 'emergency' && !after.approved.includes(spec)) return `the ${spec} is effective without approval`;
    return undefined;
  }

  function unfinished(state: State): string | undefined {
    const { spec, status } = state.waivers.at(-1)!;
    if (status.digest !== digests[spec]) return 'nothing is said of the request';
    if (state.guard === 'broken') return undefined;
    const isRejected = state.approvals.at(-1)!.some(({ who, of }) => who === 'carol' && of === spec);
    return isRejected && isEffective(state) ? 'what was rejected stays effective' : undefined;
  }

  function keyOf(state: State): string {
    const clock = { now: dateOf(state.tick).getTime(), tick: daySeconds * 1000, most: 2 * lastTick };
    const newest = newestOf(state);
    const flown = (flight: Flight | undefined): string =>
      flight ? `${flight.version === newest}${keyed(flight.status, clock)}` : '';
    return [
      state.tick,
      state.guard,
      ...state.waivers.map(({ spec, generation, status }) => spec + generation + keyed(status, clock)),
      state.mustSee > state.oldest ? state.mustSee - state.oldest : '',
      flown(state.flight),
      flown(state.late),
      JSON.stringify([state.approvals, state.over, state.approved]),
    ].join('|');
  }
}

function newestOf({ oldest, waivers }: State): number {
  return oldest + waivers.length - 1;
}

function dateOf(tick: number): Date {
  return new Date(begin.getTime() + tick * daySeconds * 1000);
}
