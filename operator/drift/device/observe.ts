/** Looks at a host: one exec over SSH answers for all of its baselines. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { selects } from '../../api/selector.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { SshTarget } from '../../connect/ssh/types.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { endpointOf, type Endpoint } from '../credentials.ts';
import { waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import { reportsByDevice, runsByDevice } from '../indexes.ts';
import { digestOf } from '../../lib/digest.ts';
import type { HostObservation } from '../probe/observation.ts';
import { assignedTo, atRevision, isRolledOut } from '../revision/assignment.ts';
import { lostRevision } from '../revision/kept.ts';
import type { Revisions } from '../revision/store.ts';
import type { SecretReader, SharedReads } from './sharedReads.ts';
import { intervalOf, isRecent, lookDigest, reportsOf, saidIn, type LastLooks } from './lastLooks.ts';

/** Asks a host about checks; the answers come in their order. */
export type Probe = (
  target: SshTarget,
  checks: readonly DeviceCheck[],
  signal: AbortSignal,
) => Promise<HostObservation>;

export interface DeviceWorld {
  /** The baselines that were asked, by name, with the checks that this host is assigned. Their checks went to the host in this order. */
  readonly asked: readonly DeviceBaseline[];
  /** Baselines of which it is not known what this host is to hold to, and why: nothing was asked for them. */
  readonly unassigned: ReadonlyMap<DeviceBaseline, string>;
  /** Baselines that select the host and are suspended: their reports stay as they are. */
  readonly suspended: readonly DeviceBaseline[];
  /** The reports that there are on this host. */
  readonly reports: readonly DriftReport[];
  readonly host:
    | HostObservation
    | { readonly is: 'unconfigured'; readonly message: string }
    /** It was seen a moment ago, and its reports say all that was. */
    | { readonly is: 'recent' };
  /** How many looks in a row, this one included, gave no answer. */
  readonly silentLooks: number;
  /** When the look began. What changed on the host after it may not have been seen. */
  readonly lookedAt: Date;
  /** Runs on this host, complete or not, as they were when the look began. */
  readonly runs: readonly AnsibleRun[];
  /** Waivers of the baselines that were asked. */
  readonly waivers: readonly PolicyWaiver[];
}

export interface Eyes {
  readonly probe: Probe;
  readonly revisions: Revisions;
  readonly lastLooks: LastLooks;
  readonly secrets: SharedReads;
}

type Looked = Pick<DeviceWorld, 'host' | 'lookedAt' | 'silentLooks'>;

export async function observeDevice(
  device: Device,
  { probe, lastLooks, revisions, secrets }: Eyes,
  { read, now, signal }: Observing,
): Promise<DeviceWorld> {
  const { namespace = '', name, uid = '' } = device.metadata;
  const baselines = baselinesOf(device, read);
  const suspended = baselines.filter(({ spec }) => isSuspended(spec.suspend, now));
  const awake = baselines.filter((baseline) => !suspended.includes(baseline));
  const { asked, unassigned } = await assignedBaselines(device, awake, revisions, { read, now, signal });
  const runs = read.by(runsByDevice, namespace, name);
  const endpointBy = (secret: SecretReader): Promise<Endpoint> => endpointOf(device, secret, signal);
  const latest = (): Promise<Endpoint> => endpointBy(secrets.afresh(read, now));
  const look = async (endpoint: Endpoint, isLatest: boolean): Promise<Looked> => {
    if (endpoint.is !== 'ready')
      return isLatest ? { host: endpoint, lookedAt: now, silentLooks: 0 } : look(await latest(), true);
    const of = lookDigest({ device, target: endpoint.target, asked, runs });
    const last = lastLooks.get(uid);
    const reports = read.by(reportsByDevice, namespace, name);
    const known = { last, of, now, intervalSeconds: intervalOf(asked) };
    if (last && isRecent(known)) {
      const { silence, at: lookedAt } = last;
      if (silence) return { host: silence.host, lookedAt, silentLooks: silence.looks };
      const said = saidIn(reportsOf(device, asked, reports).map((report) => report?.status));
      if (said !== undefined && said === last.said) return { host: { is: 'recent' }, lookedAt, silentLooks: 0 };
    }
    lastLooks.begin(uid, now);
    const checks = asked.flatMap(({ spec }) => spec.checks);
    const host = await probe(endpoint.target, checks, signal);
    if (host.is !== 'seen' && !isLatest) {
      const since = await latest();
      if (digestOf(since) !== digestOf(endpoint)) return look(since, true);
    }
    const silentLooks = host.is === 'seen' ? 0 : 1 + (last?.of === of ? (last.silence?.looks ?? 0) : 0);
    const silence = host.is === 'seen' ? {} : { silence: { host, looks: silentLooks } };
    lastLooks.remember(uid, { at: now, of, ...silence }, () => read.list(resources.Device, ''));
    return { host, lookedAt: now, silentLooks };
  };
  // Where there was no answer, its Secret may be why, and somebody at work on it.
  const isSilent = lastLooks.get(uid)?.silence !== undefined;
  const secret = isSilent ? secrets.afresh(read, now) : secrets.through(read, now);
  const endpoint = await endpointBy(secret);
  return {
    asked,
    unassigned,
    suspended,
    runs,
    ...(await look(endpoint, !secret.hasShared)),
    reports: read.by(reportsByDevice, namespace, name),
    // Read after the look, which takes its time.
    waivers: asked.flatMap(({ metadata }) =>
      read.by(waiversBySource, namespace, sourceId(resources.DeviceBaseline.kind, metadata.name)),
    ),
  };
}

/** Each baseline with the checks of the revision that the host is assigned. */
async function assignedBaselines(
  { metadata: { name } }: Device,
  baselines: readonly DeviceBaseline[],
  revisions: Revisions,
  observing: Observing,
): Promise<Pick<DeviceWorld, 'asked' | 'unassigned'>> {
  const asked: DeviceBaseline[] = [];
  const unassigned = new Map<DeviceBaseline, string>();
  for (const baseline of baselines) {
    if (!isRolledOut(baseline)) {
      asked.push(baseline);
      continue;
    }
    const revision = assignedTo(baseline.status?.assignment, name);
    const checks = revision === undefined ? undefined : await revisions.checksOf(baseline, revision, observing);
    if (checks) asked.push(atRevision(baseline, checks));
    else if (revision === undefined) unassigned.set(baseline, 'no revision is assigned: create a CanaryRollout');
    else unassigned.set(baseline, lostRevision(baseline.metadata.name, revision));
  }
  return { asked, unassigned };
}

/** The baselines of its namespace that select the device, by name. */
export function baselinesOf(device: Device, read: Reader): DeviceBaseline[] {
  return read
    .list(resources.DeviceBaseline, device.metadata.namespace ?? '')
    .filter(
      (baseline) => !baseline.metadata.deletionTimestamp && selects(baseline.spec.selector, device.metadata.labels),
    )
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
