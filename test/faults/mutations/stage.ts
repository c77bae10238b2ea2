/** One subject in one place, mutated again and again: each time it settles, is put back, and must be as it was. */
import { until } from '../../operator/until.ts';
import { apiVersion, conditionOf } from '../../operator/bed.ts';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import { resources } from '../../../operator/api/generated/resources.ts';
import type { Reply } from '../../operator/asUser.ts';
import { differences } from '../wire/case.ts';
import type { MutationBed } from './bed.ts';
import { stateOf } from './state.ts';
import type { Subject } from './subjects.ts';
import type { Mutation } from './walk.ts';

export interface Trial {
  readonly mutation: Mutation;
  /** `changed`: it was stored and evaluated; `refused`: by the apiserver; `same`: it means the same to the apiserver. */
  readonly outcome: 'changed' | 'refused' | 'same';
  readonly problems: readonly string[];
}

/** What must never be the answer to a spec. */
const bad = /^(InternalError|ReconcileFailed)$/;

export class Stage {
  readonly #bed: MutationBed;
  readonly #subject: Subject;
  readonly id: string;
  readonly #key: string;
  #before: unknown;
  #surroundings: ReadonlySet<string> = new Set();

  /** Resolves when the subject is there and has settled. */
  static async begin(bed: MutationBed, subject: Subject): Promise<Stage> {
    const stage = new Stage(bed, subject, await bed.place());
    await stage.#begin();
    return stage;
  }

  private constructor(bed: MutationBed, subject: Subject, id: string) {
    this.#bed = bed;
    this.#subject = subject;
    this.id = id;
    this.#key = `${subject.kind}/${subject.nameIn(id)}`;
  }

  async try(mutation: Mutation): Promise<Trial> {
    if (this.#subject.isImmutable) return this.#tryAnother(mutation);
    const reply = await this.#put(mutation.spec);
    if (reply.is === 'refused') return { mutation, outcome: 'refused', problems: refusalFaults(mutation, reply) };
    const problems = mutation.isValid ? [] : ['it was accepted'];
    const { generation = 0 } = reply.object.metadata;
    const isSame = generation === this.#bed.seen.of(this.id).get(this.#key)?.status?.observedGeneration;
    await this.#settle(generation, problems, 'changed');
    const ready = conditionOf(this.#bed.seen.of(this.id).get(this.#key), 'Ready');
    if (bad.test(ready?.reason ?? '')) problems.push(`Ready is ${ready!.reason}: ${ready!.message}`);
    const back = await this.#put(this.#subject.spec(this.id));
    if (back.is === 'refused') throw new Error(`it could not be put back: ${back.message}`);
    await this.#settle(back.object.metadata.generation ?? 0, problems, 'put back');
    problems.push(...(await this.#after(mutation)));
    return { mutation, outcome: isSame ? 'same' : 'changed', problems };
  }

  /** Of a kind that cannot be changed: the change is refused, and another object with it comes and goes. */
  async #tryAnother(mutation: Mutation): Promise<Trial> {
    const { users, seen } = this.#bed;
    const { kind, plural, as } = this.#subject;
    const problems: string[] = [];
    const refused = await this.#put(mutation.spec);
    if (refused.is === 'accepted' && refused.object.metadata.generation !== 1) problems.push('it was changed');
    const reply = await this.#create(kind, 'another', mutation.spec, as);
    if (reply.is === 'refused') return { mutation, outcome: 'refused', problems: refusalFaults(mutation, reply) };
    if (!mutation.isValid) problems.push('it was accepted');
    const key = `${kind}/another`;
    await seen.settle(this.id, key, 1).catch((error: unknown) => problems.push(`it did not settle: ${String(error)}`));
    const ready = conditionOf(seen.of(this.id).get(key), 'Ready');
    if (bad.test(ready?.reason ?? '')) problems.push(`Ready is ${ready!.reason}: ${ready!.message}`);
    await users.delete({ plural, name: 'another', namespace: this.id });
    problems.push(...(await this.#after(mutation)));
    return { mutation, outcome: 'changed', problems };
  }

  /** What lasts by design is from now on what was before. */
  async #after({ path, how }: Mutation): Promise<readonly string[]> {
    if (!this.#subject.lasting?.includes(`${path} ${how}`)) return this.#asBefore();
    await this.#quiet();
    this.#before = this.#state();
    return [];
  }

  /** What still differs from before, after a while. */
  async #asBefore(): Promise<readonly string[]> {
    const left = await goneWithin(45, () => differences(this.#before, this.#state(), 'state'));
    if (left.length > 0) this.#before = this.#state();
    return left.map((line) => line.replace('without a fault', 'before'));
  }

  /** Somebody else writes into its status; resolves to what still differs from before, after a while. */
  async disturb(status: object): Promise<readonly string[]> {
    const { cluster, seen } = this.#bed;
    const version = () => seen.of(this.id).get(this.#key)?.metadata.resourceVersion;
    const before = version();
    await cluster.kubectl.merge(
      this.#subject.kind,
      this.#spot().name,
      { status },
      { namespace: this.id, subresource: 'status' },
    );
    await until('the change is seen', () => (version() === before ? undefined : true));
    return this.#asBefore();
  }

  /** Deletes the subject; resolves to what is left of it. */
  async end(): Promise<readonly string[]> {
    const { users, seen } = this.#bed;
    const reply = await users.delete(this.#spot());
    if (reply.is === 'refused') return [`it could not be deleted: ${reply.message}`];
    const left = () => [...seen.of(this.id).keys()].filter((key) => !this.#surroundings.has(key));
    const rest = await goneWithin(60, left);
    await this.#bed.cluster.kubectl.run('delete', 'namespace', this.id, '--wait=false');
    return rest.map((key) => `${key} is left`);
  }

  async #begin(): Promise<void> {
    const { cluster, seen } = this.#bed;
    const { kind, as } = this.#subject;
    const around = this.#subject.surroundings(this.id);
    await cluster.kubectl.apply(...around);
    const { waiver } = this.#subject;
    if (waiver) await this.#create('PolicyWaiver', 'legacy-banner', waiver, 'alice');
    if (around.length > 0) await this.#quiet();
    this.#surroundings = new Set(['ConfigMap/kube-root-ca.crt', ...seen.of(this.id).keys()]);
    const reply = await this.#create(kind, this.#spot().name, this.#subject.spec(this.id), as);
    if (reply.is === 'refused') throw new Error(`${kind} could not be created: ${reply.message}`);
    await seen.settle(this.id, this.#key, 1);
    const { begins } = this.#subject;
    const has = (type: string) => conditionOf(seen.of(this.id).get(this.#key), type)?.status === 'True';
    if (begins) await until(`it is ${begins}`, () => (has(begins) ? true : undefined), { seconds: 180 });
    await this.#quiet();
    this.#before = this.#state();
  }

  #create(kind: keyof typeof resources, name: string, spec: unknown, as?: string): Promise<Reply> {
    const { plural, namespaced } = resources[kind];
    const metadata = { name, ...(namespaced && { namespace: this.id }) };
    const object = { apiVersion, kind, metadata, spec } as unknown as Resource & object;
    return this.#users(as).create(plural, object);
  }

  /** Its neighbors too have settled. */
  async #quiet(): Promise<void> {
    let last = '';
    const look = () => {
      const now = JSON.stringify(this.#state());
      const isSame = now === last;
      last = now;
      return isSame ? true : undefined;
    };
    await until(`${this.id} is quiet`, look, { everyMilliseconds: 3000 });
  }

  async #settle(generation: number, problems: string[], when: string): Promise<void> {
    await this.#bed.seen.settle(this.id, this.#key, generation).catch((error: unknown) => {
      problems.push(`${when}, it did not settle: ${String(error)}`);
    });
  }

  #state(): unknown {
    return stateOf(this.#bed.seen.of(this.id));
  }

  #put(spec: unknown): Promise<Reply> {
    const live = this.#bed.seen.of(this.id).get(this.#key)!;
    return this.#users(this.#subject.as).change('json', this.#spot(), { spec }, live);
  }

  #users(as: string | undefined) {
    return as === undefined ? this.#bed.users : this.#bed.users.as(as);
  }

  #spot() {
    const { plural, namespaced } = this.#subject;
    return { plural, name: this.#subject.nameIn(this.id), ...(namespaced && { namespace: this.id }) };
  }
}

/** A refusal names the field, or is that of a policy. */
function refusalFaults({ path, isValid }: Mutation, { status, message }: Extract<Reply, { is: 'refused' }>): string[] {
  if (status === 403 && isValid) return [];
  if (status !== 422) return [`it was refused with ${status}: ${message}`];
  const names = path.replace(/\[\d+\]/g, '').split('.');
  const isNamed = isValid ? message.includes('spec') : message.includes(names.at(-1)!);
  return isNamed ? [] : [`the refusal names no field: ${message}`];
}

/** What remains of a list after so long; nothing as soon as it is empty. */
async function goneWithin(seconds: number, list: () => readonly string[]): Promise<readonly string[]> {
  const look = () => (list().length === 0 ? true : undefined);
  await until('nothing remains', look, { seconds, everyMilliseconds: 100 }).catch(() => undefined);
  return list();
}
