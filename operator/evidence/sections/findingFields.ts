/** A finding as sections show it. Pure. */
import type { Finding } from '../../api/v1alpha1/finding.ts';

const none: readonly string[] = [];
const mostKnown = 1000;
const known = new Map<string, readonly string[]>();

/** Of all findings of a check they are the same. */
function controlsIn(text: string): readonly string[] {
  let controls = known.get(text);
  if (!controls) {
    controls = text.split(',').map((control) => control.trim());
    if (known.size >= mostKnown) known.clear();
    known.set(text, controls);
  }
  return controls;
}

/**
 * What a finding says, wherever it is from: field by field, since what else may be in the object is not evidence. Members are in the order in which they
 * are written, which takes a third of the time.
 */
export function findingFields(finding: Finding): Record<string, unknown> {
  const { check, controls, expected, found, manager, manual, message, object, path, result, severity, since } = finding;
  return {
    check,
    controls: controls === undefined ? none : controlsIn(controls),
    expected,
    found,
    manager: manager && { name: manager.name, time: manager.time },
    manual,
    message,
    object: object && {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name: object.name,
      namespace: object.namespace,
    },
    path,
    result,
    severity,
    since,
  };
}
