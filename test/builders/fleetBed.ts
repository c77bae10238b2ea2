/**
 * A fleet in memory: the decisions of baselines and rollouts are the product's own, hosts are values. A pass of each may be left out, or end before its
 * writes, as when an operator is killed.
 */
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../../operator/api/v1alpha1/ansibleRunStatus.ts';
import type { Approval } from '../../operator/api/v1alpha1/approval.ts';
import type { CanaryRollout, CanaryRolloutSpec } from '../../operator/api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { Condition, Resource } from '../../operator/api/v1alpha1/shared.ts';
import { decideBaseline } from '../../operator/drift/deviceBaseline/decide.ts';
import { observeBaselineNow } from '../../operator/drift/deviceBaseline/observe.ts';
import { revisionOf } from '../../operator/drift/driftReport/report.ts';
import { inOrder, lastComplete, ownRunsOf } from '../../operator/drift/ownRuns.ts';
import { assignedTo, atRevision } from '../../operator/drift/revision/assignment.ts';
import { controllerRevisions, type ControllerRevision } from '../../operator/drift/revision/kept.ts';
import { keptRevisions } from '../../operator/drift/revision/store.ts';
import type { Guard } from '../../operator/governance/approvalPolicies.ts';
import { decideRollout } from '../../operator/rollout/canaryRollout/decide.ts';
import { observeRollout, type RolloutWorld } from '../../operator/rollout/canaryRollout/observe.ts';
import type { Action, DomainConditions } from '../../operator/runtime/feature.ts';
import { timestamp } from '../../operator/lib/timestamp.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd, now as start } from './drift.ts';
import { readerOf } from './reader.ts';

const { signal } = new AbortController();

/** The checks of a revision: what they ask for is its letter. */
export function checksOf(letter: string): DeviceCheck[] {
  return [{ ...motd, file: { path: '/etc/motd', content: letter, mode: '0644' } }];
}

export function revision(letter: string): string {
  const known = revisions.get(letter) ?? revisionOf(makeBaseline({ checks: checksOf(letter) }));
  revisions.set(letter, known);
  return known;
}

const revisions = new Map<string, string>();

export interface Host {
  /** What is there: the letter of a revision, or what somebody wrote. */
  value: string;
  isDown?: boolean;
  /** Letters that cannot be applied here. */
  fails?: string[];
  /** Undoing fails here. */
  keeps?: boolean;
}

interface Executed {
  readonly name: string;
  readonly outcome: HostResult['outcome'];
  readonly message?: string;
  readonly before?: string;
}

export class FleetBed {
  now = start;
  readonly hosts = new Map<string, Host>();
  readonly devices = new Map<string, Device>();
  readonly reports = new Map<string, DriftReport>();
  readonly rollouts = new Map<string, CanaryRollout>();
  readonly stored = new Map<string, ControllerRevision>();
  runs: AnsibleRun[] = [];
  /** What was said of the rollouts. */
  approvals: Approval[] = [];
  guard: Guard = { is: 'intact', since: new Date(start.getTime() - 86_400_000).toISOString(), policies: 'sha256:1' };
  baseline: DeviceBaseline;
  /** Of the store: what an operator remembers ends with it. */
  revisions = keptRevisions();
  /** Every set of hosts that ever had a revision at once, by its letter. */
  readonly exposed = new Map<string, number>();

  constructor(hosts: number, letter = 'A', spec: Partial<DeviceBaseline['spec']> = {}) {
    const checks = checksOf(letter);
    this.baseline = makeBaseline({ mode: 'Enforce', checks, updateStrategy: { type: 'Rollout' }, ...spec });
    this.baseline.status = { revision: revisionOf(this.baseline) };
    for (let at = 1; at <= hosts; at += 1) this.join(`web-${String(at).padStart(2, '0')}`, letter);
  }

  join(name: string, value: string, labels: Record<string, string> = { os: 'rhel9' }): void {
    this.hosts.set(name, { value });
    this.devices.set(name, makeDevice(name, {}, labels));
    this.look(name);
  }

  leave(name: string): void {
    this.hosts.delete(name);
    this.devices.delete(name);
    this.reports.delete(name);
  }

  host(name: string): Host {
    const host = this.hosts.get(name);
    if (!host) throw new Error(`there is no host ${name}`);
    return host;
  }

  declare(letter: string): void {
    const { metadata, spec } = this.baseline;
    const generation = (metadata.generation ?? 1) + 1;
    this.baseline = {
      ...this.baseline,
      metadata: { ...metadata, generation },
      spec: { ...spec, checks: checksOf(letter) },
    };
  }

  roll(spec: Partial<CanaryRolloutSpec> = {}, name = 'rhel9'): void {
    const rollout: CanaryRollout = {
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'CanaryRollout',
      metadata: {
        name,
        namespace: 'fleet',
        uid: `uid-rollout-${name}`,
        generation: 1,
        creationTimestamp: this.now.toISOString(),
      },
      spec: { target: { deviceBaselineRef: { name: 'rhel9' } }, ...spec },
    };
    this.rollouts.set(name, rollout);
  }

  edit(change: Partial<CanaryRolloutSpec>, name = 'rhel9'): void {
    const rollout = this.rollout(name);
    this.rollouts.set(name, { ...rollout, spec: { ...rollout.spec, ...change } });
  }

  /** A second later, of what the rollout waits for. */
  say(decision: Approval['spec']['decision'], approver: string, spec: Partial<Approval['spec']> = {}): void {
    this.pass(1);
    const { approval } = this.rollout().status ?? {};
    const creationTimestamp = timestamp(this.now);
    this.approvals.push({
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'Approval',
      metadata: { name: `${approver}-${this.approvals.length}`, namespace: 'fleet', creationTimestamp },
      spec: {
        subjectRef: { kind: 'CanaryRollout', name: 'rhel9' },
        subjectDigest: approval?.digest ?? 'sha256:none',
        decision,
        approver,
        ...spec,
      },
    });
  }

  annotate(annotations: Record<string, string>, name = 'rhel9'): void {
    const rollout = this.rollout(name);
    this.rollouts.set(name, { ...rollout, metadata: { ...rollout.metadata, annotations } });
  }

  rollout(name = 'rhel9'): CanaryRollout {
    const rollout = this.rollouts.get(name);
    if (!rollout) throw new Error(`there is no rollout ${name}`);
    return rollout;
  }

  condition(type: string, name = 'rhel9'): Condition | undefined {
    return this.rollout(name).status?.conditions?.find((one) => one.type === type);
  }

  /** Names of the hosts that are assigned a revision. */
  assigned(letter: string): string[] {
    const assignment = this.baseline.status?.assignment;
    return [...this.devices.keys()].filter((name) => assignedTo(assignment, name) === revision(letter));
  }

  /** What is on the hosts, by value. */
  values(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { value } of this.hosts.values()) counts[value] = (counts[value] ?? 0) + 1;
    return counts;
  }

  /** Rounds of all passes, each some seconds after the one before. */
  async rounds(count: number, seconds = 1): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      this.pass(seconds);
      await this.baselinePass();
      for (const name of this.devices.keys()) this.look(name);
      this.execute();
      for (const name of this.devices.keys()) this.look(name);
      for (const name of this.rollouts.keys()) this.rolloutPass(name);
      this.measure();
    }
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  /** What a rollout is decided from. */
  world(name = 'rhel9'): RolloutWorld {
    return {
      ...observeRollout(this.rollout(name), { read: this.reader(), now: this.now }),
      asked: {},
      approving: { guard: this.guard, approvals: this.approvals },
    };
  }

  rolloutPass(name: string): void {
    const rollout = this.rollout(name);
    const { status, conditions = {} } = decideRollout(rollout, this.world(name), this.now);
    this.rollouts.set(name, { ...rollout, status: { ...status, conditions: listed(conditions, this.now) } });
  }

  /** `dies`: before the status is stored, or before what follows it. */
  async baselinePass(dies?: 'beforeStatus' | 'afterStatus' | 'afterCreation'): Promise<void> {
    const observing = { read: this.reader(), now: this.now, signal };
    const world = await observeBaselineNow(this.baseline, this.revisions, observing);
    const plan = decideBaseline(this.baseline, world, this.now);
    for (const action of plan.actions) this.act(action);
    if (dies === 'beforeStatus') return;
    this.baseline = {
      ...this.baseline,
      status: { ...plan.status, conditions: listed(plan.conditions ?? {}, this.now) },
    };
    if (dies === 'afterStatus') return;
    for (const action of plan.afterStatus ?? []) this.act(action, dies !== 'afterCreation');
  }

  restart(): void {
    this.revisions = keptRevisions();
  }

  /** The device's own pass. */
  look(name: string): void {
    const [host, device] = [this.hosts.get(name), this.devices.get(name)];
    if (!host || !device) return;
    const before = device.status?.conditions?.[0];
    const is = host.isDown ? 'False' : 'True';
    const since = before?.status === is ? before.lastTransitionTime : this.now.toISOString();
    const reachable = {
      type: 'Reachable',
      status: is,
      reason: 'Said',
      message: host.isDown ? 'no route' : 'ok',
      lastTransitionTime: since,
    };
    this.devices.set(name, { ...device, status: { conditions: [reachable as Condition] } });
    const assigned = assignedTo(this.baseline.status?.assignment, name);
    const checks = this.letters().find((letter) => revision(letter) === assigned);
    if (assigned === undefined || checks === undefined) return void this.reports.delete(name);
    const version = atRevision(this.baseline, checksOf(checks));
    const findings = host.value === checks ? [] : [makeFinding(motd, { found: host.value, expected: checks })];
    const afterRun = lastComplete(this.own().filter(({ spec }) => spec.deviceNames?.includes(name)))?.metadata.uid;
    const blind = {
      result: 'Unknown' as const,
      message: 'no route',
      summary: { pass: 0, fail: 0, waived: 0, unknown: 1, drift: '0' },
    };
    const report = makeReport(version, device, host.isDown ? [] : findings, {
      ...(afterRun && { afterRun }),
      ...(host.isDown && blind),
      observedTime: this.now.toISOString(),
    });
    const old = this.reports.get(name);
    const isSame = old?.status?.result === report.status?.result && old?.status?.source?.revision === assigned;
    const observedTime = isSame ? old?.status?.observedTime : report.status?.observedTime;
    this.reports.set(name, { ...report, status: { ...report.status, ...(observedTime && { observedTime }) } });
  }

  /** What Ansible does. */
  execute(): void {
    this.runs = this.runs.map((run) => (run.status?.completionTime ? run : this.executed(run)));
  }

  private executed(run: AnsibleRun): AnsibleRun {
    const time = this.now.toISOString();
    const reverted = this.runs.find(({ metadata }) => metadata.name === run.spec.revertOf?.name);
    const hosts = (run.spec.deviceNames ?? []).flatMap((name): Executed[] => {
      const host = this.hosts.get(name);
      if (!host) return [];
      if (host.isDown) return [{ name, outcome: 'Unreachable' as const, message: 'no route' }];
      if (reverted) {
        const before = reverted.status?.before?.find(({ device }) => device === name)?.checks[0];
        if (host.keeps) return [{ name, outcome: 'Failed' as const, message: 'it was changed since' }];
        if (before !== undefined) host.value = before;
        return [{ name, outcome: 'Verified' as const }];
      }
      const letter = this.letters().find((one) => revision(one) === run.spec.revision) ?? '?';
      const before = host.value;
      const fails = host.fails?.includes(letter);
      host.value = fails ? `half of ${letter}` : letter;
      return [
        {
          name,
          outcome: fails ? ('Failed' as const) : ('Verified' as const),
          before,
          ...(fails && { message: 'it broke' }),
        },
      ];
    });
    const before = hosts.flatMap(({ name: device, before: was }) =>
      was === undefined ? [] : [{ device, checks: [was], states: '' }],
    );
    const results = hosts.map((host) => ({
      name: host.name,
      outcome: host.outcome,
      ...(host.message !== undefined && { message: host.message }),
    }));
    return {
      ...run,
      status: { startTime: time, completionTime: time, hosts: results, ...(before.length && { before }) },
    };
  }

  private act(action: Action, isRecorded = true): void {
    if (action.do === 'apply' && action.kind === controllerRevisions) {
      const object = action.object as unknown as ControllerRevision;
      this.stored.set(object.metadata.name, object);
    }
    if (action.do === 'delete') {
      this.stored.delete(action.key.name);
      this.runs = this.runs.filter(({ metadata }) => metadata.name !== action.key.name);
    }
    if (action.do !== 'create') return;
    const uid = `uid-${action.object.metadata.name}`;
    if (this.runs.some(({ metadata }) => metadata.name === action.object.metadata.name))
      throw new Error('the name is taken');
    const run = { ...action.object, metadata: { ...action.object.metadata, uid } } as unknown as AnsibleRun;
    this.runs = [...this.runs, run];
    const { creating } = this.baseline.status ?? {};
    if (creating && isRecorded)
      this.baseline = { ...this.baseline, status: { ...this.baseline.status, creating: { ...creating, uid } } };
  }

  private measure(): void {
    for (const letter of this.letters())
      this.exposed.set(letter, Math.max(this.exposed.get(letter) ?? 0, this.assigned(letter).length));
  }

  private own(): AnsibleRun[] {
    return inOrder(ownRunsOf(this.baseline, this.runs));
  }

  private letters(): string[] {
    return [...'ABCDEFGH'];
  }

  private reader() {
    const objects: Resource[] = [
      this.baseline,
      ...this.devices.values(),
      ...this.reports.values(),
      ...this.runs,
      ...this.rollouts.values(),
    ];
    const reader = readerOf(...objects);
    return Object.assign(reader, {
      fetch: (kind: { kind: string }, key: { name: string }) =>
        Promise.resolve(
          kind.kind === controllerRevisions.kind
            ? this.stored.get(key.name)
            : this.runs.find(({ metadata }) => metadata.name === key.name),
        ),
      search: () => Promise.resolve([...this.stored.values()]),
    });
  }
}

function listed(conditions: DomainConditions, now: Date): Condition[] {
  return Object.entries(conditions).map(([type, { status, reason, message }]) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: now.toISOString(),
  }));
}
