/** Evaluates all objects that an object template is about. */
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Kind } from '../../api/kind.ts';
import { differences } from '../objects/compare.ts';
import { orTooLarge, tooLarge } from '../objects/tooLarge.ts';
import { ignoredProblems, pathAbove } from '../objects/ignored.ts';
import { problemsOf } from '../objects/problems.ts';
import { schemaOf, type FieldSchema } from '../objects/schema.ts';
import { confirm } from './confirm.ts';
import { oneOf, type Asking } from './exists.ts';
import { namesOf, needsOnlyMetadata, refOf, suspect, type Conceal, type Suspicion } from './suspicion.ts';
import { allUnknown, later, unread, type NonCompliant, type ItemEvaluation, type Evaluation } from './evaluation.ts';
import { lostNulls } from './lostNulls.ts';
import type { ItemMemory, Memory } from './memory.ts';
import { noNamespace, noObject } from './nothing.ts';
import { spotsOf, type Spot } from './scope.ts';
import { groupAndVersion, type Turn } from './turn.ts';
import { json } from './write.ts';

const schemaMilliseconds = 600_000;
/** When a template does not fit its kind, the kind may soon be another. */
const unfitSchemaMilliseconds = 60_000;

/** What is asked of each object. */
interface Asked {
  readonly item: ObjectTemplate;
  readonly kind: Kind;
  readonly schema: FieldSchema | undefined;
  readonly memory: ItemMemory;
  readonly turn: Turn;
}

type Suspected = Exclude<Suspicion, { is: 'holds' }>;

export class TemplateEvaluator {
  readonly #memory: Memory;
  readonly #conceal: Conceal;
  /** By the object as it was heard, and the template as it was declared. */
  readonly #ignored = new WeakMap<Resource, WeakMap<object, readonly string[]>>();
  readonly #schemas = new Map<string, { schema: Promise<FieldSchema | undefined>; until: number }>();

  constructor(memory: Memory, conceal: Conceal) {
    this.#memory = memory;
    this.#conceal = conceal;
  }

  async evaluate(item: ObjectTemplate, turn: Turn): Promise<ItemEvaluation> {
    const lost = lostNulls(turn.baseline, item);
    if (lost !== undefined) return allUnknown(item, lost);
    const memory = this.#memory.of(turn.baseline.metadata.uid ?? '', digestOf(item));
    const { group, version } = groupAndVersion(item.template.apiVersion);
    const kind = await turn.account.kindOf(group, version, item.template.kind);
    if (!kind) {
      const message = `the apiserver has no kind ${item.template.kind} in ${item.template.apiVersion}; install its CRD, or fix the template`;
      return allUnknown(item, message);
    }
    const names = namesOf(item, kind);
    if ('invalid' in names) return { ...allUnknown(item, names.invalid), invalid: names.invalid };
    const followed = await turn.account.follow(kind, needsOnlyMetadata(item) ? 'metadata' : undefined);
    if (followed.is === 'unknown') return unread(item, followed.message);
    const namespaces = await turn.namespacesOf(item, names.namespace, kind);
    if ('unknown' in namespaces) return unread(item, namespaces.unknown);
    const schema = await this.#schema(kind, turn);
    await turn.effort.rest();
    const problems = turn.effort.measured(() => problemsOf(json(item.template), schema, item.match ?? 'MustHave'));
    if (problems.length) {
      this.#askSooner(kind);
      return allUnknown(item, `the template does not validate: ${problems.join('; ')}. Nothing is written`);
    }
    const [wrong] = ignoredProblems(item.ignoredPaths ?? [], schema);
    if (wrong !== undefined) {
      this.#askSooner(kind);
      const invalid = `template ${item.name}: ignoredPaths: ${wrong}`;
      return { ...allUnknown(item, invalid), invalid };
    }
    const mustBe = item.match !== 'MustNotHave';
    if (namespaces.length === 0)
      return mustBe ? allUnknown(item, noNamespace) : { item, holds: 0, nonCompliant: [], nothing: noNamespace };
    const asked: Asked = { item, kind, schema, memory, turn };
    if (item.match === 'MustExist') {
      const asking: Asking = {
        rest: () => turn.effort.rest(),
        known: (spot) => this.#known(spot, asked),
        confirm: (suspicion, spot) => this.#confirm(suspicion, spot, asked),
      };
      const ask = (namespace: string) =>
        oneOf(spotsOf(names.name, [namespace], followed, item.objectSelector), placeOf(kind, namespace), asking);
      const answers = await Promise.all(namespaces.map(ask));
      const nonCompliant = answers.filter((answer) => answer !== 'holds');
      return { item, holds: answers.length - nonCompliant.length, nonCompliant };
    }
    const nonCompliant: NonCompliant[] = [];
    const suspected: { readonly suspicion: Suspected; readonly spot: Spot }[] = [];
    const ignored = new Map<string, number>();
    let [holds, seen, left] = [0, 0, 0];
    for (const spot of spotsOf(names.name, namespaces, followed, item.objectSelector)) {
      const rest = turn.effort.rest();
      if (rest) await rest;
      if (!spot) continue;
      seen += 1;
      const answer = this.#known(spot, asked);
      for (const path of this.#ignoredIn(spot, asked)) ignored.set(path, (ignored.get(path) ?? 0) + 1);
      if (answer === undefined) left += 1;
      else if (answer === 'holds') holds += 1;
      else if (answer.is === 'fails' || answer.is === 'unknown') nonCompliant.push(answer);
      else suspected.push({ suspicion: answer, spot });
    }
    // Those of which nothing could be found out before do not keep the others from their turn.
    const isOld = ({ spot }: { spot: Spot }) => Number(memory.wasAsked(spot.object ?? placeIn(spot)));
    const inOrder = suspected.sort((a, b) => isOld(a) - isOld(b));
    const confirming = inOrder.map(({ suspicion, spot }) => this.#confirm(suspicion, spot, asked));
    for (const answer of await Promise.all(confirming)) {
      if (answer === 'holds') holds += 1;
      else nonCompliant.push(answer);
    }
    const nothing = seen === 0 && mustBe && { nothing: noObject(kind) };
    return {
      item,
      holds,
      nonCompliant: [...nonCompliant, ...later(left)],
      ...nothing,
      ...(ignored.size > 0 && { ignored }),
    };
  }

  /** Ignored paths that differ. */
  #ignoredIn({ object }: Spot, { item, schema, turn }: Asked): readonly string[] {
    const { ignoredPaths = [], template, match } = item;
    if (!object || !ignoredPaths.length || match === 'MustNotHave') return [];
    const known = this.#ignored.get(object)?.get(item.template);
    if (known) return known;
    if (!turn.effort.mayEvaluate) return [];
    const pair = { template: json(template), live: json(object), schema, conceal: this.#conceal };
    const found = turn.effort.measured(() => orTooLarge(() => differences(pair, match ?? 'MustHave')));
    const paths =
      found === tooLarge ? [] : [...new Set(found.flatMap(({ path }) => pathAbove(path, ignoredPaths) ?? []))];
    const answers = this.#ignored.get(object) ?? new WeakMap<object, readonly string[]>();
    this.#ignored.set(object, answers.set(item.template, paths));
    return paths;
  }

  /** What is known of the spot already, or what is suspected; `undefined` when that is left for a later pass. */
  #known(spot: Spot, asked: Asked): Evaluation | Suspected | undefined {
    const { object } = spot;
    const { item, kind, schema, memory, turn } = asked;
    const known = object ? memory.recall(object) : memory.recallAbsent(placeIn(spot));
    if (known !== undefined) return known;
    if (!turn.effort.mayEvaluate) return object && memory.recallOld(object);
    const suspicion = turn.effort.measured(() => orTooLarge(() => suspect(item, object, schema, this.#conceal)));
    if (suspicion === tooLarge) {
      const answer: Evaluation = { is: 'unknown', object: refOf(kind, spot), message: tooLarge };
      if (object) memory.remember(object, answer, { isLasting: true });
      return answer;
    }
    if (suspicion.is !== 'holds') return suspicion;
    if (object) memory.remember(object, 'holds');
    return 'holds';
  }

  async #confirm(suspicion: Suspected, spot: Spot, { item, kind, schema, memory, turn }: Asked): Promise<Evaluation> {
    const { account, accountName, signal, baseline } = turn;
    const identity = { name: baseline.metadata.name, uid: baseline.metadata.uid ?? '' };
    const conceal = this.#conceal;
    const how = { item, kind, spot, schema, baseline: identity, account, accountName, conceal, signal };
    const about = spot.object ?? placeIn(spot);
    const question = () =>
      confirm(suspicion, how).catch((error: unknown): NonCompliant => {
        signal.throwIfAborted();
        return {
          is: 'unknown',
          object: refOf(kind, spot),
          message: `the dry run failed: ${(error as Error).message}`,
        };
      });
    const open = memory.open(about);
    const answer = await (open ? turn.awaited(() => open) : turn.dryRun(item.name, () => memory.ask(about, question)));
    return (
      answer ?? notFoundOutAgain(spot.object && memory.recallOld(spot.object)) ?? unconfirmed(suspicion, kind, spot)
    );
  }

  #askSooner(kind: Kind): void {
    const known = this.#schemas.get(idOf(kind));
    const soon = this.#memory.elapsed + unfitSchemaMilliseconds;
    if (known && known.until > soon) known.until = soon;
  }

  /** Asked again every ten minutes, because CRDs change. */
  #schema(kind: Kind, turn: Turn): Promise<FieldSchema | undefined> {
    const id = idOf(kind);
    const known = this.#schemas.get(id);
    const now = this.#memory.elapsed;
    if (known && known.until > now) return known.schema;
    const schema = turn.account.openApi(kind.group, kind.version).then((document) => schemaOf(document, kind));
    schema.catch(() => this.#schemas.delete(id));
    this.#schemas.set(id, { schema, until: now + schemaMilliseconds });
    return schema;
  }
}

/** What was said of the object before and led to nothing stays, while it is asked again. */
function notFoundOutAgain(old: Evaluation | undefined): NonCompliant | undefined {
  if (old === undefined || old === 'holds') return undefined;
  return old.is === 'unknown' || old.fix?.obstacle !== undefined ? old : undefined;
}

/** What is suspected is shown, until a later pass has made sure. */
function unconfirmed(suspicion: Suspected, kind: Kind, spot: Spot): NonCompliant {
  const object = refOf(kind, spot);
  if (suspicion.is === 'differs')
    return {
      is: 'fails',
      object,
      differences: suspicion.differences,
      unconfirmed: 'a dry run follows in the next pass',
    };
  const [expected, actual] = suspicion.is === 'absent' ? ['present', 'absent'] : ['absent', 'present'];
  return { is: 'fails', object, differences: [{ path: '', expected, actual }] };
}

function placeOf(kind: Kind, namespace: string): ObjectRef {
  return { ...refOf(kind, { namespace, name: '' }), name: undefined };
}

function idOf(kind: Kind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}

function placeIn({ namespace, name }: Spot): string {
  return `${namespace}/${name}`;
}
