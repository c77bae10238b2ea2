/** A kubeconfig file that stands by itself: certificates are inside it, and only its owner can read it. */
import { readFile, writeFile } from 'node:fs/promises';
import type { KeyPair } from './certificates.ts';

export interface KubeconfigContent {
  url: string;
  /** Path of the authority's certificate, PEM. */
  certificateAuthority: string;
  user: string;
  client: KeyPair;
}

export async function writeKubeconfig(path: string, content: KubeconfigContent): Promise<string> {
  const [authority, certificate, key] = await Promise.all(
    [content.certificateAuthority, content.client.certificate, content.client.key].map((file) =>
      readFile(file, 'base64'),
    ),
  );
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'holdfast-test',
    clusters: [{ name: 'holdfast-test', cluster: { server: content.url, 'certificate-authority-data': authority } }],
    users: [{ name: content.user, user: { 'client-certificate-data': certificate, 'client-key-data': key } }],
    contexts: [{ name: 'holdfast-test', context: { cluster: 'holdfast-test', user: content.user } }],
  };
  // JSON is YAML, and needs no library.
  await writeFile(path, JSON.stringify(kubeconfig, null, 2), { mode: 0o600 });
  return path;
}
