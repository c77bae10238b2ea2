/** What Holdfast would do once an object were as declared. Pure. */
import { isRolledOut } from '../../drift/revision/assignment.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { counted } from '../../lib/text.ts';
import type { Branch } from '../cluster/lines.ts';

export interface Effect {
  /** Whether something would be changed on a host or an object, or it is not known whether. */
  readonly acts: boolean;
  /** For programs. */
  readonly facts: object;
  readonly branches: readonly Branch[];
}

/** So many, and the names of the first. */
export interface Names {
  readonly count: number;
  readonly names: readonly string[];
}

const mostNames = 100;

export function namesOf(all: readonly string[]): Names {
  return { count: all.length, names: all.slice(0, mostNames) };
}

const planned = 'planned';

/** Of an object that is not there yet. */
export function plannedUid(kind: string, { namespace = '', name }: Resource['metadata']): string {
  return `${planned} ${kind} ${namespace}/${name}`;
}

export function isPlanned({ metadata: { uid = '' } }: Resource): boolean {
  return uid.startsWith(`${planned} `);
}

/** `web-01, web-02 and 3 more`, all that are kept where it `isWide`. */
export function namesInWords({ count, names }: Names, isWide: boolean): string {
  const shown = names.slice(0, isWide ? mostNames : 4);
  const rest = count - shown.length;
  if (shown.length === 0) return counted(count, 'host');
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** Whether hosts have revisions of their own, so that a change reaches them by a rollout alone. */
export function followsRollouts(baseline: DeviceBaseline): boolean {
  return isRolledOut(baseline) || baseline.status?.assignment !== undefined;
}
