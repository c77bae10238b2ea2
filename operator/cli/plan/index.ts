/** Plans what files declare: each object is tried as an apply would write it, then what Holdfast would do about all of them together is worked out. */
import { randomBytes } from 'node:crypto';
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { keyedDigest } from '../../lib/digest.ts';
import { Discovery } from '../../runtime/discovery.ts';
import { eachOf } from '../check/index.ts';
import { storedForm } from '../check/stored.ts';
import { exit, Failure, type Cluster, type Exit, type Io } from '../command.ts';
import { unread } from '../cluster/unread.ts';
import { within, type Place } from '../cluster/within.ts';
import { readInputs } from '../inputs.ts';
import type { PlanOutput } from '../plan.ts';
import { concealed, concealedTexts, differencesBetween } from './difference.ts';
import { documentsIn, type Declared, type Document } from './documents.ts';
import { tryApply, type Tried } from './dryRun.ts';
import { Effects } from './effects.ts';
import { plannedUid } from './effect.ts';
import { planText, type Plan, type PlannedObject, type Verdict } from './text.ts';
import { written } from '../written.ts';

export interface Asked {
  readonly files: readonly string[];
  readonly ssh: boolean;
  readonly sudo: boolean;
  readonly manager: string | undefined;
  readonly format: PlanOutput;
  readonly place: Place;
}

/** An object of the files that is tried. */
interface TriedObject {
  readonly document: Document;
  readonly kind: Kind | undefined;
  readonly declared: Declared;
  readonly tried: Tried;
  /** As it would be, as far as that is known. */
  readonly after: Resource | undefined;
}

export async function runPlan(asked: Asked, io: Io): Promise<Exit> {
  const { all, problems } = documentsIn(await readInputs(asked.files, io));
  if (all.length === 0 && problems.length === 0)
    throw new Failure(`${asked.files.join(', ')}: there is no object to plan; name a file that has one.`);
  return within(asked.place, io, async (cluster, namespace) => {
    const plan = await planned({ all, problems }, { cluster, namespace, asked, io });
    io.stdout(asked.format === 'json' ? written(forPrograms(plan), 'json') : planText(plan, asked.format === 'wide'));
    return exitOf(plan);
  });
}

interface Planning {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly asked: Asked;
  readonly io: Io;
}

async function planned(documents: ReturnType<typeof documentsIn>, planning: Planning): Promise<Plan> {
  const { cluster, asked } = planning;
  const discovery = new Discovery(cluster.client, cluster.clock);
  const problems = [...documents.problems];
  const tried = await eachOf(documents.all, (document) => tryOne(document, documents.all, planning, discovery));
  const unanswered = tried.find((one) => one.tried.is === 'unknown');
  if (unanswered?.tried.is === 'unknown' && cluster.date() === undefined)
    throw new Failure(`nothing can be planned: ${unanswered.tried.message}.`);
  const key = randomBytes(32);
  const effects = new Effects({
    ...{ cluster, ssh: asked.ssh, sudo: asked.sudo, isWide: asked.format === 'wide' },
    planned: tried.flatMap(({ after }) => after ?? []),
    // Its digests mean nothing in the next run.
    conceal: (text) => `hmac:${keyedDigest(key, text).slice(0, 16)}`,
    now: cluster.date() ?? cluster.clock.now(),
  });
  const objects: PlannedObject[] = [];
  for (const { document, declared, tried: outcome, after } of tried) {
    const effect = after && (await effects.of(after, outcome.live));
    const is = verdictOf(outcome);
    const message = 'message' in outcome ? outcome.message : undefined;
    objects.push({
      ...{ file: document.file, kind: declared.kind, namespace: declared.metadata.namespace ?? '' },
      ...{ name: declared.metadata.name, is, notes: 'notes' in outcome ? outcome.notes : [] },
      ...(message !== undefined && { message: withoutSecrets(message, declared) }),
      // Of what is not there yet, all of the file differs.
      differences: after && outcome.live && is !== 'same' ? differencesBetween(outcome.live, after) : [],
      ...(effect && { effect }),
    });
  }
  return { objects, problems };
}

async function tryOne(
  document: Document,
  all: readonly Document[],
  { cluster, namespace, asked, io }: Planning,
  discovery: Discovery,
): Promise<TriedObject> {
  const { object } = document;
  const wrong = namespaceProblem(object, asked.place);
  const nothing = { document, declared: object, after: undefined };
  if (wrong !== undefined) return { ...nothing, kind: undefined, tried: { is: 'refused', message: wrong } };
  const kind = await kindOf(object, discovery).catch((error: unknown): Tried => ({
    is: 'unknown',
    message: unread(error).message,
  }));
  if (kind === undefined || 'is' in kind) {
    const missing: Tried = { is: 'homeless', lacks: 'kind', message: noKind(object) };
    return { ...nothing, kind: undefined, tried: settled(kind ?? missing, object, all) };
  }
  const declared = placed(object, kind, namespace);
  const tried = settled(
    await tryApply(declared, { client: cluster.client, kind, manager: asked.manager }),
    declared,
    all,
  );
  if ('after' in tried) return { document, kind, declared, tried, after: asPlanned(tried.after, kind, tried.live) };
  if (tried.is !== 'unknown' || !isOwn(kind)) return { document, kind, declared, tried, after: undefined };
  // What may not be tried is still valid or not by our own schema.
  const { object: form, problems } = await storedForm<Resource>(kind, declared, io);
  if (problems.length > 0)
    return {
      document,
      kind,
      declared,
      tried: { ...tried, is: 'refused', message: problems.slice(0, 5).join('; ') },
      after: undefined,
    };
  return { document, kind, declared, tried, after: asPlanned(form, kind, tried.live) };
}

/** What is not there yet has an identity of its own: that of a dry run is another each time. */
function asPlanned(after: Resource, { kind }: Kind, live?: Resource): Resource {
  const { metadata } = after;
  const uid = live?.metadata.uid ?? plannedUid(kind, metadata);
  const status = after.status ?? live?.status;
  return { ...after, kind, metadata: { ...metadata, uid }, ...(status !== undefined && { status }) };
}

async function kindOf({ apiVersion, kind }: Declared, discovery: Discovery): Promise<Kind | undefined> {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const own = Object.values(resources).find(
    (one) => one.kind === kind && one.group === group && one.version === version,
  );
  return own ?? discovery.kindOf(group, version ?? '', kind);
}

function isOwn(kind: Kind): boolean {
  return Object.values(resources).some((one) => one.kind === kind.kind && one.group === kind.group);
}

function noKind({ apiVersion, kind }: Declared): string {
  return `the apiserver has no kind ${kind} in ${apiVersion}; install its CRD`;
}

/** As kubectl, which applies nothing to another namespace than the one that was named. */
function namespaceProblem({ metadata }: Declared, { namespace }: Place): string | undefined {
  if (namespace === undefined || metadata.namespace === undefined || metadata.namespace === namespace) return undefined;
  return `it is in namespace ${metadata.namespace}, and -n names ${namespace}; leave out one of them`;
}

function placed(object: Declared, { namespaced }: Kind, namespace: string): Declared {
  const { namespace: own, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, name: object.metadata.name, ...(namespaced && { namespace: own ?? namespace }) },
  };
}

/** What lacks a namespace or a kind that the same files create cannot be tried before they are applied; otherwise it would fail. */
function settled(tried: Tried, { apiVersion, kind, metadata }: Declared, all: readonly Document[]): Tried {
  if (tried.is !== 'homeless') return tried;
  const isCreated =
    tried.lacks === 'namespace'
      ? all.some(({ object }) => object.kind === 'Namespace' && object.metadata.name === metadata.namespace)
      : all.some(({ object }) => object.kind === 'CustomResourceDefinition' && definesKind(object, apiVersion, kind));
  const what = tried.lacks === 'namespace' ? `namespace ${metadata.namespace ?? ''}` : `kind ${kind}`;
  return isCreated
    ? { is: 'unknown', message: `${what} is created by the same files; it can be tried once that is applied` }
    : {
        is: 'refused',
        message: tried.lacks === 'namespace' ? `${what} does not exist; create it first` : tried.message,
      };
}

function definesKind(crd: Declared, apiVersion: string, kind: string): boolean {
  const { group, names } = (crd['spec'] ?? {}) as { group?: unknown; names?: { kind?: unknown } };
  return group === apiVersion.split('/')[0] && names?.kind === kind;
}

function verdictOf(tried: Tried): Verdict {
  return tried.is === 'homeless' ? 'refused' : tried.is;
}

/** The apiserver quotes what it refuses. */
function withoutSecrets(message: string, declared: Declared): string {
  const all = concealedTexts(declared).sort((a, b) => b.length - a.length);
  return all.reduce((text, secret) => text.replaceAll(secret, concealed), message);
}

function forPrograms({ objects, problems }: Plan): object {
  return {
    problems,
    objects: objects.map(({ effect, ...rest }) => ({
      ...rest,
      ...(effect && { acts: effect.acts, effect: effect.facts }),
    })),
  };
}

function exitOf({ objects, problems }: Plan): Exit {
  if (problems.length > 0 || objects.some(({ is }) => is === 'refused')) return exit.failed;
  return objects.every(({ is, effect }) => is === 'same' && !effect?.acts) ? exit.holds : exit.differs;
}
