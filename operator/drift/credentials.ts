/** From a Device to an SSH endpoint: its credentials are read from the Secret that it names, of its own namespace only. */
import type { V1Secret } from '@kubernetes/client-node';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Device } from '../api/v1alpha1/device.ts';
import type { SshTarget } from '../connect/ssh/types.ts';
import type { Kind } from '../api/kind.ts';
import type { Reader, Refused } from '../runtime/feature.ts';
import { grants, ungrantedWords } from './grants.ts';

export type Secret = Resource & Pick<V1Secret, 'data'>;

export const secretKind: Kind<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

export type Endpoint = { is: 'ready'; target: SshTarget } | { is: 'unconfigured'; message: string };

/** The endpoint, or the sentence that says what is missing. Throws when the apiserver cannot be asked. */
export async function endpointOf(device: Device, read: Reader, signal: AbortSignal): Promise<Endpoint> {
  const { namespace = '', name } = device.metadata;
  const { ssh } = device.spec;
  const secretName = ssh.credentialsRef.name;
  const place = { namespace, name: secretName };
  const secret = await read.tryFetch(secretKind, place, signal);
  // Whether there is such a Secret is not said: the apiserver does not tell either.
  if (isRefused(secret)) {
    const commands = await read.ungranted(grants.credentials, place, signal);
    return { is: 'unconfigured', message: ungrantedWords(`read Secret ${secretName} in this namespace`, commands) };
  }
  if (!secret) {
    const create = `kubectl -n ${namespace} create secret generic ${secretName} --from-file=ssh-privatekey=KEYFILE`;
    return {
      is: 'unconfigured',
      message: `Secret ${secretName} does not exist in this namespace; create it with \`${create}\``,
    };
  }
  const privateKey = decoded(secret.data?.['ssh-privatekey']);
  if (!privateKey)
    return {
      is: 'unconfigured',
      message: `Secret ${secretName} has no key \`ssh-privatekey\`; add the private key under that name`,
    };
  const certificate = decoded(secret.data?.['ssh-certificate']);
  return {
    is: 'ready',
    target: {
      id: `${namespace}/${name}`,
      host: ssh.host,
      port: ssh.port ?? 22,
      user: ssh.user,
      become: ssh.become ?? 'sudo',
      hostKeys: ssh.hostKeys ?? [],
      hostCertificateAuthorities: ssh.hostCertificateAuthorities ?? [],
      privateKey,
      ...(certificate && { certificate }),
    },
  };
}

function isRefused(answer: Secret | Refused | undefined): answer is Refused {
  return answer !== undefined && 'is' in answer;
}

function decoded(base64: string | undefined): string | undefined {
  return base64 ? Buffer.from(base64, 'base64').toString('utf8') : undefined;
}
