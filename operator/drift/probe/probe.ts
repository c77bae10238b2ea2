/** Looks at a host: one exec over SSH answers for all checks. Unreachable, unreadable or half-read is never a pass. */
import { randomBytes } from 'node:crypto';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Ssh, SshAnswer, SshFailure, SshTarget } from '../../connect/ssh/types.ts';
import { checkTypes } from '../checks/index.ts';
import { readOutput } from './output.ts';
import { inOneLine, readObservation } from './compare.ts';
import { parseFacts } from './facts.ts';
import type { HostObservation } from './observation.ts';
import { factsIndex, requestsFor } from './requests.ts';
import { scriptFor } from './script.ts';

const timeoutSeconds = 60;
const maxBytes = 4 * 1024 * 1024;
/** The host was reached, and what it said cannot be used. */
const unreadable: readonly SshFailure[] = ['BecomeDenied', 'OutputTooLarge'];

export interface Asking extends Pick<Ssh, 'execute'> {
  /** Text of letters and digits that does not come again; random by default. */
  readonly makeNonce?: () => string;
}

/** Rejects only when `signal` aborts. */
export async function probeHost(
  ssh: Asking,
  target: SshTarget,
  checks: readonly DeviceCheck[],
  signal: AbortSignal,
): Promise<HostObservation> {
  const { input, asked, types, places } = requestsFor(checks, ssh.makeNonce?.() ?? randomNonce());
  const script = scriptOf(types);
  const answer = await ssh.execute(target, { script, input, timeoutSeconds, maxBytes }, signal);
  if (answer.is === 'failed') {
    return { ...answer, is: unreadable.includes(answer.reason) ? 'unreadable' : 'unreachable' };
  }
  const read = readOutput(answer.output, asked);
  if (read.is === 'broken')
    return { is: 'unreadable', reason: 'InvalidResponse', message: read.message + traceOf(answer) };
  return {
    is: 'seen',
    facts: parseFacts(read.answers.get(factsIndex)?.text ?? ''),
    observed: checks.map((check, index) => {
      const place = places[index] ?? 'the host was not asked about it';
      if (typeof place === 'string') return { is: 'unknown', message: place };
      const own = read.answers.get(place);
      return own
        ? readObservation(check, own)
        : { is: 'unknown', message: `the host did not report on it${traceOf(answer)}` };
    }),
  };
}

/** Hosts are mostly asked for the same types. */
const scripts = new Map<string, string>();

/** A host is sent no more of the script than it is asked for. */
function scriptOf(types: readonly string[]): string {
  const key = types.join();
  const script = scripts.get(key) ?? scriptFor(Object.values(checkTypes).filter((type) => types.includes(type.key)));
  scripts.set(key, script);
  return script;
}

/** What helps to find out why there is no answer: how the script ended, and what was said instead. Nothing that is in a frame. */
function traceOf({ output, exitCode, errors }: Extract<SshAnswer, { is: 'answered' }>): string {
  const lastError = errors.trim().split('\n').at(-1) ?? '';
  const [noise = ''] = output.toString('latin1', 0, 200).split('B\x1f');
  const said = (lastError || noise).trim();
  return ` (exit code ${exitCode}${said ? `, output: ${inOneLine(said, 200)}` : ''}); log in to the host with the account of its Device and check`;
}

function randomNonce(): string {
  return randomBytes(16).toString('hex');
}
