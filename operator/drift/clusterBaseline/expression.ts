/** How objects stand to an expression in CEL. Pure. */
import type { ExpressionCheck } from '../../api/v1alpha1/expressionCheck.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { compile, type Inputs, type Program, type Result } from '../../cel/compile.ts';
import { shortened } from '../../lib/text.ts';
import type { Kind } from '../../api/kind.ts';
import { isObject } from '../objects/known.ts';
import { isSecret as isSecretOf } from '../objects/secret.ts';
import { visible } from '../objects/shown.ts';
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

/** `costly` where that takes longer than everything else can wait: what to evaluate elsewhere is in `inputsOf`. */
export function evaluateExpression(question: Question, object: Resource, around: Surroundings): Evaluation | 'costly' {
  const result = question.program.runQuickly(inputsOf(object, around));
  return result === 'costly' ? 'costly' : evaluationOf(question, object, result);
}

export function inputsOf(object: Resource, { namespaceObject, params }: Surroundings): Inputs {
  const input = { object, namespaceObject: namespaceObject ?? null, params: params ?? null };
  if (!isSecret(object) && !isSecret(params)) return { input };
  return { input, shown: { ...input, object: withoutData(object), params: withoutData(input.params) } };
}

export function evaluationOf({ check, kind }: Question, object: Resource, answer: Result): Evaluation {
  const spot = { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
  switch (answer.is) {
    case 'holds':
      return 'holds';
    case 'error':
      return { is: 'unknown', object: refOf(kind, spot), message: shortened(visible(answer.message), 500) };
    case 'fails': {
      // What an object has in it is for nobody's terminal to obey.
      const said = answer.message === undefined ? undefined : visible(answer.message);
      const actual = said ?? check.message ?? 'the expression is false';
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
