/** Kubectl against a test cluster, as a user would run it; what tests ask all the time is asked without the program. */
import { execFile, type ExecFileException } from 'node:child_process';
import type { Cluster } from '../cluster/cluster.ts';
import { Objects, type Declared, type Listing, type PatchPlace } from './objects.ts';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Kubectl {
  readonly #cluster: Pick<Cluster, 'kubectl' | 'kubeconfig'>;
  readonly #command: string;
  readonly #flags: readonly string[];
  readonly #namespace: string;
  readonly #objects: Objects;

  /** With an empty namespace, each object says its own. */
  constructor(
    cluster: Pick<Cluster, 'kubectl' | 'kubeconfig'>,
    namespace = 'default',
    objects = new Objects(cluster.kubeconfig),
  ) {
    this.#cluster = cluster;
    this.#command = cluster.kubectl;
    this.#flags = ['--kubeconfig', cluster.kubeconfig, ...(namespace ? ['--namespace', namespace] : [])];
    this.#namespace = namespace || 'default';
    this.#objects = objects;
  }

  /** The same for objects of all namespaces, each of which says its own. */
  everywhere(): Kubectl {
    return new Kubectl(this.#cluster, '', this.#objects);
  }

  /** What it printed; throws with its error when it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
    return stdout;
  }

  /** What it printed and how it ended. */
  try(args: readonly string[], input?: string): Promise<Answer> {
    return new Promise((resolve) => {
      const child = execFile(
        this.#command,
        [...this.#flags, ...args],
        { maxBuffer: 64 << 20 },
        (error, stdout, stderr) => resolve({ code: exitCode(error), stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  /** Applies objects on the server's side, one after the other, and takes over what others own. */
  async apply(...objects: readonly object[]): Promise<void> {
    await this.applyAs('kubectl', ...objects);
  }

  /** The same under another name than kubectl's, which managed fields tell. */
  async applyAs(fieldManager: string, ...objects: readonly object[]): Promise<void> {
    await this.#objects.apply(objects as readonly Declared[], this.#namespace, fieldManager);
  }

  /** Merges a patch into an object, or its `subresource`. */
  async merge(kind: string, name: string, patch: object, place: PatchPlace = {}): Promise<void> {
    await this.#objects.merge(kind, name, patch, { namespace: this.#namespace, ...place });
  }

  tryApply(...objects: readonly object[]): Promise<Answer> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    return this.try(['apply', '--server-side', '--force-conflicts', '--filename', '-'], JSON.stringify(list));
  }

  /** The object, or `undefined` when there is none. */
  get<T>(kind: string, name: string, namespace = this.#namespace): Promise<T | undefined> {
    return this.#objects.get<T>(kind, name, namespace);
  }

  list<T>(kind: string, { namespace = this.#namespace, everywhere = false, selector }: Listing = {}): Promise<T[]> {
    return this.#objects.list<T>(kind, everywhere ? '' : namespace, selector);
  }
}

function exitCode(error: ExecFileException | null): number {
  if (!error) return 0;
  return typeof error.code === 'number' ? error.code : 1;
}
