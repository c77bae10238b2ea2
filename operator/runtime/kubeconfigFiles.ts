/**
 * Kubeconfigs as kubectl reads them: of several files, a name belongs to the first that has it, and the first current context
 * counts; those that are missing are left out. A path in a file is relative to that file.
 */
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, resolve } from 'node:path';
import { load } from 'js-yaml';

export interface Cluster {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
  readonly extensions?: readonly { readonly name: string; readonly extension?: unknown }[];
}
export interface Exec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly interactiveMode?: 'Always' | 'IfAvailable' | 'Never';
  readonly provideClusterInfo?: boolean;
}
export interface User {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: Exec;
  readonly 'auth-provider'?: unknown;
  readonly username?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: unknown;
}
interface Context {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}
interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { name: string; context?: Context }[] | null;
  readonly clusters?: readonly { name: string; cluster?: Cluster }[] | null;
  readonly users?: readonly { name: string; user?: User }[] | null;
}

/** What a context consists of; its files have whole paths. */
export interface Chosen {
  readonly cluster: Cluster;
  readonly user: User;
  readonly namespace?: string;
}

/** The context that is wanted, or the current one, of the files that `path` lists. */
export async function chosenIn(path: string, wanted?: string): Promise<Chosen> {
  const files = await readAll(path);
  const all = <K extends 'contexts' | 'clusters' | 'users'>(key: K) => files.flatMap((file) => file[key] ?? []);
  const current = files.map((file) => file['current-context']).find(Boolean);
  const { context = {} } = find(
    all('contexts') as Named<'context', Context>[],
    wanted ?? current ?? '',
    'context',
    path,
  );
  const { cluster = {} } = find(all('clusters') as Named<'cluster', Cluster>[], context.cluster ?? '', 'cluster', path);
  const { user = {} } = context.user
    ? find(all('users') as Named<'user', User>[], context.user, 'user', path)
    : { user: {} };
  return { cluster, user, namespace: context.namespace };
}

type Named<K extends string, T> = { readonly name: string } & { readonly [key in K]?: T };

function find<T extends { readonly name: string }>(list: readonly T[], name: string, what: string, path: string): T {
  const found = list.find((entry) => entry.name === name);
  if (found) return found;
  const known = list.map((entry) => entry.name).join(', ') || 'none';
  throw new Error(
    `The kubeconfig ${path} has no ${what} '${name}'; it has: ${known}. Choose one with \`kubectl config use-context\`.`,
  );
}

async function readAll(path: string): Promise<Kubeconfig[]> {
  const paths = path.split(delimiter).filter((each) => each !== '');
  const read = await Promise.all(paths.map((each) => readOne(each, paths.length > 1)));
  const files = read.filter((file) => file !== undefined);
  if (files.length === 0) throw new Error(`None of the kubeconfigs ${path} is there; set KUBECONFIG to one that is.`);
  return files;
}

async function readOne(path: string, mayBeMissing: boolean): Promise<Kubeconfig | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (mayBeMissing && error.code === 'ENOENT') return undefined;
    throw new Error(`The kubeconfig ${path} cannot be read; set KUBECONFIG to one that is readable.`, { cause: error });
  });
  if (text === undefined) return undefined;
  const config = text.trim() === '' && mayBeMissing ? {} : load(text);
  if (typeof config !== 'object' || config === null)
    throw new Error(`${path} is not a kubeconfig; set KUBECONFIG to one.`);
  return located(config, dirname(resolve(path)));
}

function located(config: Kubeconfig, folder: string): Kubeconfig {
  const whole = (path: string | undefined) => (path ? resolve(folder, path) : undefined);
  return {
    ...config,
    clusters: config.clusters?.map(({ name, cluster }) => ({
      name,
      cluster: { ...cluster, 'certificate-authority': whole(cluster?.['certificate-authority']) },
    })),
    users: config.users?.map(({ name, user }) => ({
      name,
      user: {
        ...user,
        'client-certificate': whole(user?.['client-certificate']),
        'client-key': whole(user?.['client-key']),
        tokenFile: whole(user?.tokenFile),
        // A name without a folder is searched for in PATH.
        ...(user?.exec?.command?.includes('/') && { exec: { ...user.exec, command: whole(user.exec.command) } }),
      },
    })),
  };
}
