/** Asks hosts, by the ssh of who calls, what no report covers: with the script of the operator, which only reads. */
import { resources } from '../../api/generated/resources.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { SshRequest } from '../../connect/ssh/types.ts';
import { remedyOf } from '../../drift/checks/remedy.ts';
import type { Conceal } from '../../drift/checks/checkType.ts';
import type { ComparedCheck } from '../../drift/driftReport/report.ts';
import { compareCheck } from '../../drift/probe/compare.ts';
import { probeHost } from '../../drift/probe/probe.ts';
import { execute } from '../check/execute.ts';
import { eachOf, nowhere } from '../check/index.ts';
import { remedyInWords } from './remedyWords.ts';

/** So many are asked; the others stay unknown. */
export const mostAsked = 100;
const timeoutSeconds = 60;

/** What a host said of the checks, in their order. */
export interface Asked {
  readonly answers: readonly ComparedCheck[];
  /** What a correction would change, by the name of the check. */
  readonly remedies: ReadonlyMap<string, readonly string[]>;
}

export interface Asking {
  readonly sudo: boolean;
  readonly conceal: Conceal;
}

export async function askHosts(
  devices: readonly Device[],
  checks: readonly DeviceCheck[],
  asking: Asking,
): Promise<ReadonlyMap<string, Asked>> {
  const answers = await eachOf(devices.slice(0, mostAsked), (device) => askHost(device, checks, asking));
  return new Map(answers.map((asked, at) => [devices[at]!.metadata.name, asked]));
}

async function askHost(device: Device, checks: readonly DeviceCheck[], { sudo, conceal }: Asking): Promise<Asked> {
  const host = destinationOf(device);
  if (host === undefined) {
    const message = `its \`spec.ssh.host\` is not a name that ssh is given`;
    return blind(checks, message);
  }
  const ssh = {
    execute: (_: unknown, request: SshRequest, signal: AbortSignal) =>
      execute({ host, sudo }, { ...request, timeoutSeconds }, signal),
  };
  const seen = await probeHost(ssh, nowhere, checks, new AbortController().signal);
  if (seen.is !== 'seen') return blind(checks, seen.message);
  const remedies = new Map<string, readonly string[]>();
  const answers = checks.map((check, at): ComparedCheck => {
    const observation = seen.observed[at] ?? { is: 'unknown', message: 'the probe returned no result' };
    const comparison = compareCheck(check, observation, conceal);
    if (comparison.is !== 'known' || comparison.differences.length === 0) return { comparison };
    const remedy = remedyOf(check, observation);
    remedies.set(check.name, remedyInWords(remedy));
    return { comparison, ...(remedy.is === 'manual' && { byHand: remedy.message }) };
  });
  return { answers, remedies };
}

function blind(checks: readonly DeviceCheck[], message: string): Asked {
  return { answers: checks.map(() => ({ comparison: { is: 'unknown', message } })), remedies: new Map() };
}

/** Whoever writes a Device names a host and nothing else to ssh; the port is given where it is another than usual. */
export function destinationOf({ kind, spec: { ssh } }: Device): string | undefined {
  if (kind !== resources.Device.kind || !/^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/.test(ssh.host)) return undefined;
  if (ssh.port === undefined || ssh.port === 22) return ssh.host;
  return `ssh://${ssh.host.includes(':') ? `[${ssh.host}]` : ssh.host}:${ssh.port}`;
}
