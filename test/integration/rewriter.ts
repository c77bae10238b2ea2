/** A mutating webhook, as registries and meshes have them: it writes the image of labelled ConfigMaps anew. */
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '../cluster/certificates.ts';
import type { ClusterOnlyBed } from '../operator/clusterOnly.ts';

export interface Rewriter {
  stop(): Promise<void>;
}

export async function startRewriter(bed: Pick<ClusterOnlyBed, 'kubectl'>): Promise<Rewriter> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-webhook-'));
  const authority = await createAuthority(folder);
  const pair = await issueCertificate(authority, { file: 'webhook', commonName: 'webhook', usage: 'server' });
  const server = createServer(
    { cert: readFileSync(pair.certificate), key: readFileSync(pair.key) },
    (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(JSON.stringify(answerTo(JSON.parse(body) as Review))));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await bed.kubectl.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'rewriter' },
    webhooks: [
      {
        name: 'rewriter.holdfast.test',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: {
          url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
          caBundle: readFileSync(authority.certificate).toString('base64'),
        },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
        objectSelector: { matchLabels: { 'holdfast-test/rewrite': 'yes' } },
      },
    ],
  });
  return {
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Review {
  readonly request: { readonly uid: string; readonly object: { readonly data?: Record<string, string> } };
}

function answerTo({ request: { uid, object } }: Review): object {
  const image = object.data?.['image'];
  const patch = image
    ? [{ op: 'replace', path: '/data/image', value: `mirror.example/${image.split('/').pop()}` }]
    : [];
  const encoded = Buffer.from(JSON.stringify(patch)).toString('base64');
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid, allowed: true, patchType: 'JSONPatch', patch: encoded },
  };
}
