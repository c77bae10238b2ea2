/** What the cache keeps of a run. Pure. */
import type { AnsibleRun, AnsibleRunSpec } from '../../api/v1alpha1/ansibleRun.ts';

/**
 * A complete run is a record: of whom, what it was to correct, and how it came out. What it did in detail is read from the apiserver by the
 * run that undoes it.
 */
export function withoutWork(run: AnsibleRun): AnsibleRun {
  return run.status?.completionTime ? { ...run, spec: recordOf(run.spec) } : run;
}

/** Of a playbook is left that there was one. */
function recordOf({ checks: _, variables: _variables, playbook, ...record }: AnsibleRunSpec): AnsibleRunSpec {
  return { ...record, ...(playbook && { playbook: {} }) };
}
