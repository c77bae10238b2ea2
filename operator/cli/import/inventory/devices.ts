/** Devices of hosts whose keys are known, as YAML. Pure. */
import { printable } from '../../table.ts';
import { writeYaml } from '../../yaml.ts';
import type { Connection } from './connection.ts';
import type { PublicKey } from './knownHosts.ts';
import { shown } from './values.ts';

export interface DeviceWish {
  /** In the inventory. */
  readonly host: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly connection: Connection;
  readonly secret: string;
  readonly keys: readonly PublicKey[];
  /** Whether the keys are those of authorities, which sign the keys of hosts. */
  readonly areAuthorities: boolean;
  readonly notes: readonly string[];
}

export function deviceYaml(wish: DeviceWish): string {
  const { host, port, user, become } = wish.connection;
  const keys = wish.keys.map(({ type, base64 }) => `${type} ${base64}`);
  const device = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'Device',
    metadata: {
      name: wish.name,
      ...(wish.namespace !== undefined && { namespace: wish.namespace }),
      ...(Object.keys(wish.labels).length > 0 && { labels: wish.labels }),
    },
    spec: {
      ssh: {
        ...{ host, port, user, become },
        ...(wish.areAuthorities ? { hostCertificateAuthorities: keys } : { hostKeys: keys }),
        credentialsRef: { name: wish.secret },
      },
    },
  };
  const comments = [...(wish.host === wish.name ? [] : [`${shown(wish.host)} in the inventory`]), ...wish.notes];
  return `---\n${comments.map(comment).join('')}${writeYaml(device)}`;
}

/** What is not translated, for who reads the file. */
export function comment(text: string): string {
  return `# ${printable(text)}\n`;
}
