/** Changes of conditions as Kubernetes events, which `kubectl describe` shows. */
import type { Notifier } from '../../runtime/changes.ts';

export const events: Notifier = {
  name: 'events',
  notify: ({ object, is, warns }, { tell }) =>
    tell(object, { type: warns ? 'Warning' : 'Normal', reason: is.reason, message: is.message }),
};
