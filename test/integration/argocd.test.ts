/**
 * Argo CD's view of real objects: every sample is applied as a user does it and evaluated by the real operator. Then its health is what the page
 * says, no comparison that Argo CD may make finds a difference from what was applied, and actions change nothing that Git would put back.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { actionsOf, folder, healthOf, patchOf, type Health } from '../argocd/customizations.ts';
import { outOfSync } from '../argocd/difference.ts';
import { setUp } from '../cluster/setUp.ts';
import { runCommand } from '../fleet/command.ts';
import { motd } from '../builders/drift.ts';
import { apiVersion, conditionOf, crds, namespace, operatorAccount, startBed, type Bed } from '../operator/bed.ts';
import { account, home, openshift, policies, writer } from '../operator/clusterOnly.ts';
import { grantedIn } from '../operator/grants.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const root = resolve(import.meta.dirname, '../..');
const samples = join(root, 'manifests/samples');
const people = {
  policyWaiver: 'alice@example.com',
  approval: 'bob@example.com',
  evidenceExport: 'carol@example.com',
} as const;

/** In the order of waves; the host of the sample is not there, web-02 is real and drifted. */
const rows: readonly { sample: string; kind: string; name: string; health: string; message: RegExp }[] = [
  {
    sample: 'maintenanceWindow',
    kind: 'MaintenanceWindow',
    name: 'sunday-night',
    health: 'Healthy',
    message: /open|closed/,
  },
  { sample: 'clusterBaseline', kind: 'ClusterBaseline', name: 'platform', health: 'Healthy', message: /./ },
  { sample: 'deviceBaseline', kind: 'DeviceBaseline', name: 'rhel9', health: 'Healthy', message: /drift/ },
  {
    sample: 'canaryRollout',
    kind: 'CanaryRollout',
    name: 'rhel9',
    health: 'Progressing',
    message: /updateStrategy/,
  },
  {
    sample: 'serviceLevelObjective',
    kind: 'ServiceLevelObjective',
    name: 'web-availability',
    // The operator of this test has no server, which a person must configure.
    health: 'Degraded',
    message: /Prometheus server/,
  },
  { sample: 'evidenceStore', kind: 'EvidenceStore', name: 'local', health: 'Healthy', message: /locks nothing|probe/ },
  {
    sample: 'evidencePack',
    kind: 'EvidencePack',
    name: 'nightly',
    // Its key is for a person to create.
    health: 'Progressing',
    message: /Secret evidence-key/,
  },
  {
    sample: 'evidenceExport',
    kind: 'EvidenceExport',
    name: 'q4-audit',
    // There is no pack.
    health: 'Degraded',
    message: /no pack of that time/,
  },
  { sample: 'cisRhel9', kind: 'DeviceBaseline', name: 'cis-rhel9', health: 'Healthy', message: /drift/ },
  { sample: 'policyWaiver', kind: 'PolicyWaiver', name: 'legacy-banner', health: 'Healthy', message: /./ },
  { sample: 'approval', kind: 'Approval', name: 'legacy-banner-bob', health: 'Healthy', message: /./ },
  { sample: 'device', kind: 'Device', name: 'web-01', health: 'Healthy', message: /./ },
  {
    sample: 'ansibleRun',
    kind: 'AnsibleRun',
    name: 'undo-rhel9-1',
    health: 'Progressing',
    message: /rhel9-1 does not exist/,
  },
];
const fileOf = (sample: string) => join(samples, `${sample}.yaml`);
const names = rows.map((row) => [`${row.kind} ${row.name}`, row] as const);

let bed: Bed;

beforeAll(async () => {
  bed = await startBed(['web-02'], { manifests: [openshift, policies] });
  await bed.kubectl.run('apply', '--filename', policies);
  await untilPoliciesAreHeeded(bed.kubectl);
  const rules = (resources: string[], ...verbs: string[]) => ({ apiGroups: ['holdfast.dev'], resources, verbs });
  const everyday = ['get', 'create', 'update', 'patch'];
  await bed.kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } },
    ...grantedIn(home, operatorAccount),
    ...account(writer, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
    ...rightsOf({
      [people.policyWaiver]: [rules(['policywaivers'], ...everyday)],
      [people.approval]: [rules(['approvals'], ...everyday), rules(['policywaivers'], 'approve')],
      [people.evidenceExport]: [rules(['evidenceexports'], ...everyday), rules(['evidencestores'], 'export')],
    }),
  );
  for (const { sample } of rows) {
    const person = people[sample as keyof typeof people];
    await bed.kubectl.run('apply', '--filename', fileOf(sample), ...(person ? ['--as', person] : []));
  }
}, 900_000);

afterAll(() => bed.stop(), 60_000);

type Row = (typeof rows)[number];
const live = async ({ kind, name }: Pick<Row, 'kind' | 'name'>): Promise<Resource> => {
  const found = await bed.kubectl.get<Resource>(kind, name, namespace);
  if (!found) throw new Error(`${kind} ${name} is gone`);
  return found;
};

function untilHealth(row: Row, expected: string): Promise<Health> {
  let last: Health | undefined;
  const look = async () => {
    [last] = await healthOf([await live(row)]);
    return last?.status === expected ? last : undefined;
  };
  const seen = async () => [last, (await live(row)).status];
  return until(`${row.kind} ${row.name} is ${expected}`, look, { seconds: 60, everyMilliseconds: 300, seen });
}

describe('health', () => {
  test('there is a row here for every sample', () => {
    const files = globSync('*.yaml', { cwd: samples }).map((file) => basename(file, '.yaml'));
    expect(rows.map(({ sample }) => sample).sort()).toEqual(files.sort());
  });

  test('before the operator is there, nothing is Healthy or Degraded', async () => {
    const healths = await healthOf(await Promise.all(rows.map(live)));
    expect(new Set(healths.map(({ status }) => status))).toEqual(new Set(['Progressing']));
    await bed.operator('--runner-image', 'registry.example.com/runner:1');
  });

  test('of runs: Progressing, then Healthy or Degraded, as they ended', async () => {
    const spec = { deviceNames: ['web-02'], backend: 'Local' };
    const run = (name: string, more: object) => ({
      ...{ apiVersion, kind: 'AnsibleRun', metadata: { name, namespace }, spec: { ...spec, ...more } },
    });
    const corrects = run('corrects', { checks: [motd] });
    const refused = run('refused', { playbook: { inline: '- hosts: all\n  tasks: []\n' } });
    await bed.kubectl.apply(corrects, refused);
    const row = { sample: '', kind: 'AnsibleRun', health: '', message: /./ };
    expect((await untilHealth({ ...row, name: 'corrects' }, 'Progressing')).message).not.toBe('');
    expect((await untilHealth({ ...row, name: 'refused' }, 'Degraded')).message).toMatch(/playbook/);
    expect((await untilHealth({ ...row, name: 'corrects' }, 'Healthy')).message).toMatch(/^1 host verified/);
  });

  test.each(names)('of %s', async (_, row) => {
    const { message } = await untilHealth(row, row.health);
    expect(message).toMatch(row.message);
  });

  test('of what drifted is Healthy, and says so', async () => {
    const device = { kind: 'Device', name: 'web-02' };
    await until(
      'web-02 is evaluated',
      async () => conditionOf(await live(device), 'Compliant')?.status === 'False' || undefined,
    );
    expect(await healthOf([await live(device)])).toMatchObject([{ status: 'Healthy' }]);
    const reports = await bed.kubectl.list<Resource>('driftreports', { namespace });
    const healths = await healthOf(reports);
    expect(new Set(healths.map(({ status }) => status))).toEqual(new Set(['Healthy']));
    expect(healths.map(({ message }) => message)).toContain('Fail');
  });

  test('is what kstatus makes of the same objects', async () => {
    const list = (kind: string) => bed.kubectl.list<Resource>(kind, { namespace });
    const objects = [
      ...(await Promise.all(rows.map(live))),
      ...(await list('devices')),
      ...(await list('ansibleruns')),
    ];
    const input = objects.map((object) => JSON.stringify(object)).join('\n');
    const { stdout } = await runCommand([join(await setUp('kstatus'), 'kstatus')], { input });
    const words: Record<string, string> = { Current: 'Healthy', InProgress: 'Progressing', Failed: 'Degraded' };
    const expected = stdout
      .trimEnd()
      .split('\n')
      .map((line) => words[line.split('\t')[0] ?? '']);
    expect((await healthOf(objects)).map(({ status }) => status)).toEqual(expected);
  });
});

/** Nothing where there is no difference. */
async function diff(path: string, ...flags: string[]): Promise<string> {
  const { stdout, stderr } = await bed.kubectl.try(['diff', '--filename', path, ...flags]);
  return stdout + stderr;
}

const byServer = ['--server-side', '--force-conflicts', '--field-manager', 'argocd-controller'];
const parts = [crds, policies, join(root, 'manifests/rbac/role.yaml'), join(root, 'manifests/rbac/grants.yaml')];
const declared = [...rows.map(({ sample }) => fileOf(sample)), ...parts].map(
  (path) => [relative(root, path), path] as const,
);

async function differences(path: string): Promise<object[]> {
  const files = path.endsWith('.yaml') ? [path] : globSync('*.yaml', { cwd: path }).map((file) => join(path, file));
  const objects = files.flatMap((file) => loadAll(readFileSync(file, 'utf8')) as Resource[]);
  const found = await Promise.all(
    objects.map(async (object) => {
      const { kind, metadata } = object;
      return outOfSync(object, await live({ kind, name: metadata.name }));
    }),
  );
  return found.flat();
}

describe('no difference from Git', () => {
  test.each(declared)('%s, after a sync', async (_, path) => {
    expect(await differences(path)).toEqual([]);
    if (!parts.includes(path)) expect(await diff(path)).toBe('');
  });

  test('all samples at once, as a directory', async () => {
    expect(await diff(samples)).toBe('');
  });

  test('and what does differ is found', async () => {
    const [window] = loadAll(readFileSync(fileOf('maintenanceWindow'), 'utf8')) as [Resource<{ timeZone?: string }>];
    const changed = { ...window, spec: { ...window.spec, timeZone: 'Europe/Vienna' } };
    const now = await live(rows[0]!);
    expect(outOfSync(changed, now)).toEqual([{ spec: { timeZone: 'Europe/Vienna' } }]);
    const removed = { ...window, spec: { ...window.spec, timeZone: undefined } };
    expect(outOfSync(JSON.parse(JSON.stringify(removed)) as object, now)).toEqual([{ spec: { timeZone: null } }]);
  });

  test.each(declared)('%s, after a sync by server-side apply', async (_, path) => {
    await bed.kubectl.run('apply', '--filename', path, ...byServer);
    expect(await diff(path, ...byServer)).toBe('');
    expect(await differences(path)).toEqual([]);
  });
});

describe('actions', () => {
  /** As Argo CD does it, with the rights of its server. */
  async function act(row: Pick<Row, 'kind' | 'name'>, action: string): Promise<void> {
    const object = await live(row);
    expect((await actionsOf(object))[action]).toBe(true);
    await bed.kubectl.merge(row.kind, row.name, await patchOf(action, object), {
      namespace,
      fieldManager: 'argocd-server',
    });
  }

  test('a Device is evaluated now, and not in five minutes', async () => {
    const failing = async () => {
      const report = await bed.kubectl.get<DriftReport>('driftreport', 'rhel9.web-02');
      return report?.status?.findings?.map(({ check }) => check) ?? [];
    };
    expect(await failing()).not.toContain('root-home');
    await bed.host('web-02').run('chmod 0777 /root');
    await act({ kind: 'Device', name: 'web-02' }, 'evaluate');
    const seen = async () => (await failing()).includes('root-home') || undefined;
    await until('the check of /root fails', seen, { seconds: 20, seen: failing });
  });

  const suspendable = names.filter(([, { kind }]) => /Baseline|Device|Window/.test(kind));
  test.each(suspendable)('%s is suspended, which is no difference from Git, and resumed', async (_, row) => {
    await act(row, 'suspend');
    const { message } = await untilHealth(row, 'Suspended');
    expect(message).toBe('suspended in Argo CD (until spec.suspend is removed)');
    const path = fileOf(row.sample);
    expect(await Promise.all([differences(path), diff(path), diff(path, ...byServer)])).toEqual([[], '', '']);
    await act(row, 'resume');
    // A host that is not there takes its time.
    await untilHealth(row, row.kind === 'Device' ? 'Progressing' : row.health);
  });
});

test('the ConfigMap is applied as the page says, and leaves what others wrote', async () => {
  const metadata = { name: 'argocd-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } };
  await bed.kubectl.applyAs(
    'argocd',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { url: 'https://argocd.example.com' } },
  );
  const everywhere = bed.kubectl.everywhere();
  const file = join(folder, 'argocd-cm.yaml');
  await everywhere.run('apply', '--server-side', '--field-manager', 'holdfast', '--filename', file);
  const found = await everywhere.get<{ data: object }>('configmap', 'argocd-cm', 'argocd');
  const keys = Object.keys(found?.data ?? {});
  expect(keys).toContain('url');
  expect(keys).toContain('resource.customizations.actions.holdfast.dev_Device');
});

test('the component of waves puts each kind after what it refers to', async () => {
  const place = mkdtempSync(join(tmpdir(), 'holdfast-waves-'));
  try {
    cpSync(samples, place, { recursive: true });
    const resources = rows.map(({ sample }) => `${sample}.yaml`);
    const kustomization = { resources, components: [relative(place, join(folder, 'waves'))] };
    writeFileSync(join(place, 'kustomization.yaml'), JSON.stringify(kustomization));
    const objects = loadAll(await bed.kubectl.run('kustomize', place)) as Resource[];
    const key = 'argocd.argoproj.io/sync-wave';
    const waves = Object.fromEntries(objects.map(({ kind, metadata }) => [kind, metadata.annotations?.[key]]));
    expect(waves).toEqual({
      ...{
        MaintenanceWindow: '1',
        ServiceLevelObjective: '1',
        ClusterBaseline: '2',
        DeviceBaseline: '2',
        PolicyWaiver: '3',
      },
      ...{
        Approval: '4',
        Device: '4',
        AnsibleRun: '4',
        CanaryRollout: '4',
        ServiceLevelObjective: '4',
        EvidenceStore: '1',
        EvidencePack: '4',
        EvidenceExport: '4',
      },
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
