/** One pass over a baseline: whose rights, which namespaces, and how many dry runs are left. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { NamespaceSelector, ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { isPattern } from '../../lib/wildcard.ts';
import type { AccountReader, Followed, Kind } from '../../runtime/feature.ts';
import { namespacesOf } from './scope.ts';

export const namespaceKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

/** Dry runs of one pass; what is left over is confirmed in the next. */
const mostDryRuns = 100;
const dryRunsAtOnce = 8;

export class Turn {
  readonly account: AccountReader;
  readonly baseline: ClusterBaseline;
  readonly signal: AbortSignal;
  #left = mostDryRuns;
  #free = dryRunsAtOnce;
  #wantsMore = false;
  readonly #waiting: (() => void)[] = [];

  constructor(baseline: ClusterBaseline, account: AccountReader, signal: AbortSignal) {
    this.baseline = baseline;
    this.account = account;
    this.signal = signal;
  }

  /** Whether something was left for the next pass. */
  get isSpent(): boolean {
    return this.#wantsMore;
  }

  get accountName(): string {
    const { namespace, name } = this.baseline.spec.serviceAccountRef;
    return `${namespace}/${name}`;
  }

  /** Does it in its turn, a few at once; `undefined` when this pass has done enough. */
  async dryRun<T>(run: () => Promise<T>): Promise<T | undefined> {
    if (this.#left <= 0) {
      this.#wantsMore = true;
      return undefined;
    }
    this.#left -= 1;
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  /** Names of the namespaces that a selector matches. A selector that only names some needs no right to list them. */
  async namespaces(selector: NamespaceSelector): Promise<readonly string[] | { unknown: string }> {
    const { include, exclude, matchLabels, matchExpressions } = selector;
    if (include && !exclude && !matchLabels && !matchExpressions && !include.some(isPattern)) return include;
    const followed = await this.account.follow(namespaceKind, 'metadata');
    if (followed.is === 'unknown') return { unknown: followed.message };
    return namespacesOf(selector, followed.list('')).map(({ metadata }) => metadata.name);
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
