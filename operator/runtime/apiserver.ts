/** Where an apiserver is, how we prove who we are, and from what both are found out. */
import type { Clock } from './clock.ts';

export interface Connection {
  /** Such as `https://10.0.0.1:443`, or `https://rancher.example/k8s/clusters/c-1`. */
  readonly server: string;
  /** PEM; the system's authorities when absent. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the apiserver's certificate must have, where it is not that of `server`. */
  readonly serverName?: string;
  /** The namespace that we are in. */
  readonly namespace?: string;
  /** The bearer token, asked for before each request. */
  readonly token?: () => string | Promise<string | undefined> | undefined;
}

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  /** A kubeconfig to be used instead of what the environment says. */
  readonly kubeconfig?: string;
  readonly context?: string;
}
