/** What a waiver would cover, when a window would be open, which hosts a rollout would take, and which baselines a Device. Pure. */
import { resources } from '../../api/generated/resources.ts';
import { selects } from '../../api/selector.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { objectSubject } from '../../drift/clusterBaseline/source.ts';
import { deviceSubject, selectedDevices } from '../../drift/deviceBaseline/source.ts';
import { isReportOn } from '../../drift/driftReport/report.ts';
import { unfold } from '../../findings/finding.ts';
import { ruleOf } from '../../findings/waiver/rules.ts';
import { standsFor, targetId } from '../../findings/waiver/subject.ts';
import { opennessOf } from '../../governance/maintenanceWindow/openness.ts';
import { counted, listed } from '../../lib/text.ts';
import type { Branch } from '../cluster/lines.ts';
import { stepsOf } from './correctionFacts.ts';
import { namesInWords, namesOf, type Effect } from './effect.ts';
import type { Seen } from './seen.ts';

export interface Planned {
  readonly seen: Seen;
  /** The ClusterBaseline that a waiver names. */
  readonly clusterBaseline?: ClusterBaseline | undefined;
  readonly now: Date;
  readonly isWide: boolean;
}

/** Undefined for kinds that do nothing but what they say. */
export function otherEffect(object: Resource, planned: Planned): Effect | undefined {
  switch (object.kind) {
    case 'PolicyWaiver':
      return waiverEffect(object as PolicyWaiver, planned);
    case 'MaintenanceWindow':
      return windowEffect(object as MaintenanceWindow, planned);
    case 'CanaryRollout':
      return rolloutEffect(object as CanaryRollout, planned);
    case 'Device':
      return deviceEffect(object as Device, planned);
    default:
      return undefined;
  }
}

const lackOf = (kinds: readonly string[], { unread }: Seen): string[] =>
  kinds.flatMap((kind) => unread.get(kind) ?? []);
const unknowns = (texts: readonly string[]): Branch[] => texts.map((text) => ({ text: `unknown: ${text}` }));

function waiverEffect(waiver: PolicyWaiver, planned: Planned): Effect {
  const { name, namespace = '' } = waiver.metadata;
  const { source, expiryTime } = waiver.spec;
  const lacks =
    source.kind === 'DeviceBaseline' ? lackOf(['Device', 'DriftReport', 'DeviceBaseline'], planned.seen) : [];
  const { covers, rules } = source.kind === 'DeviceBaseline' ? onHosts(waiver, planned) : onObjects(waiver, planned);
  const words = covers.map(({ check, target }) => `${check} on ${target}`);
  const shown = planned.isWide ? words.length : 5;
  const most = Math.min(...covers.map(({ severity }) => ruleOf(rules, severity).maxDays), Infinity);
  const days = (Date.parse(expiryTime) - planned.now.getTime()) / 86_400_000;
  const isLong = Number.isFinite(most) && days > most;
  return {
    acts: lacks.length > 0,
    facts: { covers: namesOf(words), unread: lacks, ...(Number.isFinite(most) && { mostDays: most }) },
    branches: [
      ...unknowns(lacks),
      {
        text:
          covers.length > 0
            ? `would cover ${counted(covers.length, 'finding')} of now: ${listed(words, shown)}`
            : 'covers no finding of now',
      },
      ...(isLong
        ? [{ text: `it ends at most ${counted(most, 'day')} after its approval, whatever \`expiryTime\` says` }]
        : []),
      {
        text: 'it counts once others have approved it:',
        commands: [`kubectl holdfast approve policywaiver/${name} -n ${namespace}`],
      },
    ],
  };
}

interface Covered {
  readonly covers: readonly {
    readonly check: string;
    readonly target: string;
    readonly severity: 'Low' | 'Medium' | 'High' | 'Critical';
  }[];
  readonly rules: Parameters<typeof ruleOf>[0];
}

function onHosts(waiver: PolicyWaiver, { seen: { read } }: Planned): Covered {
  const namespace = waiver.metadata.namespace ?? '';
  const baseline = read.get(resources.DeviceBaseline, { namespace, name: waiver.spec.source.name });
  if (!baseline) return { covers: [], rules: undefined };
  const reports = Map.groupBy(read.list(resources.DriftReport, namespace), ({ status }) => status?.target?.name ?? '');
  const covers = selectedDevices(baseline, read).flatMap((device) => {
    const report = reports.get(device.metadata.name)?.find((one) => isReportOn(one, device, baseline.metadata.name));
    const subject = deviceSubject(baseline, device);
    return unfold(report?.status)
      .filter(({ result, check }) => result === 'Fail' && standsFor(waiver, subject, check))
      .map(({ check, severity }) => ({ check, severity, target: device.metadata.name }));
  });
  return { covers, rules: baseline.spec.waivers };
}

function onObjects(waiver: PolicyWaiver, { clusterBaseline }: Planned): Covered {
  if (!clusterBaseline) return { covers: [], rules: undefined };
  const covers = unfold(clusterBaseline.status).flatMap(({ check, severity, result, object }) =>
    result === 'Fail' && object && standsFor(waiver, objectSubject(clusterBaseline, object), check)
      ? [{ check, severity, target: targetId({ object }) }]
      : [],
  );
  return { covers, rules: clusterBaseline.spec.waivers };
}

function windowEffect(window: MaintenanceWindow, { seen, now }: Planned): Effect {
  const { name, namespace = '' } = window.metadata;
  const openness = opennessOf(window, now);
  const words = openness.is === 'invalid' ? `invalid: ${openness.message}` : openness.words;
  const users = seen.read
    .list(resources.DeviceBaseline, namespace)
    .filter(({ spec }) => spec.remediation?.windowRef?.name === name)
    .map(({ metadata }) => metadata.name);
  const lacks = lackOf(['DeviceBaseline'], seen);
  const used =
    users.length > 0
      ? `corrections of DeviceBaseline ${listed(users, 5)} wait for it`
      : 'no DeviceBaseline refers to it';
  return {
    acts: lacks.length > 0,
    facts: { openness: words, deviceBaselines: namesOf(users), unread: lacks },
    branches: [...unknowns(lacks), { text: words }, { text: used }],
  };
}

function rolloutEffect(rollout: CanaryRollout, { seen, isWide }: Planned): Effect {
  const namespace = rollout.metadata.namespace ?? '';
  const { name } = rollout.spec.target.deviceBaselineRef;
  const lacks = lackOf(['Device', 'DeviceBaseline'], seen);
  const baseline = seen.read.get(resources.DeviceBaseline, { namespace, name });
  if (!baseline) {
    const text = `DeviceBaseline ${name} does not exist: nothing is rolled out`;
    return { acts: lacks.length > 0, facts: { unread: lacks }, branches: [...unknowns(lacks), { text }] };
  }
  const steps = stepsOf(rollout, selectedDevices(baseline, seen.read));
  const branches = steps.map(({ percent, hosts, words }, at) => ({
    text: `step ${at + 1}, ${percent}%: ${hosts.count === 0 ? 'no further host' : namesInWords(hosts, isWide)}; ${words}`,
  }));
  return {
    acts: lacks.length > 0,
    facts: { steps, unread: lacks },
    branches: [...unknowns(lacks), { text: `hosts of DeviceBaseline ${name}:`, branches }],
  };
}

function deviceEffect(device: Device, { seen }: Planned): Effect {
  const taken = seen.read
    .list(resources.DeviceBaseline, device.metadata.namespace ?? '')
    .filter(({ spec }) => selects(spec.selector, device.metadata.labels));
  const words = taken.map(({ metadata, spec }) => `${metadata.name} (${spec.mode ?? 'Inform'})`);
  const lacks = lackOf(['DeviceBaseline'], seen);
  return {
    acts: lacks.length > 0,
    facts: { deviceBaselines: namesOf(words), unread: lacks },
    branches: [
      ...unknowns(lacks),
      { text: words.length > 0 ? `selected by DeviceBaseline ${listed(words, 5)}` : 'no DeviceBaseline selects it' },
    ],
  };
}
