/** How objects stand to an expression in CEL. Pure. */
import type { ExpressionCheck } from '../../api/v1alpha1/expressionCheck.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { compile, type Program } from '../../cel/compile.ts';
import { shortened } from '../../lib/text.ts';
import type { Kind } from '../../api/kind.ts';
import { isObject } from '../objects/known.ts';
import { isSecret as isSecretOf } from '../objects/secret.ts';
import type { Members } from '../objects/walk.ts';
import { refOf } from './suspicion.ts';
import type { Evaluation } from './evaluation.ts';

export { compile, type Program };

/** What an expression sees beside the object. */
export interface Surroundings {
  readonly namespaceObject: Resource | undefined;
  readonly params: unknown;
}

/** An expression, ready to be asked of objects of a kind. */
export interface Question {
  readonly check: ExpressionCheck;
  readonly program: Program;
  readonly kind: Kind;
}

export function evaluateExpression(
  { check, program, kind }: Question,
  object: Resource,
  { namespaceObject, params }: Surroundings,
): Evaluation {
  const spot = { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
  const input = { object, namespaceObject: namespaceObject ?? null, params: params ?? null };
  const hidesNothing = !isSecret(object) && !isSecret(params);
  const shown = hidesNothing ? input : { ...input, object: withoutData(object), params: withoutData(input.params) };
  const answer = program.run(input, shown);
  switch (answer.is) {
    case 'holds':
      return 'holds';
    case 'error':
      return { is: 'unknown', object: refOf(kind, spot), message: shortened(answer.message, 500) };
    case 'fails': {
      const actual = answer.message ?? check.message ?? 'the expression is false';
      return {
        is: 'fails',
        object: refOf(kind, spot),
        differences: [{ path: '', expected: shortened(check.expression, 300), actual: shortened(actual, 500) }],
      };
    }
  }
}

/** A Secret whose values cannot be told; others as they are. */
function withoutData(object: unknown): unknown {
  if (!isSecret(object)) return object;
  const hidden = (member: unknown): unknown =>
    isObject(member) ? Object.fromEntries(Object.keys(member).map((key) => [key, '(concealed)'])) : undefined;
  return { ...object, data: hidden(object['data']), stringData: hidden(object['stringData']) };
}

function isSecret(object: unknown): object is Members {
  return isObject(object) && isSecretOf(object);
}

/** Whether the expression looks at the namespace of the object. */
export function seesNamespace({ expression, variables = [], messageExpression = '' }: ExpressionCheck): boolean {
  return [expression, messageExpression, ...variables.map((one) => one.expression)].some((text) =>
    /\bnamespaceObject\b/.test(text),
  );
}
