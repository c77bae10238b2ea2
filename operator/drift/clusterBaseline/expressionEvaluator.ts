/** Evaluates all objects of a kind by an expression. */
import { setImmediate } from 'node:timers/promises';
import type { ExpressionCheck } from '../../api/v1alpha1/expressionCheck.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { selects } from '../../api/selector.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Followed } from '../../runtime/feature.ts';
import type { Kind } from '../../api/kind.ts';
import { compile, evaluateExpression, seesNamespace, type Program } from './expression.ts';
import { allUnknown, unread, type NonCompliant, type ItemEvaluation } from './evaluation.ts';
import type { Memory } from './memory.ts';
import { noNamespace, noObject } from './nothing.ts';
import { groupAndVersion, versionOf, type Turn } from './turn.ts';

const slice = 200;
const mostPrograms = 2000;

export class ExpressionEvaluator {
  readonly #memory: Memory;
  readonly #programs = new Map<string, ReturnType<typeof compile>>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  async evaluate(check: ExpressionCheck, turn: Turn): Promise<ItemEvaluation> {
    const about = `${turn.baseline.metadata.uid ?? ''} ${digestOf(check)}`;
    const compiled = this.#compiled(check, about);
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
    const chosen = objects
      .list('')
      .filter(({ metadata }) => !names || names.has(metadata.namespace ?? ''))
      .filter(({ metadata }) => !check.objectSelector || selects(check.objectSelector, metadata.labels));
    const around = { kind, namespaces, params: params.object, about };
    const nothing = chosen.length === 0 ? { nothing: noObject(kind) } : {};
    return { ...(await this.#evaluateAll(check, compiled.program, chosen, around)), ...nothing };
  }

  async #evaluateAll(
    check: ExpressionCheck,
    program: Program,
    objects: readonly Resource[],
    { kind, namespaces, params, about }: Around,
  ): Promise<ItemEvaluation> {
    const nonCompliant: NonCompliant[] = [];
    let holds = 0;
    let fresh = 0;
    for (const object of objects) {
      const namespaceObject = namespaces?.get({ namespace: '', name: object.metadata.namespace ?? '' });
      const asked = `${about} ${versionOf(params)} ${versionOf(namespaceObject)}`;
      let answer = this.#memory.recall(object, asked);
      if (answer === undefined) {
        if (++fresh % slice === 0) await setImmediate();
        answer = evaluateExpression({ check, program, kind }, object, { namespaceObject, params });
        this.#memory.remember(object, asked, answer, 'lasting');
      }
      if (answer === 'holds') holds += 1;
      else nonCompliant.push(answer);
    }
    return { item: check, holds, nonCompliant };
  }

  #compiled(check: ExpressionCheck, about: string): ReturnType<typeof compile> {
    const known = this.#programs.get(about) ?? compile(check);
    if (this.#programs.size >= mostPrograms) this.#programs.clear();
    this.#programs.set(about, known);
    return known;
  }
}

interface Around {
  readonly kind: Kind;
  readonly namespaces: Extract<Followed, { is: 'current' }> | undefined;
  readonly params: Resource | undefined;
  readonly about: string;
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
