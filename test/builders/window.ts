/** Makes MaintenanceWindows for tests: Sunday 02:00–04:00 UTC by default, each property overridable. */
import type { MaintenanceWindow, MaintenanceWindowSpec } from '../../operator/api/v1alpha1/maintenanceWindow.ts';

export function makeWindow(
  spec: Partial<MaintenanceWindowSpec> = {},
  status?: MaintenanceWindow['status'],
  name = 'sunday-night',
): MaintenanceWindow {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'MaintenanceWindow',
    metadata: { name, namespace: 'fleet', uid: `uid-${name}`, generation: 1 },
    spec: { timeZone: 'Etc/UTC', windows: [{ schedule: '0 2 * * 0', durationSeconds: 7200 }], ...spec },
    ...(status && { status }),
  };
}
