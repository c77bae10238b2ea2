/** The feature of AnsibleRun: executes it once on its backend, and lets the probe verify the outcome. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import { feature, type Observing, type Plan } from '../../runtime/feature.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { grants } from '../grants.ts';
import { runsByBaseline, runsByDevice } from '../indexes.ts';
import { stopOf, type RunEffect } from './backend.ts';
import { decideRun } from './decide.ts';
import { withoutWork } from './kept.ts';
import { meansOf, type RunNeeds } from './needs.ts';
import { observeRun } from './observe.ts';
import { Stopwatch } from './stopwatch.ts';
import type { RunWorld } from './world.ts';

export const ansibleRun = feature({
  kind: resources.AnsibleRun,
  bounded: true,
  workers: 16,
  // A complete one has nothing that would go on.
  finalizes: ({ status }: AnsibleRun) => status?.completionTime === undefined,
  keeps: withoutWork,
  indexes: [runsByDevice, runsByBaseline, reportsBySource, waiversBySource],
  reads: [
    resources.Device,
    resources.DeviceBaseline,
    resources.DriftReport,
    resources.MaintenanceWindow,
    resources.PolicyWaiver,
  ],
  // Of what is complete the cache does not keep all.
  fetches: [resources.AnsibleRun, resources.DeviceBaseline],
  grants: [grants.credentials, grants.playbooks, grants.jobs],
  open(needs: RunNeeds) {
    const stopwatch = new Stopwatch(needs.elapsed);
    return {
      async observe(run: AnsibleRun, observing: Observing): Promise<RunWorld> {
        const { uid = '' } = run.metadata;
        const world = await observeRun(run, needs, observing);
        if (world.is === 'started') return { ...world, seconds: stopwatch.seconds(uid, world.state) };
        stopwatch.forget(uid);
        return world;
      },
      decide: (run: AnsibleRun, world: RunWorld, now: Date) => decideRun(run, world, now, meansOf(needs)),
      cleanUp: (run: AnsibleRun, world: RunWorld) => cleanUp(run, world, needs),
      perform: (effect: RunEffect) => perform(effect, needs),
    };
  },
});

/** A Job is collected some time after its run is gone: it must neither begin nor continue until then. */
function cleanUp(run: AnsibleRun, world: RunWorld, needs: RunNeeds): Plan<AnsibleRun, RunEffect> {
  const isToBeStopped = run.spec.backend === 'Local' || (world.is === 'deleted' && world.jobIsOpen);
  return {
    outcome: { is: 'ready', reason: 'Ended', message: 'ended' },
    status: run.status ?? {},
    actions: isToBeStopped ? stopOf(run, meansOf(needs)) : [],
  };
}

async function perform(effect: RunEffect, { local, onOutcome }: RunNeeds): Promise<void> {
  switch (effect.do) {
    case 'start':
      return local.start(effect.id, effect.request, effect.record);
    case 'cancel':
      await local.cancel(effect.id);
      return local.forget(effect.id);
    case 'tell':
      for (const { outcome } of effect.hosts) onOutcome(effect.run, outcome);
      return effect.forget ? local.forget(effect.run.metadata.uid ?? '') : undefined;
  }
}
