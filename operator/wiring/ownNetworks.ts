/** The networks of the cluster and of the operator itself, as far as they can be known: hosts are not there. */
import { networkInterfaces } from 'node:os';
import { cidrOf, ipOf, type Cidr } from '../lib/ipAddress.ts';
import { ApiError, hasStatus } from '../runtime/apiError.ts';
import type { Client } from '../runtime/client.ts';

export interface Surroundings {
  readonly client: Pick<Client, 'document'>;
  /** URL of the apiserver. */
  readonly server: string;
  readonly isInPod: boolean;
  /** In CIDR notation, of this machine; by default those that it has. */
  readonly interfaces?: readonly string[];
  /** Told where it may not read which networks the cluster has. */
  readonly onUnknown: (what: string) => void;
  /** The apiserver does not respond, or is not able to: resolves when it shall be asked again. */
  readonly onSilence: (error: Error) => Promise<void>;
}

interface OpenShiftNetwork {
  readonly status?: {
    readonly clusterNetwork?: readonly { readonly cidr?: string }[];
    readonly serviceNetwork?: readonly string[];
  };
}

interface ServiceCidrs {
  readonly items?: readonly { readonly spec?: { readonly cidrs?: readonly string[] } }[];
}

/**
 * The address of the apiserver, in a pod the networks of its interfaces, those of Services, and on OpenShift those of pods. Rejects when the
 * apiserver refuses to talk at all.
 */
export async function ownNetworks(surroundings: Surroundings): Promise<readonly Cidr[]> {
  const { server, isInPod, interfaces = interfacesHere() } = surroundings;
  const openShift = await read<OpenShiftNetwork>(surroundings, '/apis/config.openshift.io/v1/networks/cluster');
  const services = await read<ServiceCidrs>(surroundings, '/apis/networking.k8s.io/v1/servicecidrs');
  const { clusterNetwork = [], serviceNetwork = [] } = openShift?.status ?? {};
  return [
    ...clusterNetwork.map(({ cidr = '' }) => cidr),
    ...serviceNetwork,
    ...(services?.items ?? []).flatMap(({ spec }) => spec?.cidrs ?? []),
    ...(isInPod ? interfaces : []),
  ]
    .flatMap((text) => cidrOf(text) ?? [])
    .concat(alone(new URL(server).hostname.replace(/^\[|\]$/g, '')));
}

async function read<R>({ client, onUnknown, onSilence }: Surroundings, path: string): Promise<R | undefined> {
  for (;;) {
    try {
      return await client.document<R>(path);
    } catch (error) {
      if (hasStatus(error, 403)) return void onUnknown(path);
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error;
      await onSilence(error as Error);
    }
  }
}

function alone(address: string): readonly Cidr[] {
  const ip = ipOf(address);
  return ip ? [{ ip, prefix: ip.family === 4 ? 32 : 128 }] : [];
}

function interfacesHere(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.flatMap(({ cidr }) => cidr ?? []));
}
