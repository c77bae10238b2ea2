/** The list of notifiers: who hears of changes of conditions. */
import { events } from './response/notifiers/events.ts';
import type { Notifier } from './runtime/changes.ts';

export const notifiers: readonly Notifier[] = [events];
