/**
 * When each host was last seen, and for what. While that is unchanged and not too long ago, a host is not asked again: what a waiver
 * changes is a decision over what is known, and a thousand hosts are not looked at because one is approved. A host that gave no answer
 * is asked less and less often. Kept in memory, since a look too many after a restart harms nobody.
 */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport, DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import { unfold } from '../../findings/finding.ts';
import { mostFindings } from '../../findings/report.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Plan } from '../../runtime/feature.ts';
import type { SshTarget } from '../../connect/ssh/types.ts';
import type { HostObservation } from '../probe/observation.ts';
import { isReportOn, revisionOf } from '../driftReport/report.ts';

export interface LastLook {
  readonly at: Date;
  /** Digest of what the look depends on. */
  readonly of: string;
  /** Digest of what was said of it: whoever else may write a report is not believed. */
  readonly said?: string | undefined;
  /** Why there was no answer, and how many looks in a row had none to this question. */
  readonly silence?: Silence;
}

export type Unanswered = Exclude<HostObservation, { is: 'seen' }>;

export interface Silence {
  readonly host: Unanswered;
  readonly looks: number;
}

const fewest = 1000;

/** By the uid of the Device. Those of Devices that are gone go, once they could be the half of all. */
export class LastLooks {
  readonly #looks = new Map<string, LastLook>();
  #most = fewest;
  readonly #begun = new Map<string, Date>();
  #since: Date | undefined;

  /** When the first host was looked at; undefined before. */
  get since(): Date | undefined {
    return this.#since;
  }

  /** When the last look at a host began, one that is not over too. */
  begunAt(uid: string): Date | undefined {
    return this.#begun.get(uid);
  }

  get(uid: string): LastLook | undefined {
    return this.#looks.get(uid);
  }

  /** Records what is said of the last look. */
  say(uid: string, said: string | undefined): void {
    const look = this.#looks.get(uid);
    if (look) this.#looks.set(uid, { ...look, said });
  }

  /** A look begins: what was known before will not do if it breaks off. */
  begin(uid: string, at: Date): void {
    this.#looks.delete(uid);
    this.#begun.set(uid, at);
    this.#since ??= at;
  }

  remember(uid: string, look: LastLook, living: () => readonly Device[]): void {
    this.#looks.set(uid, look);
    if (this.#looks.size <= this.#most) return;
    const uids = new Set(living().map(({ metadata }) => metadata.uid));
    for (const one of this.#looks.keys()) if (!uids.has(one)) this.#looks.delete(one);
    for (const one of this.#begun.keys()) if (!uids.has(one)) this.#begun.delete(one);
    this.#most = Math.max(fewest, 2 * this.#looks.size);
  }
}

/** What a look at a host depends on, beside the time. */
export interface Looking {
  readonly device: Device;
  readonly target: SshTarget;
  readonly asked: readonly DeviceBaseline[];
  readonly runs: readonly AnsibleRun[];
}

/** Another digest is another question: whoever changes a label or an annotation of a Device has it looked at. */
export function lookDigest({ device, target, asked, runs }: Looking): string {
  const { uid, generation, labels, annotations } = device.metadata;
  return digestOf({
    // In the order of their names, of which a digest is taken more quickly.
    baselines: asked.map((baseline) => [baseline.metadata.uid, baseline.metadata.generation, revisionOf(baseline)]),
    device: { annotations, generation, labels, uid },
    // One that is deleted leaves a host of which nobody knows what was done to it. Which came first, a look or an end, is not told by times.
    runs: runs
      .filter(({ status }) => status?.startTime)
      .map(({ metadata, status }) => `${metadata.uid} ${status?.completionTime ? 'complete' : 'running'}`)
      .sort(),
    target,
  });
}

export interface Known {
  readonly last: LastLook | undefined;
  readonly of: string;
  readonly now: Date;
  readonly intervalSeconds: number;
}

const defaultSeconds = 300;

/** Seconds between looks at a host: the shortest that a baseline wants. */
export function intervalOf(asked: readonly DeviceBaseline[]): number {
  const intervals = asked.map(({ spec }) => spec.intervalSeconds ?? defaultSeconds);
  return intervals.length ? Math.min(...intervals) : defaultSeconds;
}

const retrySeconds = 60;
const fewLooks = 3;
const longestSilence = 3600;

/** Seconds between looks at a host that gives no answer: a minute at most for the first few, as for a host that restarts, then twice as long each time, up to an hour. */
export function silenceSeconds(looks: number, intervalSeconds: number): number {
  return Math.min(longestSilence, firstSilence(intervalSeconds) * 2 ** Math.max(0, Math.min(looks, 20) - fewLooks));
}

/** A Secret is read so often, whether the host is asked or not: it may be another. */
export function firstSilence(intervalSeconds: number): number {
  return Math.min(intervalSeconds, retrySeconds);
}

/** A recheck comes up to a tenth before its time. */
const earliest = 0.15;

/** Whether what was seen then, or that nothing was, is what would be said of the host now. */
export function isRecent({ last, of, now, intervalSeconds }: Known): boolean {
  if (last?.of !== of) return false;
  const age = (now.getTime() - last.at.getTime()) / 1000;
  const seconds = last.silence
    ? silenceSeconds(last.silence.looks, intervalSeconds) - firstSilence(intervalSeconds) * earliest
    : intervalSeconds * (1 - earliest);
  return age >= 0 && age < seconds;
}

/** Digest of what reports say of a host, whatever waivers cover of it; `undefined` if one does not say all that was seen. */
export function saidIn(statuses: readonly (DriftReportStatus | undefined)[]): string | undefined {
  const said = statuses.map((status) => {
    const { source, message } = status ?? {};
    const findings = unfold(status);
    if (!source || message !== undefined || findings.length >= mostFindings) return undefined;
    return { source, findings: findings.map(({ waiver: _, ...finding }) => digestOf(finding)).sort() };
  });
  return said.every((one) => one !== undefined) ? digestOf(said) : undefined;
}

/** The same of the reports that a plan applies. */
export function saidBy({ actions }: Pick<Plan<Device>, 'actions'>): string | undefined {
  return saidIn(
    actions.flatMap((action) => (action.do === 'apply' ? [action.object.status as DriftReportStatus] : [])),
  );
}

/** The reports of a host that are its own, in the order of its baselines. */
export function reportsOf(
  device: Device,
  asked: readonly DeviceBaseline[],
  reports: readonly DriftReport[],
): (DriftReport | undefined)[] {
  return asked.map((baseline) => reports.find((report) => isReportOn(report, device, baseline.metadata.name)));
}
