/**
 * `make dashboard`: draws the dashboard from a real operator and its standby, a real Prometheus, and objects that comply, drift, are waived and are
 * unknown; writes reports/dashboard.html, and reports/dashboard.png by a browser.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { holdfastDashboard } from '../../operator/tools/dashboard/holdfast.ts';
import { home, writer } from '../operator/clusterOnly.ts';
import { apiVersion } from '../operator/bed.ts';
import { startMonitoringBed, type MonitoringBed } from './bed.ts';
import { drawn } from './draw.ts';
import { startPrometheus } from './prometheus.ts';

const seconds = Number(process.argv[2] ?? 90);
const reports = resolve(import.meta.dirname, '../../reports');
const sleep = (milliseconds: number) => new Promise((settle) => setTimeout(settle, milliseconds));

/** Config maps that are compared every second: some drift, and are corrected. */
async function events(bed: MonitoringBed): Promise<void> {
  const names = Array.from({ length: 12 }, (_, at) => `app-${at}`);
  const template = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: home },
    data: { level: 'declared' },
  });
  const baseline = (name: string, mode: string, own: readonly string[]) => ({
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name },
    spec: {
      serviceAccountRef: { namespace: home, name: writer },
      mode,
      objects: own.map((one, at) => ({ name: one, severity: at % 2 ? 'Low' : 'Critical', template: template(one) })),
    },
  });
  await bed.kubectl.apply(
    baseline('enforced', 'Enforce', names.slice(0, 6)),
    baseline('shown', 'Inform', names.slice(6)),
  );
  const end = performance.now() + seconds * 1000;
  for (let at = 0; performance.now() < end; at++) {
    const name = names[at % names.length]!;
    await bed.kubectl.apply({ ...template(name), data: { level: at % 5 === 4 ? 'declared' : 'changed' } });
    if (at === 20) await bed.run('bob', `kubectl -n fleet create -f - <<EOF\n${approval}\nEOF`);
    await sleep(1000);
  }
}

const approval = `apiVersion: holdfast.dev/v1alpha1
kind: Approval
metadata: {generateName: legacy-motd-}
spec:
  subjectRef: {kind: PolicyWaiver, name: legacy-motd}
  subjectDigest: $(kubectl -n fleet get policywaiver legacy-motd -o jsonpath='{.status.digest}')
  decision: Approve
  approver: bob`;

const bed = await startMonitoringBed();
try {
  const prometheus = await startPrometheus({ targets: [bed.address, await bed.standby()] });
  await events(bed);
  mkdirSync(reports, { recursive: true });
  const page = join(reports, 'dashboard.html');
  writeFileSync(page, await drawn(holdfastDashboard, prometheus, seconds));
  await prometheus.stop();
  console.log(`drawn: ${page}`);
  const image = page.replace('.html', '.png');
  const profile = mkdtempSync(join(tmpdir(), 'holdfast-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=1440,2600'];
  execFileSync('chromium', [...flags, `--user-data-dir=${profile}`, `--screenshot=${image}`, `file://${page}`], {
    stdio: 'ignore',
    timeout: 120_000,
  });
  rmSync(profile, { recursive: true, force: true });
  console.log(`drawn: ${image}`);
} finally {
  await bed.stop();
}
