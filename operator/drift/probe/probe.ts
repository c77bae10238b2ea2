/** Looks at a host: one exec over SSH answers for all checks. Unreachable, unreadable or half-read is never a pass. */
import { randomBytes } from 'node:crypto';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Ssh, SshFailure, SshTarget } from '../../connect/ssh/types.ts';
import { checkTypes } from '../checks/index.ts';
import { readAnswers } from './answers.ts';
import { readObservation } from './compare.ts';
import { parseFacts } from './facts.ts';
import type { HostObservation } from './observation.ts';
import { factsIndex, requestsFor } from './requests.ts';
import { scriptFor } from './script.ts';

const script = scriptFor(Object.values(checkTypes));
const timeoutSeconds = 60;
const maxBytes = 4 * 1024 * 1024;
/** The host was reached, and what it said cannot be used. */
const unreadable: readonly SshFailure[] = ['BecomeDenied', 'OutputTooLarge'];

export async function probeHost(ssh: Pick<Ssh, 'execute'>, target: SshTarget, checks: readonly DeviceCheck[], signal: AbortSignal): Promise<HostObservation> {
  const nonce = randomBytes(12).toString('hex');
  const { input, count, places } = requestsFor(checks, nonce);
  const answer = await ssh.execute(target, { script, input, timeoutSeconds, maxBytes }, signal);
  if (answer.is === 'failed') return { ...answer, is: unreadable.includes(answer.reason) ? 'unreadable' : 'unreachable' };
  const read = readAnswers(answer.output, nonce, count);
  if (read.is === 'broken') {
    const errors = answer.errors.trim().split('\n').at(-1)?.slice(0, 200);
    return { is: 'unreadable', reason: 'AnswerBroken', message: `${read.message} (exit code ${answer.exitCode}${errors ? `, ${errors}` : ''})` };
  }
  return {
    is: 'seen',
    facts: parseFacts(read.answers.get(factsIndex)?.text ?? ''),
    observed: checks.map((check, index) => {
      const place = places[index];
      return typeof place === 'number' ? readObservation(check, read.answers.get(place)) : { is: 'unknown', message: place ?? 'it was not asked' };
    }),
  };
}
