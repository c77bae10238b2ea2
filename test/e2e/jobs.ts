/** Runs of backend Job on a real node, and what can happen to their pods. Declares tests; the operator is installed, and host web-01 is a Device. */
import { describe, expect, test } from '@jest/globals';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { until } from '../operator/until.ts';
import type { EndToEnd } from './bed.ts';

/** On the host, it ends when its marker file is there; the name tells its processes from those of other runs. */
const waiting = (name: string) =>
  `- hosts: all
  gather_facts: false
  tasks:
    - name: waits for ${name}
      ansible.builtin.command: sh -c 'while [ ! -e /tmp/go-${name} ]; do sleep 1; done'
`;

export function jobTests(bed: () => EndToEnd): void {
  const kubectl = () => bed().kubectl;
  const host = () => bed().fleet.hosts[0]!;
  const ssh = (command: string) => host().run(command);

  /** A run by hand, once its pod is at work on the host. */
  async function runs(name: string, spec: object = {}): Promise<string> {
    await begin(name, spec);
    await until(`run ${name} is at work`, async () => ((await processesOf(name)) ? true : undefined), {
      seconds: 90,
      seen: async () => (await kubectl().get<AnsibleRun>('ansiblerun', name))?.status,
    });
    return (await kubectl().get<AnsibleRun>('ansiblerun', name))?.status?.job?.name ?? '';
  }

  async function begin(name: string, spec: object): Promise<void> {
    const playbook = { inline: waiting(name) };
    const object = { apiVersion, kind: 'AnsibleRun', metadata: { name, namespace: 'fleet' } };
    await kubectl().apply({ ...object, spec: { deviceNames: ['web-01'], playbook, ...spec } });
  }

  async function processesOf(name: string): Promise<number> {
    return Number((await ssh(`pgrep -fc '[g]o-${name}' || true`)).stdout.trim());
  }

  function ended(name: string, seconds = 60): Promise<Condition> {
    let run: AnsibleRun | undefined;
    return until(
      `run ${name} has ended`,
      async () => {
        run = await kubectl().get<AnsibleRun>('ansiblerun', name);
        return run?.status?.completionTime ? conditionOf(run, 'Succeeded') : undefined;
      },
      { seconds, seen: () => run?.status },
    );
  }

  const podsOf = (job: string) => kubectl().list<V1Pod>('pods', { selector: `batch.kubernetes.io/job-name=${job}` });

  describe('a run in a Job', () => {
    test('shows what Ansible does while it runs, and has a result for each host', async () => {
      const job = await runs('live');
      expect(await kubectl().run('logs', `job/${job}`)).toContain('TASK [waits for live]');
      await ssh('touch /tmp/go-live');
      expect(await ended('live')).toMatchObject({ status: 'True', reason: 'Completed' });
      const run = await kubectl().get<AnsibleRun>('ansiblerun', 'live');
      expect(run?.status?.hosts).toMatchObject([{ name: 'web-01', changed: 1, outcome: 'Completed' }]);
    }, 180_000);

    test('is ended at its time', async () => {
      const job = await runs('slow', { timeoutSeconds: 20 });
      expect(await ended('slow', 90)).toMatchObject({ status: 'False', reason: 'TimedOut' });
      expect((await podsOf(job)).map(({ status }) => status?.phase)).toEqual(['Failed']);
      // What it began on the host goes on there, as after every connection that is closed.
      await ssh('touch /tmp/go-slow');
    }, 240_000);

    test('that is deleted is cancelled, with its Job and its pod', async () => {
      const job = await runs('cancelled');
      await kubectl().run('delete', 'ansiblerun', 'cancelled', '--timeout=60s');
      await until('its Job and pods are gone', async () => {
        const left = [await kubectl().get<V1Job>('job', job), ...(await podsOf(job))];
        return left.every((one) => one === undefined) || undefined;
      });
      await ssh('touch /tmp/go-cancelled');
    }, 240_000);

    test('whose image cannot be pulled says so while it waits, and goes when it is deleted', async () => {
      await bed().upgrade('--set', 'runner.image.tag=missing');
      await begin('unpulled', {});
      let told: Condition | undefined;
      await until(
        'it says that its image cannot be pulled',
        async () => {
          told = conditionOf(await kubectl().get<AnsibleRun>('ansiblerun', 'unpulled'), 'Succeeded');
          return told?.reason === 'JobWaiting' && /ErrImagePull|ImagePullBackOff/.test(told.message) ? true : undefined;
        },
        { seconds: 60, seen: () => told },
      );
      expect(told?.status).toBe('Unknown');
      await kubectl().run('delete', 'ansiblerun', 'unpulled', '--timeout=60s');
      await bed().upgrade('--set', 'runner.image.tag=test');
    }, 240_000);

    test('on a node that is lost is known to have no result, by an operator on another node, and is not run again', async () => {
      const job = await runs('lost');
      await bed().replaceNode();
      expect(await ended('lost', 180)).toMatchObject({ status: 'False' });
      expect((await kubectl().get<V1Job>('job', job))?.status?.active ?? 0).toBe(0);
      expect((await podsOf(job)).filter(({ status }) => status?.phase === 'Running')).toEqual([]);
      await ssh('touch /tmp/go-lost');
    }, 400_000);

    test('whose pod is evicted says so, and is not run again', async () => {
      const job = await runs('evicted');
      const [pod] = await podsOf(job);
      const metadata = { name: pod?.metadata?.name, namespace: 'fleet' };
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
      const path = `/api/v1/namespaces/fleet/pods/${metadata.name}/eviction`;
      expect(await kubectl().try(['create', '--raw', path, '--filename', '-'], JSON.stringify(eviction))).toMatchObject(
        {
          code: 0,
        },
      );
      expect(await ended('evicted', 120)).toMatchObject({ status: 'False' });
      expect((await podsOf(job)).filter(({ status }) => status?.phase === 'Running')).toEqual([]);
    }, 240_000);
  });
}
