/** Looks at this machine as if it were a host: with the real script, under the real `sh`, with real commands. */
import { spawnSync } from 'node:child_process';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { Ssh, SshTarget } from '../../operator/connect/ssh/types.ts';
import type { CheckKey, Comparison, Declared } from '../../operator/drift/checks/checkType.ts';
import { compareCheck } from '../../operator/drift/probe/compare.ts';
import type { CheckObservation } from '../../operator/drift/probe/observation.ts';
import { probeHost } from '../../operator/drift/probe/probe.ts';

export interface AskOptions {
  /** Shell functions that stand in for commands of a host that is not like this one, or behaves oddly. */
  instead?: string;
  /** Asks without root's rights, which this process may have. */
  asNobody?: boolean;
  /** Changes the script, where a host's file cannot be another here. */
  edit?: (script: string) => string;
}

const nobody = { uid: 65_534, gid: 65_534 };

/** What this machine says of each declaration. */
export async function observeHere<K extends CheckKey>(
  key: K,
  declarations: readonly Declared<K>[],
  { instead = '', asNobody = false, edit = (script) => script }: AskOptions = {},
): Promise<readonly CheckObservation[]> {
  const rights = asNobody && process.getuid?.() === 0 ? nobody : {};
  const execute: Ssh['execute'] = (_, { script, input }) => {
    const options = { input, timeout: 20_000, cwd: '/', ...rights };
    const { stdout, stderr, status } = spawnSync('sh', ['-c', `${instead}\n${edit(script)}`], options);
    if (stderr.length) throw new Error(`the script complains: ${stderr.toString()}`);
    return Promise.resolve({ is: 'answered', output: stdout, exitCode: status ?? -1, errors: '' });
  };
  const seen = await probeHost({ execute }, {} as SshTarget, checksOf(key, declarations), new AbortController().signal);
  if (seen.is !== 'seen') throw new Error(seen.message);
  return seen.observed;
}

/** What is found on this machine, as one line for each declaration. */
export async function compareHere<K extends CheckKey>(
  key: K,
  declarations: readonly Declared<K>[],
  options?: AskOptions,
): Promise<string[]> {
  const observed = await observeHere(key, declarations, options);
  const checks = checksOf(key, declarations);
  return observed.map((observation, index) =>
    inWords(compareCheck(checks[index] as DeviceCheck, observation, conceal)),
  );
}

/** A comparison as one line: `pass`, the differences, or why nothing is known. */
export function inWords(comparison: Comparison): string {
  return wordsOf(comparison).join('; ') || 'pass';
}

/** The differences of a comparison in words, none when it passes; or why nothing is known. */
export function wordsOf(comparison: Comparison): string[] {
  if (comparison.is === 'unknown') return [`unknown: ${comparison.message}`];
  if (comparison.is === 'notApplicable') return [`not applicable: ${comparison.message}`];
  return comparison.differences.map(({ path, expected, actual }) => `${path} is ${actual}, not ${expected}`);
}

/** Conceals as the operator does, but so that a test can tell what was concealed. */
export function conceal(text: string): string {
  return `hmac:${text.slice(0, 8)}`;
}

function checksOf<K extends CheckKey>(key: K, declarations: readonly Declared<K>[]): DeviceCheck[] {
  return declarations.map((declared, index) => ({ name: `check-${index}`, [key]: declared }));
}
