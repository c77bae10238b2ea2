/** What was seen of hosts, judged as a pass of their Devices would: nothing here decides about a check. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Condition, Resource } from '../../api/v1alpha1/shared.ts';
import { decideDevice } from '../../drift/device/decide.ts';
import { deviceBaselineSource } from '../../drift/deviceBaseline/source.ts';
import type { HostObservation } from '../../drift/probe/observation.ts';
import { baselineResults, type BaselineResults } from '../../evidence/outputs/results.ts';
import type { FindingSource } from '../../findings/source.ts';
import { keyedDigest } from '../../lib/digest.ts';
import { readerOver } from '../cluster/results/reader.ts';

export interface HostSeen {
  readonly name: string;
  readonly host: HostObservation;
}

/** Hosts are named, not selected; a rollout, a pause and waivers are of a cluster. */
function forNamedHosts({ metadata, spec, ...rest }: DeviceBaseline): DeviceBaseline {
  const { suspend, updateStrategy, ...declared } = spec;
  const { namespace = 'default' } = metadata;
  const uid = suspend || updateStrategy ? 'baseline' : (metadata.uid ?? 'baseline');
  return {
    ...rest,
    metadata: { ...metadata, namespace, uid },
    spec: { ...declared, selector: { matchLabels: named } },
  };
}

const named = { 'holdfast.dev/named': 'true' };

/** `key` conceals what is declared as sensitive: its digests mean nothing later. */
export function judged(
  declared: DeviceBaseline,
  hosts: readonly HostSeen[],
  { key, now }: { readonly key: Buffer; readonly now: Date },
): BaselineResults {
  const baseline = forNamedHosts(declared);
  const conceal = (text: string): string => `hmac:${keyedDigest(key, text).slice(0, 16)}`;
  const looks = hosts.map(({ name, host }) => {
    const device = deviceNamed(name, baseline);
    const world = {
      ...{ host, asked: [baseline], unassigned: new Map<DeviceBaseline, string>(), suspended: [], reports: [] },
      ...{ silentLooks: host.is === 'seen' ? 0 : 1, lookedAt: now, runs: [], waivers: [] },
    };
    const { actions, conditions } = decideDevice(device, world, conceal, now);
    const reports = actions.flatMap((action) => (action.do === 'apply' ? [action.object as unknown as Resource] : []));
    return { device: { ...device, status: { conditions: conditionsOf(conditions ?? {}, now) } }, reports };
  });
  const read = readerOver(
    new Map<string, readonly Resource[]>([
      ['DeviceBaseline', [baseline]],
      ['Device', looks.map(({ device }) => device)],
      ['DriftReport', looks.flatMap(({ reports }) => reports)],
      ['PolicyWaiver', []],
    ]),
  );
  const source = deviceBaselineSource as FindingSource;
  const namespace = baseline.metadata.namespace ?? '';
  return baselineResults({ source, object: baseline }, { read, namespace, now, sources: [source] });
}

export function isHeld({ targets }: BaselineResults): boolean {
  return targets.every(
    ({ state, checks }) => state === 'Seen' && checks.every(({ is }) => is !== 'fail' && is !== 'unknown'),
  );
}

function deviceNamed(name: string, { apiVersion, metadata: { namespace = '' } }: DeviceBaseline): Device {
  return {
    apiVersion,
    kind: 'Device',
    metadata: { name, namespace, uid: `device ${name}`, generation: 1, labels: named },
    spec: { ssh: { host: name, user: 'root', credentialsRef: { name: 'none' } } },
  };
}

function conditionsOf(conditions: NonNullable<ReturnType<typeof decideDevice>['conditions']>, now: Date): Condition[] {
  return Object.entries(conditions).map(([type, { status, reason, message }]) => ({
    ...{ type, status, reason, message },
    ...{ observedGeneration: 1, lastTransitionTime: now.toISOString() },
  }));
}
