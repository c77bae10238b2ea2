/**
 * The program measured: the operator's own probe over its own SSH connector, on all targets at once. Usage:
 * node ours.ts FILE, which holds the targets as JSON. Each line on standard input is answered by a scan.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSsh } from '../../../operator/connect/ssh/openSsh.ts';
import type { AddressedTarget } from '../../../operator/connect/ssh/types.ts';
import type { Comparison } from '../../../operator/drift/checks/checkType.ts';
import { compareCheck } from '../../../operator/drift/probe/compare.ts';
import { probeHost } from '../../../operator/drift/probe/probe.ts';
import { prepared } from './checks.ts';
import { type Verdict, place } from './verdict.ts';

const targets = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as AddressedTarget[];
const checks = prepared.map(({ check }) => check);
const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-ssh-'));
const ssh = openSsh({ folder, maxConnections: targets.length, readyClients: 16 });

const asked = createInterface({ input: process.stdin });
asked.on('line', () => void scan());
say({ event: 'ready' });
await once(asked, 'close');
await ssh.close();
await rm(folder, { recursive: true, force: true });

async function scan(): Promise<void> {
  const began = performance.now();
  const verdicts = (await Promise.all(targets.map(verdictsOf))).flat();
  say({ event: 'scanned', wallSeconds: (performance.now() - began) / 1000, verdicts });
}

async function verdictsOf(target: AddressedTarget): Promise<[where: string, verdict: Verdict][]> {
  const host = await probeHost(ssh, target, checks, new AbortController().signal);
  return checks.map((check, index) => {
    const unseen = { is: 'unknown', message: host.is === 'seen' ? 'not asked' : host.message } as const;
    const observation = host.is === 'seen' ? (host.observed[index] ?? unseen) : unseen;
    return [place(target.id, check.name), verdictOf(compareCheck(check, observation, () => 'hmac'))];
  });
}

function verdictOf(comparison: Comparison): Verdict {
  if (comparison.is !== 'known') return { is: 'Unknown', why: comparison.message };
  const why = comparison.differences.map(({ path, actual }) => `${path} is ${actual}`).join('; ');
  return { is: comparison.differences.length > 0 ? 'Fail' : 'Pass', why };
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
