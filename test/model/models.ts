/** The models by name; `broken` ones are seeded with a fault, which the search must find, in those words. */
import { correctionModel } from './correction.ts';
import type { CorrectionFaults } from './correctionPass.ts';
import { runModel } from './run.ts';
import type { RunFaults } from './runPass.ts';
import { search, type Model, type Searched, type SearchOptions } from './search.ts';
import { waiverModel } from './waiver.ts';
import type { WaiverFaults } from './waiverState.ts';

/** A model that keeps the type of its states to itself. */
export type Searching = (options: SearchOptions) => Searched;

function searching<S>(model: Model<S>): Searching {
  return (options) => search(model, options);
}

export interface Broken {
  readonly model: Searching;
  readonly found: RegExp;
}

export interface Entry {
  readonly model: Searching;
  readonly broken: Readonly<Record<string, Broken>>;
}

/** The model from where these steps lead. */
function after<S>(model: Model<S>, ...words: readonly string[]): Model<S> {
  const start = words.reduce((state, word) => {
    const step = model.steps(state).find((one) => one.words === word);
    if (!step) throw new Error(`there is no step '${word}'`);
    return step.to;
  }, model.start);
  return { ...model, start };
}

const unanswered = [
  'a pass',
  'the operator stores the status (creating rhel9-1)',
  'the operator creates rhel9-1, and the answer is lost',
] as const;

const corrected = [
  'a pass',
  'the operator stores the status (creating rhel9-1)',
  'the operator creates rhel9-1',
  'the operator stores the status (creating rhel9-1)',
  'the cache of baseline shows the next',
  'the cache of baseline shows the next',
  'the cache of runs shows the next',
  'rhel9-1 starts',
  'rhel9-1 corrects web-01',
] as const;

/** Broken models of one kind: by what is broken, the fault and what the search finds. */
function broken<F, S>(
  modelOf: (faults: F) => Model<S>,
  all: Readonly<Record<string, readonly [faults: F, found: RegExp]>>,
): Entry['broken'] {
  return Object.fromEntries(
    Object.entries(all).map(([what, [faults, found]]) => [what, { model: searching(modelOf(faults)), found }]),
  );
}

const renewed = [
  'carol rejects the first',
  'the cache shows the next Approval',
  'a pass',
  'another operator leads',
  'alice requests the second',
  'the cache shows the next version',
];
const released = ['a pass', 'the operator stores the status', 'the operator does job', 'the operator stores the uid'];
const aboutToRelease = [
  ...released,
  'the cache shows the next version',
  'the cache shows the next version',
  'a pass',
  'the operator stores the status',
];
const afterHandOver = ['another operator leads', 'somebody suspends the baseline'];
const endedRelease = [...aboutToRelease, ...afterHandOver, 'a pass'];
const recordedStart = ['a pass', 'the operator stores the status', 'the cache shows the next version'];
const endedStart = [...recordedStart, ...afterHandOver, 'a pass'];

export const models: Readonly<Record<string, Entry>> = {
  'a run of backend Job': {
    model: searching(runModel('Job')),
    broken: broken((faults: RunFaults) => runModel('Job', faults), {
      'statuses are not bound': [{ unboundWrites: true }, /^the record of the start is lost/],
      'it starts before the record': [{ startsBeforeRecord: true }, /^Ansible was started before that was recorded/],
      'a run that began is not visited again': [{ looksOnlyOnce: true }, /^dead end: the run is never complete/],
      'a recorded run is not asked again whether it is wanted': [
        { neverAsksAgain: true },
        /^what is no longer wanted is started/,
      ],
    }),
  },
  'a run of backend Job, ended just before its release': {
    model: searching(after(runModel('Job'), ...endedRelease)),
    broken: broken((faults: RunFaults) => after(runModel('Job', faults), ...endedRelease), {
      'a Job that is over can be released': [{ leavesFenceOpen: true }, /^Ansible was started after the run was over/],
      'the Job of a run that is deleted is not stopped': [
        { leavesJobs: true },
        /^Ansible was started after the run was over/,
      ],
    }),
  },
  'a run of backend Local': {
    model: searching(runModel('Local')),
    broken: broken((faults: RunFaults) => runModel('Local', faults), {
      'a known run starts again': [{ startsTwice: true }, /^Ansible was started twice/],
      'what is recorded is replaced by a later look': [{ looksAgain: true }, /^what was there before is lost/],
      'what was executed is forgotten': [{ forgetsExecuted: true }, /^livelock|^dead end|^what was there before/],
    }),
  },
  'a run of backend Local, ended just before its start': {
    model: searching(after(runModel('Local'), ...endedStart)),
    broken: broken((faults: RunFaults) => after(runModel('Local', faults), ...endedStart), {
      'a run that is over can be started': [{ leavesFenceOpen: true }, /^Ansible was started after the run was over/],
    }),
  },
  corrections: {
    model: searching(correctionModel()),
    broken: broken(correctionModel, {
      'statuses are not bound': [{ unboundWrites: true }, /^the record of a run is lost/],
      'it creates before the record': [{ createsFirst: true }, /^a run is created that is not recorded/],
      'open runs are not seen': [{ overlooksOpen: true }, /^two runs of the baseline are open|^one attempt at a drift/],
      'its mode is not read': [{ ignoresMode: true }, /^a run is created, and the mode is not Enforce/],
      'waivers are not read': [{ ignoresWaivers: true }, /^what is waived is corrected/],
      'a run begins although it is wanted no longer': [
        { startsUnwanted: true },
        /^a run starts that is no longer wanted/,
      ],
    }),
  },
  'corrections of two hosts': {
    model: searching(
      after(correctionModel(), 'web-02 drifts (one)', 'web-02 is evaluated', 'the cache of reports shows the next'),
    ),
    broken: broken(
      (faults: CorrectionFaults) =>
        after(
          correctionModel(faults),
          'web-02 drifts (one)',
          'web-02 is evaluated',
          'the cache of reports shows the next',
        ),
      {
        'all hosts are corrected at once': [{ allAtOnce: true }, /^more hosts are in work than maxUnavailable allows/],
      },
    ),
  },
  'corrections, after a creation without an answer': {
    model: searching(after(correctionModel(), ...unanswered)),
    broken: broken((faults: CorrectionFaults) => after(correctionModel(faults), ...unanswered), {
      'the cache alone is read': [
        { readsCacheOnly: true },
        /^livelock|^dead end: a run is not known|^one attempt|^two runs/,
      ],
      'runs are forgotten': [{ forgetsRuns: true }, /^livelock/],
    }),
  },
  'corrections, after a run': {
    model: searching(after(correctionModel(), ...corrected)),
    broken: broken((faults: CorrectionFaults) => after(correctionModel(faults), ...corrected), {
      'numbers are forgotten': [{ forgetsNumbers: true }, /^the number of a run is used again/],
    }),
  },
  'a waiver that is requested': {
    model: searching(waiverModel('requested')),
    broken: broken((faults: WaiverFaults) => waiverModel('requested', faults), {
      'rejections are not read': [{ ignoresRejections: true }, /^dead end: what was rejected stays effective/],
      'it needs no approval': [{ needsNoApproval: true }, /^the first is effective without approval/],
    }),
  },
  'a waiver in force': {
    model: searching(waiverModel('inForce')),
    broken: broken((faults: WaiverFaults) => waiverModel('inForce', faults), {
      'its end is not remembered': [{ forgetsEnds: true }, /^the first is effective again after its end/],
      'its expiry is not read': [{ neverExpires: true }, /^the first is effective after it expired/],
      'renewals are not remembered': [{ forgetsRenewals: true }, /^a renewal is no longer counted/],
    }),
  },
  'a waiver in force that is renewed': {
    model: searching(after(waiverModel('inForce'), ...renewed)),
    broken: broken((faults: WaiverFaults) => after(waiverModel('inForce', faults), ...renewed), {
      'statuses are not bound': [{ unboundWrites: true }, /^the first is effective again after its end/],
    }),
  },
  'an emergency': {
    model: searching(waiverModel('emergency')),
    broken: broken((faults: WaiverFaults) => waiverModel('emergency', faults), {
      'statuses are not bound': [{ unboundWrites: true }, /^an emergency begins again/],
    }),
  },
};
