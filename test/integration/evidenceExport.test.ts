/** Exports of evidence through the real operator and apiserver: who may, what is recorded, what is stored, and when it goes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extract } from 'tar-stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EvidenceExport, EvidenceExportSpec } from '../../operator/api/v1alpha1/evidenceExport.ts';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { readSegment } from '../../operator/evidence/journal/segment.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import { AsUser } from '../operator/asUser.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

let bed: ClusterOnlyBed;
let people: AsUser;
let count = 0;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.operator();
  people = await AsUser.connect(bed.cluster.kubeconfig);
  await bed.kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } },
    { apiVersion, kind: 'EvidenceStore', metadata: { name: 'local', namespace: home }, spec: { filesystem: {} } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'evidence-key', namespace: home },
      stringData: { 'private.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }) as unknown as string },
    },
    ...may('auditor', home, [
      { apiGroups: ['holdfast.dev'], resources: ['evidenceexports'], verbs: ['create', 'get', 'patch', 'delete'] },
      { apiGroups: ['holdfast.dev'], resources: ['evidencestores'], resourceNames: ['local'], verbs: ['export'] },
    ]),
    ...may('curious', home, [
      {
        apiGroups: ['holdfast.dev'],
        resources: ['evidenceexports', 'evidencestores'],
        verbs: ['create', 'get', 'patch', 'update'],
      },
    ]),
    ...may('stranger', 'elsewhere', [{ apiGroups: ['holdfast.dev'], resources: ['*'], verbs: ['*'] }]),
  );
  await pack('first');
}, 600_000);

afterAll(async () => {
  await people.close();
  await bed.stop();
}, 60_000);

function may(user: string, namespace: string, rules: object[]): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name: user, namespace }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: user, namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name: user },
      subjects: [{ kind: 'User', apiGroup: rbac, name: `${user}@corp.dev` }],
    },
  ];
}

/** A pack of the last hour, once it is stored. */
async function pack(name: string): Promise<void> {
  const end = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
  await bed.kubectl.apply({
    apiVersion,
    kind: 'EvidencePack',
    metadata: { name, namespace: home },
    spec: {
      storeRef: { name: 'local' },
      period: { startTime: new Date(end.getTime() - 3_600_000).toISOString(), endTime: end.toISOString() },
      signing: { keyRef: { name: 'evidence-key' } },
    },
  });
  let last: EvidencePack | undefined;
  await until(
    `pack ${name} is stored`,
    async () => {
      last = await bed.kubectl.get<EvidencePack>('evidencepack', name, home);
      return last?.status?.last?.sequence === 1 || undefined;
    },
    { seconds: 60, seen: () => last?.status },
  );
}

function request(spec: Partial<EvidenceExportSpec> = {}, namespace = home): EvidenceExport {
  return {
    apiVersion,
    kind: 'EvidenceExport',
    metadata: { name: `audit-${++count}`, namespace },
    spec: { storeRef: { name: 'local' }, requestedBy: 'auditor@corp.dev', reason: 'Audit of Q4 2026', ...spec },
  };
}

async function created(spec: Partial<EvidenceExportSpec> = {}): Promise<string> {
  const object = request(spec);
  expect(await people.as('auditor@corp.dev').create('evidenceexports', object)).toMatchObject({ is: 'accepted' });
  return object.metadata.name;
}

async function untilIs(name: string, type: string, reason: string): Promise<EvidenceExport> {
  let last: EvidenceExport | undefined;
  return until(
    `${name} is ${type}: ${reason}`,
    async () => {
      last = await bed.kubectl.get<EvidenceExport>('evidenceexport', name, home);
      return conditionOf(last, type)?.reason === reason ? last : undefined;
    },
    { seconds: 60, seen: () => last?.status },
  );
}

const root = (): string => join(bed.folder, 'state/evidence/holdfast.dev', home, 'local');
const archives = (): string[] => (existsSync(join(root(), 'exports')) ? readdirSync(join(root(), 'exports')) : []);

function entries(): JournalEntry[] {
  const folder = join(root(), 'journal');
  return readdirSync(folder)
    .filter((name) => /^\d+\.ndjson$/.test(name))
    .sort()
    .flatMap((name, at) => readSegment(at + 1, readFileSync(join(folder, name))).entries);
}

const exportsOf = (name: string): JournalEntry[] =>
  entries().filter(({ event, object }) => event === 'Exported' && object.name === name);

async function unpacked(bytes: Buffer, folder: string): Promise<void> {
  const reading = extract();
  reading.on('entry', (header, stream, next) => {
    const path = join(folder, header.name);
    mkdirSync(dirname(path), { recursive: true });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk as Buffer));
    stream.on('end', () => {
      writeFileSync(path, Buffer.concat(chunks));
      next();
    });
  });
  await pipeline(Readable.from([bytes]), reading);
}

describe('an export', () => {
  let name: string;

  test('is stored, and what is stored is what its status says', async () => {
    name = await created();
    const { status, metadata } = await untilIs(name, 'Ready', 'Stored');
    const bytes = readFileSync(join(root(), 'exports', `${name}-${metadata.uid}.tar`));
    expect(status?.archive).toMatchObject({
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      bytes: bytes.length,
      packs: [{ name: 'first', first: 1, last: 1, count: 1 }],
      leftOut: 0,
    });
    expect(status?.link).toBeUndefined();
  });

  test('is verified by whoever has the key', async () => {
    const [file = ''] = archives();
    const folder = join(bed.folder, 'unpacked');
    await unpacked(readFileSync(join(root(), 'exports', file)), folder);
    const verdict = await verifyTree(folderTree(folder), {
      keys: [createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))],
    });
    expect(verdict.checks.flatMap((check) => check.problems)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('is recorded once, with who, why and what', async () => {
    const { status } = (await bed.kubectl.get<EvidenceExport>('evidenceexport', name, home))!;
    const recorded = exportsOf(name);
    expect(recorded).toHaveLength(1);
    expect(recorded[0]).toMatchObject({
      actor: 'auditor@corp.dev',
      object: { kind: 'EvidenceExport', name },
      facts: {
        reason: 'Audit of Q4 2026',
        archive: { sha256: status!.archive!.digest.slice(7) },
        packs: [{ name: 'first', sequence: 1 }],
      },
    });
  });

  test('leaves the store verified', async () => {
    const verdict = await verifyTree(folderTree(root()), {
      keys: [createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))],
    });
    expect(verdict.checks.flatMap((check) => check.problems)).toEqual([]);
    expect(verdict.checks[0]?.message).toMatch(/1 archive of exports, not part of the evidence$/);
  });

  test('shows up in the next pack, whose gate lets the name of who exported pass', async () => {
    await pack('second');
    const folder = join(root(), 'packs/second');
    const content = readdirSync(folder).find((one) => /^\d{8}-[0-9a-f]{12}$/.test(one))!;
    const file = readdirSync(join(folder, content)).find((one) => one.startsWith('evidence-'))!;
    const { accesses } = JSON.parse(readFileSync(join(folder, content, file), 'utf8')) as { accesses: object[] };
    expect(accesses).toContainEqual(
      expect.objectContaining({
        event: 'Exported',
        actor: 'auditor@corp.dev',
        object: expect.objectContaining({ name }) as object,
      }),
    );
  });

  test('is immutable', async () => {
    const spot = { plural: 'evidenceexports', name, namespace: home };
    const reply = await people.as('auditor@corp.dev').change('merge', spot, { spec: { reason: 'Another' } }, request());
    expect(reply).toMatchObject({
      is: 'refused',
      message: expect.stringMatching(/cannot be changed/) as unknown as string,
    });
  });

  test('takes its archive along when it is deleted', async () => {
    expect(archives()).toHaveLength(1);
    await bed.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--timeout=60s');
    expect(archives()).toEqual([]);
  });
});

describe('is refused by the apiserver', () => {
  test('without the verb', async () => {
    const reply = await people
      .as('curious@corp.dev')
      .create('evidenceexports', request({ requestedBy: 'curious@corp.dev' }));
    const message = expect.stringMatching(
      /you need the verb `export` on evidencestores.holdfast.dev\/local in namespace platform/,
    ) as unknown as string;
    expect(reply).toMatchObject({ is: 'refused', status: 403, message });
  });

  test('with the verb for another store', async () => {
    const reply = await people
      .as('auditor@corp.dev')
      .create('evidenceexports', request({ storeRef: { name: 'other' } }));
    expect(reply).toMatchObject({ is: 'refused', status: 403 });
  });

  test('in the name of someone else', async () => {
    const reply = await people.as('curious@corp.dev').create('evidenceexports', request());
    const message = expect.stringMatching(/set it to curious@corp.dev/) as unknown as string;
    expect(reply).toMatchObject({ is: 'refused', status: 403, message });
  });

  test.each<[string, Partial<EvidenceExportSpec>, RegExp]>([
    [
      'a time that ends before it begins',
      { from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' },
      /`to` must be after `from`/,
    ],
    [
      'a private key',
      { recipientKey: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' + 'A'.repeat(60) },
      /a public key in PEM begins with/,
    ],
    ['no reason', { reason: '' }, /reason/],
    ['31 days', { ttlSeconds: 31 * 86_400 }, /ttlSeconds/],
  ])('with %s', async (_, spec, message) => {
    const reply = await people.as('auditor@corp.dev').create('evidenceexports', request(spec));
    expect(reply).toMatchObject({ is: 'refused', message: expect.stringMatching(message) as unknown as string });
  });
});

test('whoever rules another namespace exports nothing of this one', async () => {
  const object = request({ requestedBy: 'stranger@corp.dev' }, 'elsewhere');
  expect(await people.as('stranger@corp.dev').create('evidenceexports', object)).toMatchObject({ is: 'accepted' });
  await until('the store is not found there', async () => {
    const found = await bed.kubectl.get<EvidenceExport>('evidenceexport', object.metadata.name, 'elsewhere');
    return conditionOf(found, 'Ready')?.reason === 'StoreNotFound' || undefined;
  });
  expect(exportsOf(object.metadata.name)).toEqual([]);
});

test('a reason with a secret is not recorded, since no pack could be made with it', async () => {
  const name = await created({
    reason: 'see password=Tr0ub4dor&3xyz and token ghp_0123456789abcdefghijABCDEFGHIJ012345',
  });
  await untilIs(name, 'Ready', 'SecretFound');
  expect(exportsOf(name)).toEqual([]);
});

test('a status that someone else writes is not believed', async () => {
  const name = await created();
  const { metadata } = await untilIs(name, 'Ready', 'Stored');
  const path = `/apis/${apiVersion}/namespaces/${home}/evidenceexports/${name}/status`;
  await bed.write(path, {
    status: { archive: { uri: 'https://evil.example/a.tar', digest: `sha256:${'0'.repeat(64)}` } },
  });
  const file = join(root(), 'exports', `${name}-${metadata.uid}.tar`);
  const digest = `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
  await until('it is written again', async () => {
    const found = await bed.kubectl.get<EvidenceExport>('evidenceexport', name, home);
    return (found?.status?.archive?.digest === digest && conditionOf(found, 'Ready')?.reason === 'Stored') || undefined;
  });
  expect(new Set(exportsOf(name).map(({ facts }) => JSON.stringify(facts?.['archive']))).size).toBe(
    exportsOf(name).length,
  );
  await bed.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--timeout=60s');
  expect(existsSync(file)).toBe(false);
});

test('an archive that was altered is not removed, and that is said', async () => {
  const name = await created();
  const { metadata } = await untilIs(name, 'Ready', 'Stored');
  const file = join(root(), 'exports', `${name}-${metadata.uid}.tar`);
  rmSync(file);
  writeFileSync(file, 'another');
  await bed.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--timeout=60s');
  expect(readFileSync(file, 'utf8')).toBe('another');
  await until('it is told', async () => {
    const events = await bed.kubectl.run('get', 'events', '-n', home, '--output=json');
    return events.includes('was altered in the store, so it was left there') || undefined;
  });
  rmSync(file);
});

test('evidence that is broken is not exported, and the condition says what', async () => {
  const folder = join(root(), 'packs/second');
  const content = join(
    folder,
    readdirSync(folder).find((one) => /^\d{8}-[0-9a-f]{12}$/.test(one))!,
  );
  const file = join(
    content,
    readdirSync(content).find((one) => one.startsWith('dora-'))!,
  );
  const before = readFileSync(file);
  rmSync(file);
  writeFileSync(file, before.toString().replace('"', '" '));
  const name = await created();
  const { status } = await untilIs(name, 'Verified', 'EvidenceBroken');
  expect(conditionOf({ status: status! }, 'Verified')?.message).toMatch(/packs\/second\/.*dora/);
  expect(exportsOf(name)).toEqual([]);
  // What is wrong with one chain keeps no other one from being exported.
  const other = await created({ packs: ['first'] });
  await untilIs(other, 'Ready', 'Stored');
  rmSync(file);
  writeFileSync(file, before);
});

test('packs that were stored and are gone are not exported', async () => {
  const bundle = join(root(), 'packs/first/00000001.sigstore.json');
  const before = readFileSync(bundle);
  rmSync(join(root(), 'packs/first/00000001.sigstore.json'));
  const name = await created({ packs: ['first'] });
  const { status } = await untilIs(name, 'Ready', 'EvidenceBroken');
  expect(conditionOf({ status: status! }, 'Verified')?.message).toMatch(
    /^pack 1 of EvidencePack first is no longer in the store/,
  );
  writeFileSync(bundle, before);
});

test('when its store is gone, it can be deleted, and says what is left', async () => {
  const name = await created({ packs: ['first'] });
  const { metadata } = await untilIs(name, 'Ready', 'Stored');
  await bed.kubectl.run('delete', 'evidencestore', 'local', '-n', home);
  await bed.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--timeout=60s');
  await until('it is told', async () => {
    const events = await bed.kubectl.run('get', 'events', '-n', home, '--output=json');
    return events.includes(`${name}-${metadata.uid}.tar was left in the store`) || undefined;
  });
});
