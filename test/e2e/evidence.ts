/** Evidence by the operator of the image: signed, exported, and verified by what an auditor is given. Declares tests; the operator is installed. */
import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V1Lease } from '@kubernetes/client-node';
import type { EvidenceExport } from '../../operator/api/v1alpha1/evidenceExport.ts';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import type { Kubectl } from '../operator/kubectl.ts';
import { createAs, rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';
import { home, type EndToEnd } from './bed.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const auditor = [
  { apiGroups: ['holdfast.dev'], resources: ['evidenceexports'], verbs: ['create', 'get'] },
  { apiGroups: ['holdfast.dev'], resources: ['evidencestores'], resourceNames: ['local'], verbs: ['export'] },
];

/** A pack of the last hour, once it is signed and read back whole. */
export async function packIn(namespace: string, kubectl: Kubectl): Promise<EvidencePack> {
  const declared = (kind: string, name: string, spec: object) => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec,
  });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const endTime = new Date(Math.ceil(Date.now() / 1000) * 1000);
  await kubectl.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'evidence-key', namespace },
      stringData: { 'private.pem': pem },
    },
    declared('EvidenceStore', 'local', { filesystem: {} }),
    declared('EvidencePack', 'first', {
      storeRef: { name: 'local' },
      period: { startTime: new Date(endTime.getTime() - 3_600_000).toISOString(), endTime: endTime.toISOString() },
      sections: ['Evidence', 'Policy'],
      frameworks: ['NIST-800-53'],
      signing: { keyRef: { name: 'evidence-key' } },
    }),
  );
  let pack: EvidencePack | undefined;
  return until(
    'a pack is signed',
    async () => {
      pack = await kubectl.get<EvidencePack>('evidencepack', 'first', namespace);
      const isTrue = (type: string): boolean => conditionOf(pack, type)?.status === 'True';
      return ['Signed', 'Complete', 'ChainIntact'].every(isTrue) ? pack : undefined;
    },
    { seconds: 90, seen: () => pack?.status },
  );
}

/** An export of it by an auditor, once its archive is stored. */
export async function exportIn(namespace: string, kubectl: Kubectl): Promise<EvidenceExport> {
  await kubectl.apply(...rightsOf({ auditor }));
  const spec = { storeRef: { name: 'local' }, requestedBy: 'auditor', reason: 'Audit of Q4 2026' };
  const request = { apiVersion, kind: 'EvidenceExport', metadata: { name: 'q4', namespace }, spec };
  expect(await createAs(kubectl.everywhere(), 'auditor', request)).toMatchObject({ code: 0, stderr: '' });
  let made: EvidenceExport | undefined;
  return until(
    'it is exported',
    async () => {
      made = await kubectl.get<EvidenceExport>('evidenceexport', 'q4', namespace);
      return conditionOf(made, 'Ready')?.status === 'True' ? made : undefined;
    },
    { seconds: 90, seen: () => made?.status },
  );
}

export function evidenceTests(bed: () => EndToEnd): void {
  const kubectl = () => bed().kubectl;
  let path: string;

  /** Copies a file from the pod that leads, on whose disk the store is. */
  async function fetchTo(file: string): Promise<void> {
    const [lease] = await kubectl().list<V1Lease>('leases', { namespace: home });
    const pod = lease?.spec?.holderIdentity?.split('_')[0] ?? '';
    await bed().shell(`kubectl --namespace ${home} exec ${pod} -- cat '${path}' > '${file}'`);
  }

  describe('evidence', () => {
    test('is signed, and read back whole', async () => {
      expect((await packIn('fleet', kubectl())).status?.last?.sequence).toBe(1);
    }, 120_000);

    test('is exported to an auditor, who verifies it with the key alone', async () => {
      const { status } = await exportIn('fleet', kubectl());
      path = new URL(status?.archive?.uri ?? '').pathname;
      const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-evidence-'));
      const [archive = '', tree = '', key = ''] = ['q4.tar', 'q4', 'trusted.pub'].map((name) => join(folder, name));
      try {
        await fetchTo(archive);
        const digest = createHash('sha256').update(readFileSync(archive)).digest('hex');
        expect(`sha256:${digest}`).toBe(status?.archive?.digest);
        mkdirSync(tree);
        execFileSync('tar', ['-xf', archive, '-C', tree]);
        writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
        const verify = () => spawnSync('sh', ['verify.sh', '.', key], { cwd: tree, encoding: 'utf8' });
        expect(verify()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Verified: 1 pack\./) });
        const files = readdirSync(tree, { recursive: true, encoding: 'utf8' });
        appendFileSync(join(tree, files.find((name) => /policy-\d+\.json$/.test(name)) ?? ''), ' ');
        expect(verify()).toMatchObject({ status: 1 });
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 120_000);

    test('is no longer exported once the export is deleted', async () => {
      await kubectl().run('delete', 'evidenceexport', 'q4', '--timeout=60s');
      await expect(fetchTo('/dev/null')).rejects.toThrow(/No such file/);
    }, 90_000);
  });
}
