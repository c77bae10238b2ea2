/** The feature of AnsibleRun: executes it once on its backend, and lets the probe judge the outcome. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Feature } from '../../runtime/feature.ts';
import { readSecrets } from '../credentials.ts';
import { runsByBaseline, runsByDevice } from '../indexes.ts';
import { jobAccess } from './backend.ts';
import { decideRun, type RunEffect } from './decide.ts';
import { observeRun, type RunWorld } from './observe.ts';
import type { RunParts } from './parts.ts';

export function ansibleRunFeature(parts: RunParts): Feature<AnsibleRun, RunWorld, RunEffect> {
  return {
    kind: resources.AnsibleRun,
    bounded: true,
    workers: 16,
    indexes: [runsByDevice, runsByBaseline],
    access: [readSecrets, ...jobAccess],
    watches: [
      { kind: resources.Device, on: 'declaration', keysOf: () => [] },
      { kind: resources.DeviceBaseline, on: 'declaration', keysOf: () => [] },
      { kind: resources.MaintenanceWindow, on: 'declaration', keysOf: () => [] },
    ],
    observe: (run, read, signal) => observeRun(run, read, parts, signal),
    decide: (run, world, now) => decideRun(run, world, now, parts),
    cleanUp: (run) => ({
      outcome: { is: 'ready', reason: 'Ended', message: 'ended' },
      status: run.status ?? {},
      actions:
        run.spec.backend === 'Local' ? [{ do: 'perform', effect: { do: 'cancel', id: run.metadata.uid ?? '' } }] : [],
    }),
    perform: (effect) => perform(effect, parts),
  };
}

async function perform(effect: RunEffect, { local, onOutcome }: RunParts): Promise<void> {
  switch (effect.do) {
    case 'start':
      return local.start(effect.id, effect.request);
    case 'cancel':
      await local.cancel(effect.id);
      return local.forget(effect.id);
    case 'tell':
      for (const { outcome } of effect.hosts) onOutcome(effect.run, outcome);
      return effect.forget ? local.forget(effect.run.metadata.uid ?? '') : undefined;
  }
}
