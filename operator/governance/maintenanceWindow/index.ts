/** The feature of MaintenanceWindow: tells whether it is open and when that changes. Those who wait for it go by its spec. */
import { resources } from '../../api/generated/resources.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import { feature } from '../../runtime/feature.ts';
import { decideWindow } from './decide.ts';

export const maintenanceWindow = feature({
  kind: resources.MaintenanceWindow,
  // A suspended window is a closed one, and its status must say so.
  decidesSuspension: true,
  open: () => ({
    observe: () => undefined,
    decide: (window: MaintenanceWindow, _: unknown, now: Date) => decideWindow(window, now),
  }),
});
