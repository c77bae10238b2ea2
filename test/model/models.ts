/** The models by name; `broken` ones are seeded with a fault, which the search must find, in those words. */
import { runModel } from './run.ts';
import type { Model } from './search.ts';
import { waiverModel } from './waiver.ts';

/** One that keeps the type of its states to itself. */
export type AnyModel = Model<never>;

interface Broken {
  readonly model: AnyModel;
  readonly found: RegExp;
}

export interface Entry {
  readonly model: AnyModel;
  readonly broken: Readonly<Record<string, Broken>>;
}

export const models: Readonly<Record<string, Entry>> = {
  'a run of backend Job': {
    model: runModel('Job'),
    broken: {
      'statuses are not bound': {
        model: runModel('Job', { unboundWrites: true }),
        found: /^the record of the start is lost$/,
      },
      'it starts before the record': {
        model: runModel('Job', { startsBeforeRecord: true }),
        found: /^Ansible was started before that was recorded$/,
      },
      'a run that began is not visited again': {
        model: runModel('Job', { looksOnlyOnce: true }),
        found: /^dead end: the run is never complete$/,
      },
    },
  },
  'a run of backend Local': {
    model: runModel('Local'),
    broken: {
      'a known run starts again': {
        model: runModel('Local', { startsTwice: true }),
        found: /^Ansible was started twice$/,
      },
    },
  },
  'a waiver that is requested': {
    model: waiverModel('requested'),
    broken: {
      'rejections are not read': {
        model: waiverModel('requested', { ignoresRejections: true }),
        found: /^dead end: what was rejected stays effective/,
      },
    },
  },
  'a waiver in force': {
    model: waiverModel('inForce'),
    broken: {
      'its end is not remembered': {
        model: waiverModel('inForce', { forgetsEnds: true }),
        found: /^the first is effective again after its end$/,
      },
    },
  },
  'an emergency': {
    model: waiverModel('emergency'),
    broken: {
      'statuses are not bound': {
        model: waiverModel('emergency', { unboundWrites: true }),
        found: /^an emergency begins again$/,
      },
    },
  },
};
