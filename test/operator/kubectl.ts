/** Runs kubectl against a test cluster, as a user would. */
import { execFile, type ExecFileException } from 'node:child_process';
import type { Cluster } from '../cluster/cluster.ts';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Kubectl {
  readonly #cluster: Pick<Cluster, 'kubectl' | 'kubeconfig'>;
  readonly #command: string;
  readonly #flags: readonly string[];

  /** With an empty namespace, each object says its own. */
  constructor(cluster: Pick<Cluster, 'kubectl' | 'kubeconfig'>, namespace = 'default') {
    this.#cluster = cluster;
    this.#command = cluster.kubectl;
    this.#flags = ['--kubeconfig', cluster.kubeconfig, ...(namespace ? ['--namespace', namespace] : [])];
  }

  /** The same for objects of all namespaces, each of which says its own. */
  everywhere(): Kubectl {
    return new Kubectl(this.#cluster, '');
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

  async apply(...objects: readonly object[]): Promise<void> {
    const { code, stderr } = await this.tryApply(...objects);
    if (code !== 0) throw new Error(`kubectl apply: ${stderr.trim()}`);
  }

  tryApply(...objects: readonly object[]): Promise<Answer> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    return this.try(['apply', '--server-side', '--force-conflicts', '--filename', '-'], JSON.stringify(list));
  }

  /** The object, or `undefined` when there is none. */
  async get<T>(kind: string, name: string): Promise<T | undefined> {
    const text = await this.run('get', kind, name, '--ignore-not-found', '--output', 'json');
    return text.trim() ? (JSON.parse(text) as T) : undefined;
  }

  async list<T>(kind: string, ...args: readonly string[]): Promise<T[]> {
    return (JSON.parse(await this.run('get', kind, '--output', 'json', ...args)) as { items: T[] }).items;
  }
}

function exitCode(error: ExecFileException | null): number {
  if (!error) return 0;
  return typeof error.code === 'number' ? error.code : 1;
}
