/** Rollouts in their first step, each in a namespace of its own, as a cache has them: indexed, with a report per host and the runs that were made. */
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../../operator/api/v1alpha1/canaryRollout.ts';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import type { Kind } from '../../../operator/api/kind.ts';
import { resources } from '../../../operator/api/generated/resources.ts';
import { atRevision } from '../../../operator/drift/revision/assignment.ts';
import type { Index, Key, Reader } from '../../../operator/runtime/feature.ts';
import { after, makeBaseline, makeDevice, makeReport, makeRun, now } from '../../builders/drift.ts';
import { checksOf, revision } from '../../builders/fleetBed.ts';

export interface Fleet {
  readonly read: Reader;
  readonly now: Date;
}

export function fleetReader(rollouts: number, devices: number): Fleet {
  const objects = new Map<string, Resource[]>();
  const each = Math.max(1, Math.floor(devices / rollouts));
  for (let index = 0; index < rollouts; index += 1) {
    for (const object of objectsOf(namespaceOf(index), each)) {
      const place = `${object.kind}/${object.metadata.namespace ?? ''}`;
      const there = objects.get(place) ?? [];
      there.push(object);
      objects.set(place, there);
    }
  }
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

function readerOver(objects: ReadonlyMap<string, readonly Resource[]>): Reader {
  const byName = new Map(
    [...objects].map(([place, all]) => [place, new Map(all.map((object) => [object.metadata.name, object]))]),
  );
  const indexed = new Map<string, Map<string, Resource[]>>();
  const reader: Pick<Reader, 'get' | 'list' | 'by'> = {
    get: <R extends Resource>({ kind }: Kind<R>, { namespace, name }: Key) =>
      byName.get(`${kind}/${namespace}`)?.get(name) as R | undefined,
    list: <R extends Resource>({ kind }: Kind<R>, namespace: string) =>
      (objects.get(`${kind}/${namespace}`) ?? []) as readonly R[],
    by: <R extends Resource>(index: Index<R>, namespace: string, value: string) => {
      const place = `${index.kind.kind}/${namespace}/${index.name}`;
      const known = indexed.get(place) ?? grouped(index, objects.get(`${index.kind.kind}/${namespace}`) ?? []);
      indexed.set(place, known);
      return (known.get(value) ?? []) as readonly Resource[] as readonly R[];
    },
  };
  return reader as Reader;
}

function grouped<R extends Resource>(index: Index<R>, objects: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const object of objects)
    for (const value of index.valuesOf(object as R)) groups.set(value, [...(groups.get(value) ?? []), object]);
  return groups;
}
