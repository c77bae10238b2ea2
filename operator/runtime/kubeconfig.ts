/**
 * The connection of a kubeconfig. What needs a provider (`auth-provider`), which kubectl no longer has, is left to
 * `@kubernetes/client-node`, which is loaded only then: it costs some 85 MB and half a second.
 */
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { Connection, ConnectionOptions } from './apiserver.ts';
import { execCredential, type Credential } from './execCredential.ts';
import { chosenIn, type Chosen, type Cluster } from './kubeconfigFiles.ts';
import { tokenFile } from './tokenFile.ts';

const ASK_MILLISECONDS = 30_000;

export async function kubeconfigConnection(path: string, options: ConnectionOptions): Promise<Connection> {
  const chosen = await chosenIn(path, options.context);
  const { cluster, user, namespace } = chosen;
  checkTransport(cluster, path);
  if (user.as || user['as-uid'] || user['as-groups'] || user['as-user-extra']) throw impersonating(path);
  if (user['auth-provider'] || user.username) return clientNodeConnection(chosen, options);
  const place = {
    server: cluster.server!,
    ca: await pem(cluster['certificate-authority-data'], cluster['certificate-authority']),
    serverName: cluster['tls-server-name'],
    namespace,
  };
  if (user.exec) return { ...place, ...(await asked(chosen, options)) };
  return {
    ...place,
    cert: await pem(user['client-certificate-data'], user['client-certificate']),
    key: await pem(user['client-key-data'], user['client-key']),
    token: user.tokenFile ? tokenFile(user.tokenFile, options.clock) : user.token ? () => user.token : undefined,
  };
}

/** Its program is asked again once what it gave has expired. */
async function asked(
  chosen: Chosen,
  { clock }: ConnectionOptions,
): Promise<Pick<Connection, 'cert' | 'key' | 'token'>> {
  const ask = () => execCredential(chosen, process.stdin.isTTY);
  const { cert, key, ...first } = await ask();
  let known = Promise.resolve<Credential>(first);
  const token = async () => {
    const asked = known;
    const { expires = Infinity } = await asked;
    // Of those who wait, one asks.
    if (expires <= clock.now().getTime() && known === asked) {
      known = ask();
      known.catch(() => (known = asked));
    }
    return (await known).token;
  };
  return { cert, key, token };
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
async function pem(data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  return file ? readFile(file, 'utf8') : undefined;
}

/** What client-node says is asked for again when it is half a minute old; it remembers tokens until they expire. */
async function clientNodeConnection(chosen: Chosen, options: ConnectionOptions): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const { cluster, user, namespace } = chosen;
  // JSON is YAML, and what is undefined is left out.
  config.loadFromString(
    JSON.stringify({
      'current-context': 'chosen',
      contexts: [{ name: 'chosen', context: { cluster: 'chosen', user: 'chosen' } }],
      clusters: [{ name: 'chosen', cluster }],
      users: [{ name: 'chosen', user }],
    }),
  );
  const ask = async (): Promise<RequestOptions> => {
    const asked: RequestOptions = {};
    await config.applyToHTTPSOptions(asked);
    return asked;
  };
  const first = await ask();
  let known = { answer: first, at: options.clock.elapsed() };
  return {
    server: cluster.server!,
    ca: pemOf(first.ca),
    cert: pemOf(first.cert),
    key: pemOf(first.key),
    serverName: cluster['tls-server-name'],
    namespace,
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
