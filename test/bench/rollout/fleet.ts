/** Rollouts in their first step, each in a namespace of its own, as a cache has them: indexed, with a report per host and the runs that were made. */
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../../operator/api/v1alpha1/canaryRollout.ts';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import { resources } from '../../../operator/api/generated/resources.ts';
import { atRevision } from '../../../operator/drift/revision/assignment.ts';
import type { Reader } from '../../../operator/runtime/feature.ts';
import { after, makeBaseline, makeDevice, makeReport, makeRun, now } from '../../builders/drift.ts';
import { checksOf, revision } from '../../builders/fleetBed.ts';
import { readerOver } from '../reader.ts';

export interface Fleet {
  readonly read: Reader;
  readonly now: Date;
}

export function fleetReader(rollouts: number, devices: number): Fleet {
  const each = Math.max(1, Math.floor(devices / rollouts));
  const objects = Array.from({ length: rollouts }, (_, index) => objectsOf(namespaceOf(index), each)).flat();
  return { read: readerOver(objects), now };
}

export function rolloutNamed(read: Reader, index: number): CanaryRollout {
  const rollout = read.get(resources.CanaryRollout, { namespace: namespaceOf(index), name: 'rhel9' });
  if (!rollout) throw new Error(`there is no rollout ${index}`);
  return rollout;
}

function namespaceOf(index: number): string {
  return `team-${index}`;
}

/** A host in ten has the new revision, complies with it, and soaks. */
function objectsOf(namespace: string, count: number): Resource[] {
  const names = Array.from({ length: count }, (_, at) => `web-${at}`);
  const moved = names.slice(0, Math.max(1, Math.floor(count / 10)));
  const run: AnsibleRun = makeRun(
    'rhel9-1',
    { deviceNames: moved, revision: revision('B') },
    { completionTime: after(-60), hosts: moved.map((name) => ({ name, outcome: 'Verified' })) },
  );
  const baseline = makeBaseline({ mode: 'Enforce', checks: checksOf('B'), updateStrategy: { type: 'Rollout' } });
  const assignment = { base: revision('A'), proven: true, moved: [{ revision: revision('B'), devices: moved }] };
  const status = { revision: revision('B'), runs: ['uid-rhel9-1'], lastRun: 1, assignment };
  const reachable = { type: 'Reachable', status: 'True' as const, reason: 'Connected', message: '' };
  const rest = names.flatMap((name): Resource[] => {
    const device = {
      ...makeDevice(name),
      status: { conditions: [{ ...reachable, lastTransitionTime: after(-600) }] },
    };
    const isMoved = moved.includes(name);
    const version = atRevision(baseline, checksOf(isMoved ? 'B' : 'A'));
    return [device, makeReport(version, device, [], isMoved ? { afterRun: 'uid-rhel9-1' } : {})];
  });
  const rollout: CanaryRollout = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'CanaryRollout',
    metadata: { name: 'rhel9', namespace, uid: `uid-${namespace}`, generation: 1, creationTimestamp: after(-600) },
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } }, gates: { findings: { minSeverity: 'High' } } },
    status: {
      revision: revision('B'),
      previousRevision: revision('A'),
      step: 1,
      exposedPercent: 10,
      startTime: after(-120),
      stepStartTime: after(-120),
      soakStartTime: after(-30),
      runBefore: 0,
    },
  };
  const all: Resource[] = [{ ...baseline, status } as Resource, run, rollout, ...rest];
  return all.map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  }));
}
