/** Mutating webhooks about labelled ConfigMaps: one as registries and meshes have them, which writes their image anew, and any other. */
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '../cluster/certificates.ts';
import type { ClusterOnlyBed } from '../operator/clusterOnly.ts';

export interface Webhook {
  stop(): Promise<void>;
}

export interface Review {
  readonly request: {
    readonly uid: string;
    readonly object: { readonly metadata: { readonly name: string }; readonly data?: Record<string, string> };
  };
}

export function startRewriter(bed: Pick<ClusterOnlyBed, 'kubectl'>): Promise<Webhook> {
  return startWebhook(bed, 'rewrite', (review) => Promise.resolve(answerTo(review)));
}

/** A webhook that is asked about ConfigMaps with the label `holdfast-test/NAME: yes`. */
export async function startWebhook(
  bed: Pick<ClusterOnlyBed, 'kubectl'>,
  name: string,
  answer: (review: Review) => Promise<object>,
): Promise<Webhook> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-webhook-'));
  const authority = await createAuthority(folder);
  const pair = await issueCertificate(authority, { file: 'webhook', commonName: 'webhook', usage: 'server' });
  const server = createServer(
    { cert: readFileSync(pair.certificate), key: readFileSync(pair.key) },
    (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        void answer(JSON.parse(body) as Review).then((answered) => response.end(JSON.stringify(answered)));
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await bed.kubectl.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: `${name}.holdfast.test`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: {
          url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
          caBundle: readFileSync(authority.certificate).toString('base64'),
        },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
        objectSelector: { matchLabels: { [`holdfast-test/${name}`]: 'yes' } },
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

/** What a webhook answers that lets everything pass, or denies it. */
export function verdict({ request: { uid } }: Review, denial?: { code: number; message: string }): object {
  const response = { uid, allowed: denial === undefined, ...(denial && { status: denial }) };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
