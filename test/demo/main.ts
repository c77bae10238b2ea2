/**
 * The main jobs on real parts: a control plane, three hosts, the operator. A host is broken by hand; the drift is shown, corrected by
 * Ansible, verified by the probe, and undone. Then a deviation is asked for, approved and over, a canary is taken back and another completes, the cluster itself heals, and a signed pack of all that is verified. KEEP=1 leaves everything running until Ctrl-C.
 */
import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { conditionOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';
import { clusterTour } from './clusterTour.ts';
import { evidenceTour, keepEvidence } from './evidenceTour.ts';
import { say, show, step, took } from './narration.ts';
import { rolloutTour } from './rolloutTour.ts';
import { waiverTour } from './waiverTour.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const samples = resolve(import.meta.dirname, '../../manifests/samples');

const damage = [
  'sed -i "1i PermitRootLogin yes" /etc/ssh/sshd_config && systemctl reload sshd',
  'rm -f /etc/motd',
  'sysctl -qw net.ipv4.conf.all.accept_redirects=1',
];

async function main(): Promise<void> {
  step('Starting a control plane and three RHEL-like hosts');
  const bed = await startBed(['web-01', 'web-02', 'web-03']);
  const ended = process.env['KEEP'] ? interrupted() : undefined;
  try {
    await tell(bed);
    if (ended) {
      keep(bed);
      await ended;
    }
  } finally {
    step('Cleaning up');
    await bed.stop();
  }
  say(`\nDone in ${took()}.`);
}

async function tell(bed: Bed): Promise<void> {
  const { kubectl } = bed;
  // The apiserver heeds admission policies some seconds after it got them.
  await kubectl.run('apply', '--filename', policies);
  step('Starting the operator and declaring a baseline, mode Inform');
  const since = new Date();
  await keepEvidence(bed);
  await bed.operator();
  const baseline = load(readFileSync(`${samples}/deviceBaseline.yaml`, 'utf8')) as DeviceBaseline;
  const spec = { ...baseline.spec, intervalSeconds: 10, remediation: { backend: 'Local', maxUnavailable: 3 } };
  await kubectl.apply({ ...baseline, metadata: { ...baseline.metadata, namespace }, spec });
  await settled(bed);
  await show(kubectl, 'get', 'devices');

  step('Correcting all hosts: mode Enforce');
  await setMode(bed, 'Enforce');
  await compliant(bed);
  // What is changed while a run verifies its hosts, it takes for its own failure.
  await untilCondition(kubectl, 'ansiblerun', 'rhel9-1', 'Succeeded', 'True', 120);
  await show(kubectl, 'get', 'ansibleruns');
  await show(kubectl, 'get', 'devices');

  step('Manually changing three settings on web-01');
  await setMode(bed, 'Inform');
  for (const command of damage) {
    say(`  web-01# ${command}`);
    await bed.host('web-01').run(command);
  }
  await until('the drift is reported', async () => {
    const report = await kubectl.get<DriftReport>('driftreport', 'rhel9.web-01');
    return report?.status?.summary?.fail === damage.length ? true : undefined;
  });
  await untilCondition(kubectl, 'devicebaseline', 'rhel9', 'Compliant', 'False');
  await show(kubectl, 'get', 'devices,driftreports');
  await show(kubectl, 'describe', 'driftreport', 'rhel9.web-01');
  await show(kubectl, 'describe', 'devicebaseline', 'rhel9');

  step('Correcting the drift: mode Enforce again');
  const before = (await kubectl.list<AnsibleRun>('ansibleruns')).map(({ metadata }) => metadata.name);
  await setMode(bed, 'Enforce');
  const run = await until(
    'a correction begins',
    async () => (await kubectl.list<AnsibleRun>('ansibleruns')).find(({ metadata }) => !before.includes(metadata.name)),
    { seconds: 30 },
  );
  await untilCondition(kubectl, 'ansiblerun', run.metadata.name, 'Succeeded', 'True', 120);
  await compliant(bed);
  await show(kubectl, 'describe', 'ansiblerun', run.metadata.name);
  await show(kubectl, 'get', 'devicebaselines,devices');

  step('Undoing that correction: back to mode Inform, and a run that reverts it');
  await setMode(bed, 'Inform');
  const undo = {
    apiVersion: run.apiVersion,
    kind: 'AnsibleRun',
    metadata: { name: 'undo', namespace },
    spec: { revertOf: { name: run.metadata.name }, backend: 'Local' },
  };
  await kubectl.apply(undo);
  await untilCondition(kubectl, 'ansiblerun', 'undo', 'Succeeded', 'True', 120);
  await untilCondition(kubectl, 'device', 'web-01', 'Compliant', 'False');
  await show(kubectl, 'get', 'ansibleruns');
  await show(kubectl, 'get', 'devices');

  await waiverTour(kubectl);

  step('Correcting it: mode Enforce');
  await setMode(bed, 'Enforce');
  await compliant(bed);

  await rolloutTour(bed);
  await clusterTour(kubectl.everywhere());
  await evidenceTour(bed, since);
}

async function setMode(bed: Bed, mode: 'Inform' | 'Enforce'): Promise<void> {
  say(`  $ kubectl patch devicebaseline rhel9 --type merge -p '{"spec":{"mode":"${mode}"}}'`);
  await bed.kubectl.run(
    'patch',
    'devicebaseline',
    'rhel9',
    '--type',
    'merge',
    '--patch',
    JSON.stringify({ spec: { mode } }),
  );
}

async function settled(bed: Bed): Promise<void> {
  const looked = ({ status }: DeviceBaseline): boolean => status?.devices?.total === 3 && status.devices.unknown === 0;
  await until('all hosts have been evaluated', async () => {
    const baseline = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
    return baseline && looked(baseline) ? true : undefined;
  });
}

async function compliant(bed: Bed): Promise<void> {
  let last = '';
  await until(
    'all hosts comply with the baseline',
    async () => {
      const baseline = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
      const { compliant = '', correction } = baseline?.status?.summary ?? {};
      const line = [`${compliant} compliant`, ...(correction ? [correction] : [])].join('; ');
      if (line !== last) say(`  ${took()}  ${line}`);
      last = line;
      return conditionOf(baseline, 'Compliant')?.status === 'True' ? true : undefined;
    },
    { seconds: 240 },
  );
}

function keep({ cluster, fleet }: Bed): void {
  say('\nEverything is still running. To explore:');
  say(`  export KUBECONFIG=${cluster.kubeconfig}`);
  say(`  alias kubectl=${cluster.kubectl}; kubectl -n ${namespace} get holdfast`);
  for (const { name, address } of fleet.hosts) say(`  ssh -i ${fleet.privateKey} ${fleet.user}@${address}   # ${name}`);
  say('Press Ctrl-C to stop.');
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

await main();
