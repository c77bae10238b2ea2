/** Packs of evidence from the real operator and apiserver: made when they are due, verified by our command, and told when something is wrong. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { EvidencePack, EvidencePackSpec } from '../../operator/api/v1alpha1/evidencePack.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

const plugin = resolve(import.meta.dirname, '../../operator/cli/main.ts');
let bed: ClusterOnlyBed;
let operator: Operator;

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    private: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    public: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}
const key = newKey();

const secret = (name: string, stringData: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: home },
  stringData,
});

beforeAll(async () => {
  bed = await startClusterOnly();
  operator = await bed.operator();
  await bed.kubectl.apply(
    { apiVersion, kind: 'EvidenceStore', metadata: { name: 'local', namespace: home }, spec: { filesystem: {} } },
    secret('evidence-key', { 'private.pem': key.private }),
    {
      apiVersion,
      kind: 'ClusterBaseline',
      metadata: { name: 'platform' },
      spec: {
        serviceAccountRef: { namespace: home, name: writer },
        mode: 'Inform',
        objects: [
          {
            name: 'banner',
            severity: 'High',
            controls: ['NIST-800-53:AC-8'],
            template: {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'banner', namespace: home },
              data: { text: 'Authorized use only.' },
            },
          },
        ],
      },
    },
  );
  await untilTrue('evidencestore', 'local', 'Ready');
  await until('the drift is told', async () => {
    const baseline = await bed.kubectl.get<EvidencePack>('clusterbaseline', 'platform');
    return conditionOf(baseline, 'Compliant')?.status === 'False' ? true : undefined;
  });
}, 600_000);

afterAll(() => bed.stop(), 60_000);

function untilTrue(kind: string, name: string, type: string): Promise<EvidencePack> {
  let last: EvidencePack | undefined;
  const look = async () => {
    last = await bed.kubectl.get<EvidencePack>(kind, name, home);
    return conditionOf(last, type)?.status === 'True' ? last : undefined;
  };
  return until(`${kind} ${name} is ${type}`, look, { seconds: 60, seen: () => last?.status });
}

/** A period that ends soon, with all that was decided by now. */
function justNow(): { startTime: string; endTime: string } {
  const end = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
  return { startTime: new Date(end.getTime() - 3_600_000).toISOString(), endTime: end.toISOString() };
}

async function declare(name: string, spec: Partial<EvidencePackSpec> = {}): Promise<void> {
  await bed.kubectl.apply({
    apiVersion,
    kind: 'EvidencePack',
    metadata: { name, namespace: home },
    spec: {
      storeRef: { name: 'local' },
      ...(!spec.schedule && { period: justNow() }),
      signing: { keyRef: { name: 'evidence-key' } },
      ...spec,
    },
  });
}

async function stored(name: string, sequence = 1): Promise<EvidencePack> {
  let last: EvidencePack | undefined;
  const look = async () => {
    last = await bed.kubectl.get<EvidencePack>('evidencepack', name, home);
    return last?.status?.last?.sequence === sequence ? last : undefined;
  };
  return until(`pack ${sequence} of ${name} is stored`, look, { seconds: 60, seen: () => last?.status });
}

const root = (): string => join(bed.folder, 'state/evidence/holdfast.dev', home, 'local');

/** The exit code, and what it printed. */
async function verify(folder: string, ...flags: string[]): Promise<{ code: number; text: string }> {
  const file = join(bed.folder, 'evidence.pub');
  writeFileSync(file, key.public);
  const args = [plugin, 'evidence', 'verify', folder, '--key', file, ...flags];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

function sectionOf(name: string, stem: string): Record<string, unknown> {
  const folder = join(root(), 'packs', name);
  const pack = readdirSync(folder).find((one) => /^\d{8}-[0-9a-f]{12}$/.test(one))!;
  const file = readdirSync(join(folder, pack)).find((one) => one.startsWith(`${stem}-`))!;
  return JSON.parse(readFileSync(join(folder, pack, file), 'utf8')) as Record<string, unknown>;
}

describe('a pack of a period that is over', () => {
  test('is stored, signed and told', async () => {
    await declare('once');
    const { status } = await stored('once');
    expect(conditionOf({ status: status! }, 'Signed')?.status).toBe('True');
    expect(status?.last).toMatchObject({ sequence: 1 });
    expect(status?.making).toBeUndefined();
  });

  test('has the drift that there is, and what the journal recorded of it', () => {
    const { findings, changes } = sectionOf('once', 'evidence') as { findings: object[]; changes: object[] };
    expect(findings).toContainEqual(expect.objectContaining({ check: 'banner', result: 'Fail', severity: 'High' }));
    expect(changes).toContainEqual(expect.objectContaining({ event: 'FindingOpened' }));
  });

  test('says of a control whose check fails that it is not satisfied', () => {
    expect(JSON.stringify(sectionOf('once', 'policy'))).toContain('"NotSatisfied"');
  });

  test('is verified by our command, and refused once a byte is another', async () => {
    const fine = await verify(root());
    expect(fine.text).not.toContain('refused');
    expect([0, 2]).toContain(fine.code);
    const copy = join(bed.folder, 'copy');
    cpSync(root(), copy, { recursive: true });
    const folder = join(copy, 'packs/once');
    const pack = readdirSync(folder).find((one) => /^\d{8}-[0-9a-f]{12}$/.test(one))!;
    const file = join(
      folder,
      pack,
      readdirSync(join(folder, pack)).find((one) => one.startsWith('evidence-'))!,
    );
    chmodSync(file, 0o600);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"Fail"', '"Pass"'));
    const altered = await verify(copy);
    expect(altered.code).toBe(1);
    expect(altered.text).toMatch(/evidence-\d{8}\.json/);
    rmSync(copy, { recursive: true });
  });

  test('is journaled', async () => {
    await declare('later');
    await stored('later');
    const { changes = [], ...rest } = sectionOf('later', 'evidence') as { changes?: object[] };
    expect(JSON.stringify([changes, rest])).toContain('once');
  });
});

describe('a chain', () => {
  test('has one pack of a number, although the operator was killed while it was made', async () => {
    await declare('killed');
    await until('it is begun', async () => {
      const { status } = (await bed.kubectl.get<EvidencePack>('evidencepack', 'killed', home)) ?? {};
      return status?.making ?? status?.last;
    });
    await operator.kill();
    operator = await bed.operator();
    const { status } = await stored('killed');
    expect(conditionOf({ status: status! }, 'ChainIntact')?.status).toBe('True');
    const bundles = readdirSync(join(root(), 'packs/killed')).filter((name) => name.endsWith('.sigstore.json'));
    expect(bundles).toEqual(['00000001.sigstore.json']);
    expect(await verify(root())).toMatchObject({ code: 0 });
  }, 200_000);

  test('of which the last pack is gone says so', async () => {
    await declare('lost');
    const { status } = await stored('lost');
    const bundle = join(root(), 'packs/lost/00000001.sigstore.json');
    renameSync(bundle, `${bundle}.gone`);
    await bed.kubectl.run('-n', home, 'annotate', '--overwrite', 'evidencepack', 'lost', 'holdfast.dev/retry=1');
    await bed.kubectl.run(
      '-n',
      home,
      'patch',
      'evidencepack',
      'lost',
      '--type',
      'merge',
      '--patch',
      '{"spec":{"frameworks":["CIS"]}}',
    );
    await until('it is told', async () => {
      const pack = await bed.kubectl.get<EvidencePack>('evidencepack', 'lost', home);
      return conditionOf(pack, 'ChainIntact')?.reason === 'PacksGone' ? true : undefined;
    });
    expect(status?.last?.sequence).toBe(1);
    renameSync(`${bundle}.gone`, bundle);
  });
});

test("a framework of one's own is evaluated", async () => {
  const framework = {
    id: 'ACME-SEC',
    title: 'Acme security',
    version: '1',
    controls: [{ id: 'S-1', title: 'Banners', mapsTo: ['NIST-800-53:AC-8'] }],
  };
  const data = { 'framework.json': JSON.stringify(framework) };
  await bed.kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'acme', namespace: home }, data });
  await declare('acme', { frameworkRefs: [{ name: 'acme' }], sections: ['Policy'] });
  const { status } = await stored('acme');
  expect(status?.missing).toBeUndefined();
  const text = JSON.stringify(sectionOf('acme', 'policy'));
  expect(text).toContain('"ACME-SEC"');
});

describe('what is wrong is told', () => {
  test.each<[string, Partial<EvidencePackSpec>, RegExp]>([
    [
      'a Secret that is not there',
      { signing: { keyRef: { name: 'none' } } },
      /Secret none does not exist in this namespace; create it with/,
    ],
    [
      'a store that is not there',
      { storeRef: { name: 'none' } },
      /EvidenceStore none does not exist in this namespace/,
    ],
    [
      'a service that is not configured',
      { signing: { keyless: { service: 'fulcio' } } },
      /there is no certificate authority fulcio/,
    ],
  ])('%s', async (name, spec, message) => {
    const pack = name.replaceAll(' ', '-').toLowerCase();
    await declare(pack, spec);
    const found = await until(`${pack} says so`, async () => {
      const object = await bed.kubectl.get<EvidencePack>('evidencepack', pack, home);
      return conditionOf(object, 'Stored')?.reason === 'Overdue' ? object : undefined;
    });
    expect(conditionOf(found, 'Ready')?.message).toMatch(message);
  });

  test('a new key that the one before does not endorse, and then one that it does', async () => {
    const next = newKey();
    await bed.kubectl.apply(secret('next-key', { 'private.pem': next.private }));
    await declare('rotated', { signing: { keyRef: { name: 'next-key' } } });
    await until('it is refused', async () => {
      const object = await bed.kubectl.get<EvidencePack>('evidencepack', 'rotated', home);
      return conditionOf(object, 'Stored')?.reason === 'KeyNotEndorsed' ? true : undefined;
    });
    await bed.kubectl.apply(secret('next-key', { 'private.pem': next.private, 'previous.pem': key.private }));
    await bed.kubectl.run('-n', home, 'delete', 'evidencepack', 'rotated');
    await declare('rotated', { signing: { keyRef: { name: 'next-key' } } });
    await stored('rotated');
    const { text, code } = await verify(root());
    expect({ text, code }).toEqual({ text: expect.not.stringContaining('refused') as unknown, code: 0 });
  });
});

describe('the apiserver refuses', () => {
  test.each<[string, object, RegExp]>([
    ['a schedule and a period', { schedule: '0 2 * * *' }, /not both/],
    [
      'a period that ends before it begins',
      { period: { startTime: '2026-11-02T00:00:00Z', endTime: '2026-11-01T00:00:00Z' } },
      /after `startTime`/,
    ],
    ['two ways to sign', { signing: { keyRef: { name: 'k' }, keyless: { service: 'f' } } }, /exactly one of/],
    ['a section that is none', { sections: ['Everything'] }, /Unsupported value/],
  ])('%s', async (_, spec, message) => {
    await expect(declare('refused', { period: justNow(), ...spec })).rejects.toThrow(message);
  });
});
