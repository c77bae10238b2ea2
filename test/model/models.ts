/** The models by name; `broken` ones are seeded with a fault, which the search must find, in those words. */
import { correctionModel } from './correction.ts';
import { runModel } from './run.ts';
import { search, type Model, type Searched, type SearchOptions } from './search.ts';
import { waiverModel } from './waiver.ts';

/** A model that keeps the type of its states to itself. */
export type Searching = (options: SearchOptions) => Searched;

function searching<S>(model: Model<S>): Searching {
  return (options) => search(model, options);
}

interface Broken {
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

export const models: Readonly<Record<string, Entry>> = {
  'a run of backend Job': {
    model: searching(runModel('Job')),
    broken: {
      'statuses are not bound': {
        model: searching(runModel('Job', { unboundWrites: true })),
        found: /^the record of the start is lost$/,
      },
      'it starts before the record': {
        model: searching(runModel('Job', { startsBeforeRecord: true })),
        found: /^Ansible was started before that was recorded$/,
      },
      'a run that began is not visited again': {
        model: searching(runModel('Job', { looksOnlyOnce: true })),
        found: /^dead end: the run is never complete$/,
      },
    },
  },
  'a run of backend Local': {
    model: searching(runModel('Local')),
    broken: {
      'a known run starts again': {
        model: searching(runModel('Local', { startsTwice: true })),
        found: /^Ansible was started twice$/,
      },
    },
  },
  corrections: {
    model: searching(correctionModel()),
    broken: {
      'statuses are not bound': {
        model: searching(correctionModel({ unboundWrites: true })),
        found: /^the record of a run is lost$/,
      },
      'it creates before the record': {
        model: searching(correctionModel({ createsFirst: true })),
        found: /^a run is created that is not recorded$/,
      },
    },
  },
  'corrections, after a creation without an answer': {
    model: searching(after(correctionModel(), ...unanswered)),
    broken: {
      'the cache alone is read': {
        model: searching(after(correctionModel({ readsCacheOnly: true }), ...unanswered)),
        found: /^livelock|^dead end: a run is not known/,
      },
      'runs are forgotten': {
        model: searching(after(correctionModel({ forgetsRuns: true }), ...unanswered)),
        found: /^livelock/,
      },
    },
  },
  'a waiver that is requested': {
    model: searching(waiverModel('requested')),
    broken: {
      'rejections are not read': {
        model: searching(waiverModel('requested', { ignoresRejections: true })),
        found: /^dead end: what was rejected stays effective/,
      },
    },
  },
  'a waiver in force': {
    model: searching(waiverModel('inForce')),
    broken: {
      'its end is not remembered': {
        model: searching(waiverModel('inForce', { forgetsEnds: true })),
        found: /^the first is effective again after its end$/,
      },
    },
  },
  'an emergency': {
    model: searching(waiverModel('emergency')),
    broken: {
      'statuses are not bound': {
        model: searching(waiverModel('emergency', { unboundWrites: true })),
        found: /^an emergency begins again$/,
      },
    },
  },
};
