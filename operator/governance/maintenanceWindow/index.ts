/** The feature of MaintenanceWindow: tells whether it is open and when that changes. Those who wait for it go by its spec. */
import { resources } from '../../api/generated/resources.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { Feature } from '../../runtime/feature.ts';
import { decideWindow } from './decide.ts';

export function maintenanceWindowFeature(): Feature<MaintenanceWindow, undefined> {
  return {
    kind: resources.MaintenanceWindow,
    // A suspended window is a closed one, and its status must say so.
    judgesSuspension: true,
    observe: () => undefined,
    decide: (window, _, now) => decideWindow(window, now),
  };
}
