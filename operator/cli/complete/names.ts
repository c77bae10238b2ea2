/** Names for a shell: of objects of a cluster, of its namespaces, and of the contexts of a kubeconfig. */
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { Io, Names } from '../command.ts';
import type { Completion } from './candidates.ts';

const NAMESPACE: Kind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
const longestKubeconfig = 4 * 2 ** 20;

/** Gives each name as it is read, so that what was not read in time costs only itself. Throws when nothing can be read. */
export async function readNames(of: Names, place: Completion['place'], io: Io, limit: Limit): Promise<void> {
  if (of === 'context') return contexts(place.where.kubeconfig, io, limit);
  const kind = of === 'Namespace' ? NAMESPACE : (resources as Readonly<Record<string, Kind>>)[of.kind];
  if (!kind) return;
  const cluster = await io.cluster(place.where);
  try {
    const namespace = kind.namespaced ? (place.namespace ?? cluster.namespace ?? 'default') : '';
    let from = '';
    do {
      const page = await cluster.client.list(kind, namespace, from, { signal: limit.signal, only: 'metadata' });
      for (const { metadata } of page.items) limit.found(metadata.name);
      from = page.continue;
    } while (from !== '' && !limit.signal.aborted);
  } finally {
    await cluster.close();
  }
}

export interface Limit {
  readonly signal: AbortSignal;
  readonly found: (name: string) => void;
}

async function contexts(kubeconfig: string | undefined, io: Io, { found }: Limit): Promise<void> {
  const given = kubeconfig ?? process.env['KUBECONFIG'];
  const paths = given ? given.split(delimiter) : [join(homedir(), '.kube', 'config')];
  for (const path of paths) {
    const text = await io.readFile(path, longestKubeconfig).catch(() => '');
    const config = load(text) as { readonly contexts?: readonly { readonly name?: unknown }[] } | null | undefined;
    for (const { name } of config?.contexts ?? []) if (typeof name === 'string') found(name);
  }
}
