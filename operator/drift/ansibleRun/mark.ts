/**
 * Each run bears its own uid before it begins. A tool that restores a backup makes objects anew: with all that they said but the uid, and without their
 * status. Such a copy of a run would begin again, whatever became of the run itself. Pure.
 */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Action } from '../../runtime/feature.ts';

export const markAnnotation = 'holdfast.dev/run-uid';

export function isMarked({ metadata }: AnsibleRun): boolean {
  return metadata.annotations?.[markAnnotation] !== undefined;
}

/** Whether it bears the uid of another. */
export function isCopy(run: AnsibleRun): boolean {
  return isMarked(run) && run.metadata.annotations?.[markAnnotation] !== run.metadata.uid;
}

/** The change itself brings the next pass. */
export function markOf({ metadata: { namespace = '', name, uid = '', annotations } }: AnsibleRun): Action<never> {
  const path = '/metadata/annotations';
  const place = `${path}/${markAnnotation.replaceAll('/', '~1')}`;
  return {
    do: 'patch',
    kind: resources.AnsibleRun,
    key: { namespace, name },
    patch: [
      { op: 'test', path: '/metadata/uid', value: uid },
      ...(annotations
        ? [{ op: 'add' as const, path: place, value: uid }]
        : [
            { op: 'test' as const, path, value: null },
            { op: 'add' as const, path, value: { [markAnnotation]: uid } },
          ]),
    ],
  };
}

export const copied =
  `this is a copy of another run, such as a tool makes that restores backups, and is not executed, because the other one may have been; ` +
  `to execute it, create it without the annotation ${markAnnotation}`;
