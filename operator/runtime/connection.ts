/**
 * Where the apiserver is and how we prove who we are: from the pod we run in, or from a kubeconfig. The certificate of
 * the apiserver is always checked.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Connection, ConnectionOptions } from './apiserver.ts';
import { systemClock } from './clock.ts';
import { kubeconfigConnection } from './kubeconfig.ts';
import { tokenFile } from './tokenFile.ts';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The kubeconfig given, `KUBECONFIG`, the pod's service account, or `~/.kube/config`, in this order. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST } = options.environment;
  const path = options.kubeconfig ?? KUBECONFIG;
  if (path) return kubeconfigConnection(path, options);
  if (KUBERNETES_SERVICE_HOST) return inClusterConnection(options);
  return kubeconfigConnection(join(homedir(), '.kube', 'config'), options);
}

/** The same for a program as it was started. An empty path is none. */
export function connectionOf(kubeconfig?: string): Promise<Connection> {
  return connect({ clock: systemClock, environment: process.env, kubeconfig: kubeconfig || undefined });
}

async function inClusterConnection({ clock, environment }: ConnectionOptions): Promise<Connection> {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: await readFile(`${ACCOUNT}/ca.crt`, 'utf8'),
    namespace: (await readFile(`${ACCOUNT}/namespace`, 'utf8')).trim(),
    token: tokenFile(`${ACCOUNT}/token`, clock),
  };
}
