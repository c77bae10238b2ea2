/** From a Device to an SSH endpoint: its credentials are read from the Secret that it names, of its own namespace only. */
import type { Device } from '../api/v1alpha1/device.ts';
import type { SshTarget } from '../connect/ssh/types.ts';
import { secretOf } from '../governance/secretOf.ts';
import type { Reader } from '../runtime/feature.ts';

export type Endpoint = { is: 'ready'; target: SshTarget } | { is: 'unconfigured'; message: string };

/** The endpoint, or the sentence that says what is missing. Throws when the apiserver cannot be asked. */
export async function endpointOf(
  device: Device,
  read: Pick<Reader, 'tryFetch' | 'ungranted'>,
  signal: AbortSignal,
): Promise<Endpoint> {
  const { namespace = '', name } = device.metadata;
  const { ssh } = device.spec;
  const secretName = ssh.credentialsRef.name;
  const options = '--from-file=ssh-privatekey=KEYFILE';
  const secret = await secretOf({ namespace, name: secretName, options }, read, signal);
  if (secret.is === 'missing') return { is: 'unconfigured', message: secret.message };
  const privateKey = secret.text('ssh-privatekey');
  if (!privateKey)
    return {
      is: 'unconfigured',
      message: `Secret ${secretName} has no key \`ssh-privatekey\`; add the private key under that name`,
    };
  const certificate = secret.text('ssh-certificate');
  return {
    is: 'ready',
    target: {
      // In the order of their names, of which a digest is taken more quickly.
      become: ssh.become ?? 'sudo',
      ...(certificate && { certificate }),
      host: ssh.host,
      hostCertificateAuthorities: ssh.hostCertificateAuthorities ?? [],
      hostKeys: ssh.hostKeys ?? [],
      id: `${namespace}/${name}`,
      port: ssh.port ?? 22,
      privateKey,
      user: ssh.user,
    },
  };
}
