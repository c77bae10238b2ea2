/** What people with few rights try on hosts, and on the network, through Devices and AnsibleRuns: `docs/security.md` lists it. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import { motd } from '../builders/drift.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import type { Kubectl } from '../operator/kubectl.ts';
import { createAs } from '../operator/people.ts';
import type { Operator } from '../operator/process.ts';
import { makeKey } from '../ssh/server.ts';
import { accepted, inFleet, startAttackBed, type AttackBed } from './attackBed.ts';

let scene: AttackBed;
let kubectl: Kubectl;
let operator: Operator;

beforeAll(async () => {
  scene = await startAttackBed();
  ({ kubectl } = scene);
  operator = await scene.bed.operator();
}, 900_000);

afterAll(() => scene.bed.stop(), 60_000);

describe('a Device', () => {
  const target = (host: string, port: number) => ({
    host,
    port,
    user: 'x',
    hostKeys: [`ssh-ed25519 ${'A'.repeat(68)}`],
    credentialsRef: { name: 'scanner' },
  });

  test('finds no ports: what is not allowed is not connected to, and all else is one answer', async () => {
    const { privateKey } = makeKey(scene.bed.folder, 'scanner');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: inFleet('scanner') };
    await kubectl.apply({ ...secret, stringData: { 'ssh-privatekey': privateKey } });
    const heard: string[] = [];
    const listener = createServer((socket) => (heard.push('connection'), socket.destroy()));
    await once(listener.listen(0, '0.0.0.0').unref(), 'listening');
    const { port } = listener.address() as AddressInfo;
    const hosts: Record<string, [host: string, reason: string]> = {
      literal: ['127.0.0.1', 'AddressDenied'],
      mapped: ['0::ffff:7f00:1', 'AddressDenied'],
      number: ['2130706433', 'NotVerified'],
      octal: ['0177.0.0.1', 'NotVerified'],
      name: ['localhost', 'NotVerified'],
      nowhere: ['no-such-host.invalid', 'NotVerified'],
    };
    const messages = new Set<string>();
    for (const [name, [host]] of Object.entries(hosts))
      await scene.make('Device', `scan-${name}`, { ssh: target(host, port) });
    for (const [name, [host, reason]] of Object.entries(hosts)) {
      const seen = await scene.tells<Device>('device', `scan-${name}`, 'Reachable', reason);
      const { message = '' } = conditionOf(seen, 'Reachable') ?? {};
      // When the next attempt is due depends on when the last began.
      const same = message.replace(/due by \S+/, 'due').replaceAll(`scan-${name}`, 'NAME');
      messages.add(same.replaceAll(host, 'HOST'));
    }
    expect(messages.size).toBe(2);
    expect(heard).toEqual([]);
    expect(operator.log()).toMatch(/"device":"fleet\/scan-octal","reason":"AddressDenied"/);
    expect(operator.log()).toMatch(/"device":"fleet\/scan-nowhere","reason":"NameNotResolved"/);
  }, 120_000);
});

test('a run that somebody creates keeps the windows of the baselines of its hosts, whatever it says of itself', async () => {
  const window = { windows: [{ schedule: '0 2 * * 0', durationSeconds: 60 }], suspend: { reason: 'release' } };
  await scene.make('MaintenanceWindow', 'rare', window);
  const selector = { matchLabels: { os: 'rhel9' } };
  await scene.make('DeviceBaseline', 'kept', {
    selector,
    checks: [motd],
    remediation: { windowRef: { name: 'rare' } },
  });
  await scene.make('DeviceBaseline', 'free', { selector: { matchLabels: { os: 'none' } }, checks: [motd] });
  const device = {
    host: '10.255.255.1',
    user: 'x',
    hostKeys: [`ssh-ed25519 ${'A'.repeat(68)}`],
    credentialsRef: { name: 'none' },
  };
  await scene.make('Device', 'gated', { ssh: device }, { ...inFleet('gated'), labels: { os: 'rhel9' } });
  const base = { deviceNames: ['gated'], backend: 'Local' };
  const runs: Record<string, object> = {
    plain: { ...base, checks: [motd] },
    named: { ...base, checks: [motd], baselineRef: { name: 'free' } },
    check: { ...base, checks: [motd], mode: 'Check' },
  };
  for (const [name, spec] of Object.entries(runs))
    accepted(
      await createAs(kubectl, 'ron', { apiVersion, kind: 'AnsibleRun', metadata: inFleet(`by-hand-${name}`), spec }),
    );
  for (const name of ['plain', 'named']) {
    const seen = await scene.tells<AnsibleRun>('ansiblerun', `by-hand-${name}`, 'Succeeded', 'Suspended');
    expect(conditionOf(seen, 'Succeeded')?.message).toMatch(/^waits for MaintenanceWindow rare: /);
  }
  await scene.tells('ansiblerun', 'by-hand-check', 'Succeeded', 'DeviceNotReady');
}, 120_000);
