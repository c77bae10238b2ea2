/** What the operator decided is in a signed pack, which anyone can verify; one byte of it is changed, and that is noticed. */
import { generateKeyPairSync } from 'node:crypto';
import { chmod, cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import { apiVersion, namespace, untilCondition, type Bed } from '../operator/bed.ts';
import { say, show, showOffline, step } from './narration.ts';

const [store, name] = ['local', 'demo'];

/** Before anything happens, so that the journal has all of it. */
export async function keepEvidence({ kubectl, folder }: Bed): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(join(folder, 'evidence.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  const stringData = { 'private.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }) };
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'evidence-key', namespace }, stringData },
    { apiVersion, kind: 'EvidenceStore', metadata: { name: store, namespace }, spec: { filesystem: {} } },
  );
}

export async function evidenceTour({ kubectl, folder }: Bed, since: Date): Promise<void> {
  step('Evidence: a signed pack of all that was seen and decided');
  const [startTime, endTime] = [since, new Date(Date.now() + 1000)].map((time) => time.toISOString());
  await kubectl.apply({
    apiVersion,
    kind: 'EvidencePack',
    metadata: { name, namespace },
    spec: { storeRef: { name: store }, period: { startTime, endTime }, signing: { keyRef: { name: 'evidence-key' } } },
  });
  await untilCondition<EvidencePack>(kubectl, 'evidencepack', name, 'Stored', 'True');
  await untilCondition<EvidencePack>(kubectl, 'evidencepack', name, 'Ready', 'True');
  await show(kubectl, 'get', 'evidencestores,evidencepacks');

  step('An auditor verifies a copy, without the cluster');
  const copy = join(folder, 'evidence');
  await cp(join(folder, 'state/evidence/holdfast.dev', namespace, store), copy, { recursive: true });
  const key = join(folder, 'evidence.pub');
  const verify = () => showOffline(folder, 'evidence', 'verify', copy, '--key', key);
  if ((await verify()) !== 0) throw new Error('the pack is not verified');

  step('One byte of it is changed');
  const file = await evidenceIn(join(copy, 'packs', name));
  const text = await readFile(file, 'utf8');
  await chmod(file, 0o600);
  await writeFile(file, text.replace('Fail', 'Pass'));
  say(`  $ sed -i s/Fail/Pass/ ${file.slice(folder.length + 1)}`);
  if ((await verify()) !== 1) throw new Error('the change is not noticed');
}

/** The file of its section Evidence. */
async function evidenceIn(folder: string): Promise<string> {
  const all = await readdir(folder, { recursive: true });
  const file = all.find((one) => /\/evidence-\d{8}\.json$/.test(one));
  if (file === undefined) throw new Error('the pack has no section Evidence');
  return join(folder, file);
}
