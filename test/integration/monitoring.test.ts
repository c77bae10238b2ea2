/**
 * The operator as Prometheus and people on call see it: its metrics pass `promtool check metrics`, have everything that alerts and dashboards ask
 * for, from one replica or two; and each command of each runbook works, with the rights of whoever is to run it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { features } from '../../operator/features.ts';
import { holdfastDashboard } from '../../operator/tools/dashboard/holdfast.ts';
import { alertsOf } from '../../operator/tools/rules.ts';
import { startMonitoringBed, type MonitoringBed } from '../monitoring/bed.ts';
import { exposition, groupedBy, selectorsOf, selects, type Exposed } from '../monitoring/exposition.ts';
import { startPrometheus, type Prometheus } from '../monitoring/prometheus.ts';
import { promtool } from '../monitoring/promtool.ts';
import { commandsOf, queriesOf } from '../monitoring/runbook.ts';
import { until } from '../operator/until.ts';

const folder = resolve(import.meta.dirname, '../../docs/runbooks');
const pages = readdirSync(folder).map((file) => join(folder, file));
const waiverExpiry = 'holdfast_policywaiver_expiry_timestamp_seconds';
const lastScan = 'holdfast_device_last_scan_timestamp_seconds';
const alerts = alertsOf(features);
let bed: MonitoringBed;

beforeAll(async () => {
  bed = await startMonitoringBed();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

/** What Prometheus gives to all that it reads of a process in a cluster. */
const ofTarget = ['namespace', 'job', 'instance', 'pod', 'le'];
/** What only faults and Ansible cause: the metric is there without samples, or without those that are asked for; these are its labels. */
const rare: Readonly<Record<string, readonly string[]>> = {
  holdfast_apiserver_requests_total: ['verb', 'code'],
  holdfast_corrections_total: ['resource_namespace', 'baseline', 'outcome'],
};

/** What these expressions ask for and the operator does not expose. */
function missing(exprs: readonly string[], samples: readonly Exposed[], types: ReadonlyMap<string, string>): string[] {
  return exprs.flatMap((expr) => {
    const selectors = selectorsOf(expr);
    const unknown = selectors.filter((one) =>
      one.name in rare ? !types.has(one.name) : !samples.some((sample) => selects(one, sample)),
    );
    const there = new Set(
      samples
        .filter(({ name }) => selectors.some((one) => one.name === name))
        .flatMap(({ labels }) => Object.keys(labels)),
    );
    // Only with --host-metrics.
    const ignored = [...ofTarget, 'target', ...selectors.flatMap(({ name }) => rare[name] ?? [])];
    const labels = groupedBy(expr).filter((label) => !there.has(label) && !ignored.includes(label));
    return [...unknown.map((one) => `${JSON.stringify(one)} of ${expr}`), ...labels.map((one) => `${one} of ${expr}`)];
  });
}

describe('metrics', () => {
  test('pass promtool check metrics', async () => {
    const text = await bed.metrics();
    expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, text: '' });
    // What Prometheus itself writes would be renamed, or lost.
    const own = /^(?!process_|nodejs_).*[{,](namespace|job|instance|pod|service|endpoint|container)=/m;
    expect(text).not.toMatch(own);
    expect(text).toMatch(/^holdfast_build_info\{version="\d+\.\d+\.\d+",node_version="v\d+\.\d+\.\d+"\} 1$/m);
  });

  test('have every name, label and value of a label that alerts, runbooks and dashboards ask for', async () => {
    const waiver = bed.run('bob', approval);
    expect(await waiver).toMatchObject({ code: 0 });
    const { samples, types } = await until('the waiver is effective, and the host is evaluated', async () => {
      const found = exposition(await bed.metrics());
      const names = new Set(found.samples.map(({ name }) => name));
      return [waiverExpiry, lastScan].every((name) => names.has(name)) ? found : undefined;
    });
    const panels = holdfastDashboard.rows.flatMap((row) => row.panels);
    const queries = panels.flatMap((panel) => panel.queries.map(({ expr }) => expr));
    const exprs = [...alerts.map(({ expr }) => expr), ...pages.flatMap(queriesOf), ...queries];
    expect(selectorsOf(exprs.join(' or ')).length).toBeGreaterThan(30);
    expect(missing(exprs, samples, types)).toEqual([]);
    // Such a comparison finds what it must.
    expect(missing(['sum by (colour) (holdfast_devices{result="Unknwon"})'], samples, types)).toHaveLength(2);
  });

  test('of a standby say the same of objects, and that it does not lead', async () => {
    const of = (text: string, pattern: RegExp) =>
      text
        .split('\n')
        .filter((line) => pattern.test(line))
        .sort();
    const other = await bed.standby();
    expect(of(await bed.metrics(), /^(holdfast_leading|leader_election_master_status\{)/)).toEqual([
      'holdfast_leading 1',
      'leader_election_master_status{name="holdfast/holdfast-operator"} 1',
    ]);
    const standby = await bed.metrics(other);
    expect(of(standby, /^(holdfast_leading|leader_election_master_status\{)/)).toEqual([
      'holdfast_leading 0',
      'leader_election_master_status{name="holdfast/holdfast-operator"} 0',
    ]);
    const objects =
      /^holdfast_(objects|devices|device_reachability|findings|policywaivers|enforced|corrections_impeded)\{/;
    expect(of(standby, objects).length).toBeGreaterThan(30);
    expect(of(standby, objects)).toEqual(of(await bed.metrics(), objects));
    expect(standby).not.toMatch(/^holdfast_devices_overdue\{/m);
  });
});

const approval = `kubectl -n fleet create -f - <<EOF
apiVersion: holdfast.dev/v1alpha1
kind: Approval
metadata: {generateName: legacy-motd-}
spec:
  subjectRef: {kind: PolicyWaiver, name: legacy-motd}
  subjectDigest: $(kubectl -n fleet get policywaiver legacy-motd -o jsonpath='{.status.digest}')
  decision: Approve
  approver: bob
EOF`;

/** No node runs the pod, so that it is found and has written nothing. */
function isOfLogs(text: string): boolean {
  return / logs /.test(text);
}

describe('each command works in runbook', () => {
  test.each(pages.map((page) => [page.split('/').at(-1)!, page] as const))('%s', async (_, page) => {
    await bed.restore();
    const commands = commandsOf(page);
    expect(commands.length).toBeGreaterThan(2);
    let variables = '';
    for (const { text, shows, person, mayBeSilent } of commands) {
      const said = await bed.run(person, `${variables}${text}`);
      expect({ text, ...said }).toMatchObject({ text, code: 0, stderr: expect.not.stringContaining('in holdfast') });
      if (!mayBeSilent && !isOfLogs(text))
        expect({ text, ...said }).toMatchObject({ text, stdout: expect.stringMatching(/\w/) });
      for (const line of shows) expect(columns(said.stdout)).toContain(columns(line).trim());
      // A block is typed into one shell.
      if (/^\w+=/.test(text)) variables = `${text.replace(/ {2}#.*/, '')}; `;
    }
  });
});

function columns(text: string): string {
  return text.replace(/[ \t]+/g, ' ');
}

describe('a Prometheus in another pod', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    // As docs/monitoring.md has it, which the runbook of HoldfastDown has done above.
    await bed.kubectl.run('create', 'namespace', 'monitoring');
    await bed.kubectl.run('-n', 'monitoring', 'create', 'serviceaccount', 'prometheus-k8s');
    const token = (await bed.kubectl.run('-n', 'monitoring', 'create', 'token', 'prometheus-k8s')).trim();
    const port = bed.address.split(':')[1];
    prometheus = await startPrometheus({ targets: [`${ownAddress()}:${port}`], token });
  }, 60_000);

  afterAll(() => prometheus.stop());

  test('reads the metrics with the rights that the page grants', async () => {
    const bare = (page: string) => commandsOf(page).map(({ text }) => text.replace(/ {2}#.*/, ''));
    const granting = bare(resolve(folder, '../monitoring.md'));
    expect(granting.length).toBe(2);
    expect(bare(join(folder, 'HoldfastDown.md'))).toEqual(expect.arrayContaining(granting));
    await until('it has read them', async () => (await prometheus.query('holdfast_build_info')).length || undefined);
  });

  test('fires an alert when a policy is deleted, whose cause is over when it is there again', async () => {
    const fires = async (name: string) => (await prometheus.firing()).includes(name);
    await until('hosts are reported', async () => (await fires('HoldfastDevicesUnreachable')) || undefined);
    expect(await prometheus.firing()).not.toContain('HoldfastAdmissionPoliciesMissing');
    await bed.kubectl.run('delete', 'validatingadmissionpolicybinding', 'approvals.holdfast.dev');
    await until('it fires', async () => (await fires('HoldfastAdmissionPoliciesMissing')) || undefined);
    await bed.kubectl.run('apply', '--filename', join(bed.folder, 'policies/'));
    // The alert itself looks back for five minutes.
    const faults = 'holdfast_admission_policies{state!="intact"} > 0';
    await until('all are there', async () => (await prometheus.query(faults)).length === 0 || undefined);
  });
});

function ownAddress(): string {
  const [address] = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  if (!address) throw new Error('this machine has no address but those of loopback; give it one');
  return address.address;
}
