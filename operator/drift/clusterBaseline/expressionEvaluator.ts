/** Evaluates all objects of a kind by an expression. */
import type { ExpressionCheck } from '../../api/v1alpha1/expressionCheck.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { selects } from '../../api/selector.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Followed } from '../../runtime/feature.ts';
import {
  compile,
  evaluateExpression,
  evaluationOf,
  inputsOf,
  seesNamespace,
  type Question,
  type Surroundings,
} from './expression.ts';
import { allUnknown, later, unread, type Evaluation, type NonCompliant, type ItemEvaluation } from './evaluation.ts';
import type { ItemMemory, Memory } from './memory.ts';
import { noNamespace, noObject } from './nothing.ts';
import { groupAndVersion, versionOf, type Turn } from './turn.ts';

export class ExpressionEvaluator {
  readonly #memory: Memory;
  readonly #programs = new WeakMap<ItemMemory, ReturnType<typeof compile>>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  async evaluate(check: ExpressionCheck, turn: Turn): Promise<ItemEvaluation> {
    const memory = this.#memory.of(turn.baseline.metadata.uid ?? '', digestOf(check));
    await turn.effort.rest();
    const compiled = this.#compiled(check, memory, turn);
    if (compiled.is === 'invalid') {
      const invalid = `check ${check.name}: ${compiled.message}`;
      return { ...allUnknown(check, invalid), invalid };
    }
    const { group = '', version = '', kind: name } = check.resource;
    const kind = await turn.account.kindOf(group, version, name);
    if (!kind)
      return allUnknown(
        check,
        `the apiserver has no kind ${name} in group '${group}'; install its CRD, or fix \`resource\``,
      );
    const objects = await turn.account.follow(kind);
    if (objects.is === 'unknown') return unread(check, objects.message);
    const within =
      check.namespaceSelector && kind.namespaced ? await turn.namespaces(check.namespaceSelector) : undefined;
    if (within && 'unknown' in within) return unread(check, within.unknown);
    if (within?.length === 0) return { item: check, holds: 0, nonCompliant: [], nothing: noNamespace };
    const params = await paramsOf(check, turn);
    if ('unknown' in params) return unread(check, params.unknown);
    const namespaces = seesNamespace(check) && kind.namespaced ? await turn.namespaceObjects() : undefined;
    if (namespaces?.is === 'unknown') return unread(check, namespaces.message);
    const names = within && new Set(within);
    const isChosen = ({ metadata }: Resource): boolean =>
      (!names || names.has(metadata.namespace ?? '')) &&
      (!check.objectSelector || selects(check.objectSelector, metadata.labels));
    const question = { check, program: compiled.program, kind };
    return this.#evaluateAll(objects.list(''), { question, isChosen, namespaces, params: params.object, memory }, turn);
  }

  async #evaluateAll(objects: readonly Resource[], asked: Asked, turn: Turn): Promise<ItemEvaluation> {
    const { question, namespaces, params } = asked;
    const nonCompliant: NonCompliant[] = [];
    let [holds, left] = [0, 0];
    for (const object of objects) {
      const rest = turn.effort.rest();
      if (rest) await rest;
      if (!asked.isChosen(object)) continue;
      const namespaceObject = namespaces?.get({ namespace: '', name: object.metadata.namespace ?? '' });
      const around = { namespaceObject, params };
      const beside = `${versionOf(params)} ${versionOf(namespaceObject)}`;
      const known = asked.memory.recall(object, beside);
      const answer = known ?? (await this.#evaluate({ object, around, beside }, asked, turn));
      if (answer === undefined) left += 1;
      else if (answer === 'holds') holds += 1;
      else nonCompliant.push(answer);
    }
    const nothing = holds + left + nonCompliant.length === 0 && { nothing: noObject(question.kind) };
    return { item: question.check, holds, nonCompliant: [...nonCompliant, ...later(left)], ...nothing };
  }

  /** `undefined` when that is left for a later pass. */
  async #evaluate(
    { object, around, beside }: One,
    { question, memory }: Asked,
    { effort }: Turn,
  ): Promise<Evaluation | undefined> {
    if (!memory.isCostly(object, beside)) {
      if (!effort.mayEvaluate) return undefined;
      const answer = effort.measured(() => evaluateExpression(question, object, around));
      if (answer !== 'costly') {
        memory.remember(object, answer, { beside, isLasting: true });
        return answer;
      }
      memory.rememberCostly(object, beside);
    }
    const job = { source: question.program.source, ...inputsOf(object, around) };
    const result = await effort.beside(job, (found) =>
      memory.remember(object, evaluationOf(question, object, found), { beside, isLasting: true }),
    );
    return result && evaluationOf(question, object, result);
  }

  #compiled(check: ExpressionCheck, memory: ItemMemory, { effort }: Turn): ReturnType<typeof compile> {
    const known = this.#programs.get(memory) ?? effort.measured(() => compile(check));
    this.#programs.set(memory, known);
    return known;
  }
}

/** What is asked of each object. */
interface Asked {
  readonly question: Question;
  readonly isChosen: (object: Resource) => boolean;
  readonly namespaces: Extract<Followed, { is: 'current' }> | undefined;
  readonly params: Resource | undefined;
  readonly memory: ItemMemory;
}

/** An object, and what the expression sees beside it. */
interface One {
  readonly object: Resource;
  readonly around: Surroundings;
  /** Identifies that. */
  readonly beside: string;
}

/** Parameters are followed, so that a change of theirs is noticed at once. */
async function paramsOf(
  { paramRef }: ExpressionCheck,
  turn: Turn,
): Promise<{ object?: Resource } | { unknown: string }> {
  if (!paramRef) return {};
  const { group, version } = groupAndVersion(paramRef.apiVersion);
  const what = `${paramRef.kind} ${paramRef.namespace ? `${paramRef.namespace}/` : ''}${paramRef.name}`;
  const kind = await turn.account.kindOf(group, version, paramRef.kind);
  if (!kind)
    return { unknown: `the apiserver has no kind ${paramRef.kind} in ${paramRef.apiVersion}; fix \`paramRef\`` };
  if (kind.namespaced !== (paramRef.namespace !== undefined))
    return { unknown: `\`paramRef\`: ${paramRef.kind} ${kind.namespaced ? 'needs a namespace' : 'has no namespace'}` };
  const followed = await turn.account.follow(kind);
  if (followed.is === 'unknown') return { unknown: followed.message };
  const object = followed.get({ namespace: paramRef.namespace ?? '', name: paramRef.name });
  return object ? { object } : { unknown: `the parameters are missing: create ${what}` };
}
