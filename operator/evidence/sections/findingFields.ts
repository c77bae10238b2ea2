/** A finding as sections show it. Pure. */
import type { Finding } from '../../api/v1alpha1/finding.ts';

/** What a finding says, wherever it is from. */
export function findingFields(finding: Finding): Readonly<Record<string, unknown>> {
  const { check, controls, expected, found, message, path, result, severity, since, object, manager, manual } = finding;
  return {
    check,
    controls: controls === undefined ? [] : controls.split(',').map((control) => control.trim()),
    expected,
    found,
    message,
    path,
    result,
    severity,
    since,
    manual,
    ...(object && {
      object: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        namespace: object.namespace,
        name: object.name,
      },
    }),
    ...(manager && { manager: { name: manager.name, time: manager.time } }),
  };
}
