/**
 * Reads a kubeconfig. What only needs files, certificates and tokens is read here; what needs programs or providers
 * (`exec`, `auth-provider`), or several files merged, is left to `@kubernetes/client-node`, which is loaded only then:
 * it costs some 85 MB and half a second.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { RequestOptions } from 'node:https';
import { load } from 'js-yaml';
import type { Connection, ConnectionOptions } from './apiserver.ts';
import { tokenFile } from './tokenFile.ts';

interface Cluster {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}
interface User {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: unknown;
  readonly 'auth-provider'?: unknown;
  readonly username?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: unknown;
}
interface Context {
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}
interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { name: string; context: Context }[];
  readonly clusters?: readonly { name: string; cluster: Cluster }[];
  readonly users?: readonly { name: string; user: User }[];
}

const ASK_MILLISECONDS = 30_000;

export async function kubeconfigConnection(path: string, options: ConnectionOptions): Promise<Connection> {
  if (path.includes(':')) return clientNodeConnection(path, options);
  const config = await parse(path);
  const name = options.context ?? config['current-context'] ?? '';
  const context = find(config.contexts, name, 'context', path).context;
  const cluster = find(config.clusters, context.cluster, 'cluster', path).cluster;
  const user = context.user ? find(config.users, context.user, 'user', path).user : {};
  checkTransport(cluster, path);
  if (user.as || user['as-uid'] || user['as-groups'] || user['as-user-extra']) throw impersonating(path);
  if (user.exec || user['auth-provider'] || user.username) return clientNodeConnection(path, options);
  const folder = dirname(resolve(path));
  const tokenPath = user.tokenFile === undefined ? undefined : resolve(folder, user.tokenFile);
  return {
    server: cluster.server!,
    ca: await pem(cluster['certificate-authority-data'], cluster['certificate-authority'], folder),
    cert: await pem(user['client-certificate-data'], user['client-certificate'], folder),
    key: await pem(user['client-key-data'], user['client-key'], folder),
    serverName: cluster['tls-server-name'],
    namespace: context.namespace,
    token: tokenPath !== undefined ? tokenFile(tokenPath, options.clock) : user.token ? () => user.token : undefined,
  };
}

async function parse(path: string): Promise<Kubeconfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`The kubeconfig ${path} cannot be read; set KUBECONFIG to one that is readable.`, { cause: error });
  });
  const config = load(text);
  if (typeof config !== 'object' || config === null)
    throw new Error(`${path} is not a kubeconfig; set KUBECONFIG to one.`);
  return config;
}

function find<T extends { name: string }>(list: readonly T[] | undefined, name: string, what: string, path: string): T {
  const found = list?.find((entry) => entry.name === name);
  if (found) return found;
  const known = (list ?? []).map((entry) => entry.name).join(', ') || 'none';
  throw new Error(
    `The kubeconfig ${path} has no ${what} '${name}'; it has: ${known}. Choose one with \`kubectl config use-context\`.`,
  );
}

function checkTransport(cluster: Cluster, path: string): void {
  if (!cluster.server?.startsWith('https://')) {
    throw new Error(`The cluster in ${path} has no https:// server; Holdfast sends credentials over TLS only.`);
  }
  if (cluster['insecure-skip-tls-verify']) {
    throw new Error(
      `The cluster in ${path} disables the verification of its certificate; set its certificate-authority instead.`,
    );
  }
  if (cluster['proxy-url'])
    throw new Error(
      `The cluster in ${path} has a proxy-url, which Holdfast does not support; run it where the apiserver can be reached directly.`,
    );
}

/** Without the headers that it asks for, everything would be done with the rights of who impersonates. */
function impersonating(path: string): Error {
  return new Error(
    `The user in ${path} impersonates another (\`as\`), which Holdfast does not support; choose a context of another user with \`--context\` or \`kubectl config use-context\`.`,
  );
}

/** Some tools write empty data beside the file. */
async function pem(data: string | undefined, file: string | undefined, folder: string): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  return file ? readFile(resolve(folder, file), 'utf8') : undefined;
}

/** What client-node says is asked for again when it is half a minute old; it remembers tokens until they expire. */
async function clientNodeConnection(path: string, options: ConnectionOptions): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path.includes(':')) config.loadFromDefault();
  else config.loadFromFile(path);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const cluster = config.getCurrentCluster();
  if (!cluster)
    throw new Error(`The kubeconfig ${path} has no current context; choose one with \`kubectl config use-context\`.`);
  checkTransport(
    { server: cluster.server, 'insecure-skip-tls-verify': cluster.skipTLSVerify, 'proxy-url': cluster.proxyUrl },
    path,
  );
  if (config.getCurrentUser()?.impersonateUser) throw impersonating(path);
  const ask = async (): Promise<RequestOptions> => {
    const asked: RequestOptions = {};
    await config.applyToHTTPSOptions(asked);
    return asked;
  };
  const first = await ask();
  let known = { answer: first, at: options.clock.elapsed() };
  return {
    server: cluster.server,
    ca: pemOf(first.ca),
    cert: pemOf(first.cert),
    key: pemOf(first.key),
    serverName: cluster.tlsServerName,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    token: async () => {
      if (options.clock.elapsed() - known.at > ASK_MILLISECONDS)
        known = { answer: await ask(), at: options.clock.elapsed() };
      return bearer(known.answer);
    },
  };
}

function pemOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
}

function bearer({ headers, auth }: RequestOptions): string | undefined {
  if (auth)
    throw new Error(
      'The kubeconfig has a user name and password, which Kubernetes no longer accepts; use a token or a certificate.',
    );
  const authorization = (headers as Record<string, string | undefined> | undefined)?.Authorization;
  return authorization?.replace(/^Bearer /i, '');
}
