/** Reports of openreports.io, as dashboards read them: with the CRD of that project, where the operator may write them, and with no effect on anything else where it may not. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { apiVersion, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';
import { moduleFolder } from '../shipped/schemas.ts';

interface Report {
  readonly metadata: { readonly ownerReferences?: object[]; readonly resourceVersion: string };
  readonly scope?: object;
  readonly summary: Readonly<Record<string, number>>;
  readonly results: readonly { readonly rule?: string; readonly result: string; readonly message?: string }[];
}

const group = 'rbac.authorization.k8s.io';
const reports = 'reports.openreports.io';
const other = 'shop';
let bed: Bed;
let operator: Operator;
let folder: string;
let shop: Kubectl;

const motd = { name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: 'Authorized use only.\n' } };
const hosts = { name: 'hosts', file: { path: '/etc/hosts', state: 'Absent' } };
const passwd = { name: 'passwd', file: { path: '/etc/passwd', owner: 'root' } };

const declare = (kubectl: Kubectl, name: string, checks: object[], within = namespace) =>
  kubectl.apply({
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name, namespace: within },
    spec: { selector: { matchLabels: { os: 'rhel9' } }, intervalSeconds: 10, checks },
  });

const untilReport = (name: string, holds: (report: Report) => boolean) =>
  until(`report ${name}`, async () => {
    const found = await bed.kubectl.get<Report>(reports, name);
    return found && holds(found) ? found : undefined;
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openreports-'));
  const manifests = await Promise.all(
    [
      ['github.com/openreports/reports-api@v0.2.1', 'config/crd/openreports.io_reports.yaml'],
      ['github.com/kyverno/kyverno@v1.12.0', 'config/crds/policyreport/wgpolicyk8s.io_policyreports.yaml'],
    ].map(async ([module = '', file = '']) => {
      const copy = join(folder, basename(file));
      await copyFile(join(await moduleFolder(module), file), copy);
      return copy;
    }),
  );
  bed = await startBed(['web-01'], { manifests });
  shop = new Kubectl(bed.cluster, other);
  await bed.kubectl.apply({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'holdfast-policy-reports', namespace },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'holdfast-policy-reports' },
    subjects: [{ kind: 'User', name: 'holdfast-operator', apiGroup: group }],
  });
  await bed.host('web-01').writeFile('/etc/motd', 'Welcome.\n', '0644');
  // Somebody's own, of a name that will be taken.
  await bed.kubectl.apply({
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'Report',
    metadata: { name: 'taken.web-01', namespace },
    source: 'someone',
    results: [{ policy: 'theirs', result: 'fail' }],
  });
  operator = await bed.operator('--policy-reports', 'openreports.io');
}, 900_000);

afterAll(async () => {
  await bed.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('a report says what fails, counts what passes, and belongs to its DriftReport', async () => {
  await declare(bed.kubectl, 'base', [motd, hosts, passwd]);
  const report = await untilReport('base.web-01', ({ summary }) => summary['fail'] === 2);
  const { metadata } = (await bed.kubectl.get<{ metadata: { uid: string } }>('driftreport', 'base.web-01'))!;
  expect(report.metadata.ownerReferences).toMatchObject([{ kind: 'DriftReport', uid: metadata.uid }]);
  expect(report.scope).toEqual({ apiVersion, kind: 'Device', namespace, name: 'web-01' });
  expect(report.summary).toEqual({ pass: 1, fail: 2, warn: 0, error: 0, skip: 0 });
  expect(report.results.map(({ rule, result }) => `${rule} ${result}`)).toEqual(['hosts fail', 'motd fail']);
});

test('it follows the DriftReport, whose status stays as it is', async () => {
  await bed.host('web-01').writeFile('/etc/motd', 'Authorized use only.\n', '0644');
  const report = await untilReport('base.web-01', ({ summary }) => summary['fail'] === 1);
  expect(report.results.map(({ rule }) => rule)).toEqual(['hosts']);
  const drift = await bed.kubectl.get<{ status: object }>('driftreport', 'base.web-01');
  expect(drift?.status).toMatchObject({ summary: { pass: 2, fail: 1 } });
  expect(drift?.status).not.toHaveProperty('conditions');
});

test('a report of that name which is not ours stays, and the baseline does its work', async () => {
  await declare(bed.kubectl, 'taken', [hosts]);
  await untilCondition(bed.kubectl, 'devicebaseline', 'taken', 'Compliant', 'False');
  await declare(bed.kubectl, 'after', [hosts]);
  await untilReport('after.web-01', ({ summary }) => summary['fail'] === 1);
  expect(await bed.kubectl.get(reports, 'taken.web-01')).toMatchObject({
    source: 'someone',
    results: [{ policy: 'theirs', result: 'fail' }],
  });
});

test('where the operator may not write them, one event says how to allow it', async () => {
  await bed.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } });
  const { hostKey } = bed.host('web-01');
  await shop.apply({
    apiVersion,
    kind: 'Device',
    metadata: { name: 'till-01', namespace: other, labels: { os: 'rhel9' } },
    spec: { ssh: { host: '192.0.2.1', user: 'root', hostKeys: [hostKey], credentialsRef: { name: 'none' } } },
  });
  await declare(shop, 'base', [motd], other);
  await declare(shop, 'more', [hosts], other);
  interface Event {
    readonly reason: string;
    readonly note?: string;
    readonly message?: string;
  }
  const said = await until('the event', async () => {
    const events = await shop.list<Event>('events');
    const found = events.filter(({ reason }) => reason === 'NoPolicyReport');
    return found.length > 0 ? found : undefined;
  });
  expect(said).toHaveLength(1);
  expect(said[0]?.note ?? said[0]?.message).toContain(
    'kubectl -n shop create rolebinding holdfast-policy-reports --clusterrole=holdfast-policy-reports --user=holdfast-operator',
  );
  expect(await shop.list(reports)).toEqual([]);
});

test('the predecessor, as Kyverno installs it, takes them too', async () => {
  await operator.stop();
  operator = await bed.operator('--policy-reports', 'wgpolicyk8s.io');
  const report = await until('the report', () =>
    bed.kubectl.get<Report>('policyreports.wgpolicyk8s.io', 'base.web-01'),
  );
  expect(report.summary).toEqual({ pass: 2, fail: 1, warn: 0, error: 0, skip: 0 });
  expect(report).toMatchObject({ results: [{ rule: 'hosts', result: 'fail', source: 'Holdfast', policy: 'base' }] });
});
