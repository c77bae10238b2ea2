/** One pass over a baseline: whose rights, which namespaces, what it may evaluate, and how many dry runs are left. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { NamespaceSelector, ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { isPattern } from '../../lib/wildcard.ts';
import type { Kind } from '../../api/kind.ts';
import type { AccountReader, Followed, Seconds } from '../../runtime/feature.ts';
import { Effort, type Means } from './effort.ts';
import { namespacesOf } from './scope.ts';

export const namespaceKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

/** Dry runs that one pass begins; what is left over is confirmed in the next. */
const mostDryRuns = 100;
/** For so long a pass waits for its dry runs, all together. What lasts longer continues, and a later pass has its answer. */
const waitMilliseconds = 5000;

export class Turn {
  readonly account: AccountReader;
  readonly baseline: ClusterBaseline;
  readonly signal: AbortSignal;
  readonly effort: Effort;
  readonly #means: Means;
  #left = mostDryRuns;
  #over: AbortSignal | undefined;
  #wantsMore = false;
  readonly #there = new Map<string, Promise<boolean>>();

  constructor(baseline: ClusterBaseline, means: Means, account: AccountReader, signal: AbortSignal) {
    this.baseline = baseline;
    this.account = account;
    this.signal = signal;
    this.#means = means;
    this.effort = new Effort(means, baseline.metadata.name, baseline.spec.serviceAccountRef.namespace);
  }

  /** When the next pass continues with what was left for it; undefined when nothing was. */
  get continuesAfter(): Seconds | undefined {
    return this.effort.continuesAfter ?? (this.#wantsMore ? 1 : undefined);
  }

  get accountName(): string {
    const { namespace, name } = this.baseline.spec.serviceAccountRef;
    return `${namespace}/${name}`;
  }

  /** Does it when it is the turn of its template; `undefined` when this pass has done enough, or waited for long enough. */
  async dryRun<T>(template: string, run: () => Promise<T>): Promise<T | undefined> {
    if (this.#left <= 0) return this.#leave();
    this.#left -= 1;
    const { metadata, spec } = this.baseline;
    const whose = { baseline: metadata.uid ?? '', home: spec.serviceAccountRef.namespace, template };
    return this.awaited((over) => this.#means.dryRuns.run(whose, over, run));
  }

  /** What began in an earlier pass, or begins now: as far as this pass waits for it. */
  async awaited<T>(begin: (over: AbortSignal) => Promise<T | undefined>): Promise<T | undefined> {
    const over = (this.#over ??= AbortSignal.timeout(waitMilliseconds));
    const isOver = new Promise<undefined>((resolve) => {
      if (over.aborted) resolve(undefined);
      else over.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    return (await Promise.race([begin(over), isOver])) ?? this.#leave();
  }

  #leave(): undefined {
    this.#wantsMore = true;
  }

  /**
   * Names of the namespaces that a selector matches: those that are there and are not being deleted. Where the account may not list
   * them, those named plainly are asked for one by one; one that it may not get either counts, so that what must be there is missed there.
   */
  async namespaces(selector: NamespaceSelector): Promise<readonly string[] | { unknown: string }> {
    const followed = await this.account.follow(namespaceKind, 'metadata');
    if (followed.is === 'current')
      return namespacesOf(selector, followed.list('')).map(({ metadata }) => metadata.name);
    const { include, exclude, matchLabels, matchExpressions } = selector;
    const isPlain = include && !exclude && !matchLabels && !matchExpressions && !include.some(isPattern);
    if (!isPlain) return { unknown: followed.message };
    const isThere = await Promise.all(include.map((name) => this.#isThere(name)));
    return include.filter((_, at) => isThere[at]);
  }

  #isThere(name: string): Promise<boolean> {
    const known = this.#there.get(name);
    if (known) return known;
    const asked = this.account
      .get<Resource>(namespaceKind, { namespace: '', name }, this.signal)
      .then((found) => found !== undefined && ('is' in found || found.metadata.deletionTimestamp === undefined));
    this.#there.set(name, asked);
    return asked;
  }

  /** Where the objects of a template are: its own namespace, those of its selector, or none for a kind without. */
  async namespacesOf(item: ObjectTemplate, own: string | undefined, kind: Kind) {
    if (!kind.namespaced) return [''];
    return own === undefined ? this.namespaces(item.namespaceSelector ?? {}) : [own];
  }

  namespaceObjects(): Promise<Followed> {
    return this.account.follow(namespaceKind);
  }
}

export function groupAndVersion(apiVersion: string): { group: string; version: string } {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? { group: '', version: group } : { group, version };
}

/** What distinguishes an object as heard from any other. */
export function versionOf(object: Resource | undefined): string {
  return object ? `${object.metadata.uid ?? ''}/${object.metadata.resourceVersion ?? ''}` : '';
}
