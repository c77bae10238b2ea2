/** How one object stands to one template or expression. */
import type { ExpressionCheck } from '../../api/v1alpha1/expressionCheck.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { FieldWriter, ObjectRef } from '../../api/v1alpha1/finding.ts';
import { counted } from '../../lib/text.ts';
import type { Kind } from '../../api/kind.ts';
import type { AccountWrite } from '../../runtime/feature.ts';

export type Item = ObjectTemplate | ExpressionCheck;

export interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly message?: string;
  readonly manager?: FieldWriter;
}

/** A write that would make the object as it must be. */
export interface Fix {
  readonly kind: Kind;
  readonly write: AccountWrite;
  /** Why it cannot be done now, with what to do. */
  readonly obstacle?: string;
}

/** Objects that hold are only counted, because there are many. */
export type NonCompliant =
  | {
      readonly is: 'fails';
      readonly object: ObjectRef;
      readonly differences: readonly Difference[];
      readonly fix?: Fix;
      /** Why the apiserver could not be asked whether defaults and webhooks make it the same. */
      readonly unconfirmed?: string;
    }
  | {
      readonly is: 'unknown';
      readonly object?: ObjectRef;
      readonly message: string;
      /** How many objects it is said of, where that is known of them together. */
      readonly objects?: number;
    };

/** Of one object. */
export type Evaluation = NonCompliant | 'holds';

/** How all objects stand to one template or expression. */
export interface ItemEvaluation {
  readonly item: Item;
  readonly holds: number;
  readonly nonCompliant: readonly NonCompliant[];
  /** More that do not comply, of which there are too many to name. */
  readonly unnamed?: { readonly drifted: number; readonly unknown: number };
  /** What a person must change in the declaration. */
  readonly invalid?: string;
  /** Why nothing was there to be evaluated, with what to compare. */
  readonly nothing?: string;
  /** Ignored paths that differ now, and of how many objects. */
  readonly ignored?: ReadonlyMap<string, number>;
  /** None of it could be read, so that it says nothing of the cluster. */
  readonly isUnread?: true;
}

/** Nothing is known under this template or expression. */
export function allUnknown(item: Item, message: string): ItemEvaluation {
  return { item, holds: 0, nonCompliant: [{ is: 'unknown', message }] };
}

/** Nothing could be read. */
export function unread(item: Item, message: string): ItemEvaluation {
  return { ...allUnknown(item, message), isUnread: true };
}

/** Of objects that are evaluated in a later pass. */
export function later(objects: number): NonCompliant[] {
  if (objects === 0) return [];
  const message = `${counted(objects, 'object')} not evaluated yet; this continues by itself, and is done sooner with fewer objects (\`namespaceSelector\`, \`objectSelector\`) or simpler checks`;
  return [{ is: 'unknown', message, objects }];
}

/** Identifies an object under a template; `target` is its `targetId`. */
export function placeId({ check, target }: { check: string; target: string }): string {
  return `${check} ${target}`;
}
