/** Changes of conditions as Kubernetes events, which `kubectl describe` shows; but not warnings, which are told before their status is stored (`Events.warn`). */
import type { Notifier } from '../../runtime/changes.ts';

/** An object for which one of these is true from the start is as it should be: of a thousand such nobody wants a thousand events. */
const good = new Set(['Ready', 'Reachable', 'Compliant', 'Authorized']);

export const events: Notifier = {
  name: 'events',
  notify({ object, was, is, warns }, { tell }) {
    if (warns || (!was && is.status === 'True' && good.has(is.type))) return;
    tell(object, { type: 'Normal', reason: is.reason, message: is.message }, is);
  },
};
