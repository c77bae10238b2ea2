/** What Ansible does about a check, whichever type it is of: keep what is there, mend it, put it back. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Task } from '../../lib/ansibleTask.ts';
import type { CheckKey, Declared } from './checkType.ts';
import { declarationOf } from './declaration.ts';

/** Tasks that keep in `folder` on the host what is needed to undo a correction. */
export function keepTasks(check: DeviceCheck, folder: string): readonly Task[] {
  const { type, declared } = declarationOf(check);
  return isTouchable(declared) ? (type.keep?.(declared, folder) ?? []) : [];
}

/** Tasks that make the check hold; none when it cannot be mended. */
export function correctTasks(check: DeviceCheck): readonly Task[] {
  const { type, declared } = declarationOf(check);
  return isTouchable(declared) ? type.correct(declared) : [];
}

/** Tasks that put back what was found: from what `keep` kept in `folder`, or by making the state found hold. */
export function restoreTasks(found: DeviceCheck, folder: string): readonly Task[] {
  const { type, declared } = declarationOf(found);
  return isTouchable(declared) ? (type.restore?.(declared, folder) ?? type.correct(declared)) : [];
}

/** Modules of Ansible replace `$NAME` in a path by the host's environment, so what lies at such a path is only looked at. */
function isTouchable(declared: Declared<CheckKey>): boolean {
  const paths = ['path' in declared ? declared.path : '', 'home' in declared ? declared.home : ''];
  return !paths.some((path) => path?.includes('$'));
}
