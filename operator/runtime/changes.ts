/**
 * The one seam at which a change of condition is heard: events hang on it, and whoever else is to be told. Promises: each notifier hears
 * every change once, in order, after the status was written; one that fails stops no other, and no pass.
 */
import type { Logger } from 'pino';
import type { Kind } from '../api/kind.ts';
import type { Condition, Resource } from '../api/v1alpha1/shared.ts';
import type { Note } from './feature.ts';

/** A fact or its reason is another; one that is only worded anew is no change. */
export interface ConditionChange {
  readonly kind: Kind;
  readonly object: Resource;
  readonly was: Condition | undefined;
  readonly is: Condition;
  /** Whether somebody should act. */
  readonly warns: boolean;
}

/** What a notifier may use. */
export interface NotifierNeeds {
  /** Posts a Kubernetes event, of which there is one for each transition of a condition. */
  readonly tell: (about: Resource, note: Note, of?: Condition) => void;
}

export interface Notifier {
  readonly name: string;
  /** Is answered at once: what takes time goes on by itself, within bounds of its own. */
  notify(change: ConditionChange, needs: NotifierNeeds): void;
}

export type OnChange = (change: ConditionChange) => void;

/** Whether people are to hear of it. */
export function isChange(was: Condition | undefined, is: Condition | undefined): is is Condition {
  return is !== undefined && (was?.status !== is.status || was.reason !== is.reason);
}

export function toNotifiers(notifiers: readonly Notifier[], needs: NotifierNeeds, log: Logger): OnChange {
  return (change) => {
    for (const notifier of notifiers) {
      try {
        notifier.notify(change, needs);
      } catch (error) {
        log.error({ err: error, notifier: notifier.name }, 'A notifier failed; this is a bug.');
      }
    }
  };
}
