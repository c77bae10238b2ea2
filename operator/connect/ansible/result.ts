/** Reads what `run.py` wrote of a run. Pure, and total: a result is data of a container, and may say anything. */
import type { AnsibleHostResult, AnsibleState, CheckTold } from './types.ts';

type Finished = Extract<AnsibleState, { is: 'finished' }>;

/** The state that a result tells of; `undefined` when it is none. `names` are those of the hosts in the order of the request, where the result has none. */
export function readResult(text: string, names?: readonly string[]): Finished | undefined {
  const result = asRecord(parsed(text));
  if (!result || typeof result['rc'] !== 'number') return undefined;
  const hosts = Array.isArray(result['hosts']) ? (result['hosts'] as unknown[]) : [];
  const messages = asRecord(result['messages']) ?? {};
  const checks = asRecord(result['checks']) ?? {};
  const notes = asRecord(result['notes']) ?? {};
  const timedOut = result['timedOut'] === true;
  const message = runMessage(result, timedOut);
  return {
    is: 'finished',
    exitCode: result['rc'],
    hosts: (names ?? namesIn(result)).flatMap((name, index) =>
      hostResult(name, {
        numbers: hosts[index],
        message: messages[`${index}`],
        checks: toldOf(checks[`${index}`]),
        notes: notesOf(notes[`${index}`]),
      }),
    ),
    ...(message && { message }),
    ...(timedOut && { timedOut }),
  };
}

function namesIn(result: Record<string, unknown>): readonly string[] {
  return Array.isArray(result['names']) ? (result['names'] as unknown[]).map(String) : [];
}

function toldOf(value: unknown): Record<string, CheckTold> {
  const told = Object.entries(asRecord(value) ?? {}).flatMap(([check, one]): [string, CheckTold][] => {
    const [refused, message] = Array.isArray(one) ? (one as unknown[]) : [];
    return typeof message === 'string' ? [[check, { refused: refused === true, message: oneLine(message) }]] : [];
  });
  return Object.fromEntries(told);
}

function notesOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asRecord(value) ?? {}).flatMap(([check, note]) =>
      typeof note === 'string' ? [[check, oneLine(note)]] : [],
    ),
  );
}

/** What a result says of a host. */
interface HostTold {
  readonly numbers: unknown;
  readonly message: unknown;
  readonly checks: Record<string, CheckTold>;
  readonly notes: Record<string, string>;
}

/** None where the numbers are no such numbers. */
function hostResult(name: string, { numbers, message, checks, notes }: HostTold): AnsibleHostResult[] {
  if (!Array.isArray(numbers) || numbers.length !== 4 || !numbers.every(isCount)) return [];
  const [ok = 0, changed = 0, failed = 0, unreachable = 0] = numbers;
  return [
    {
      name,
      ok,
      changed,
      failed,
      unreachable: unreachable > 0,
      ...(typeof message === 'string' && { message: oneLine(message) }),
      ...(Object.keys(checks).length && { checks }),
      ...(Object.keys(notes).length && { notes }),
    },
  ];
}

function runMessage(result: Record<string, unknown>, timedOut: boolean): string | undefined {
  if (timedOut && typeof result['waiting'] === 'string')
    return oneLine(
      `Ansible was terminated because it timed out in the task "${result['waiting']}": nobody can answer a pause in a run; set its seconds or remove it.`,
    );
  if (timedOut) return 'Ansible was terminated because it timed out; raise timeoutSeconds or name fewer hosts.';
  if (result['cancelled'] === true) return 'Ansible was terminated before it finished, because the run was canceled.';
  if (typeof result['message'] === 'string') return oneLine(result['message']);
  if (result['stopped'] === true)
    return 'Ansible stopped early because hosts failed; how far the others got is unknown.';
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** At most 300 characters without any that are not seen. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}
