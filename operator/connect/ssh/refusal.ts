/** Why a target is not even tried. Pure. */
import { targetProblem } from './arguments.ts';
import { failed } from './failure.ts';
import { isLocked } from './privateKey.ts';
import type { Failed, SshTarget } from './types.ts';

/** `undefined` when it may be tried. */
export function refusalOf(target: SshTarget): Failed | undefined {
  const problem = targetProblem(target);
  if (problem) return failed('Failed', problem);
  if (!isLocked(target.privateKey)) return undefined;
  const secret = 'ssh-privatekey of the Secret in spec.ssh.credentialsRef';
  return failed('CredentialsUnusable', `${secret} is protected by a passphrase; store a private key without one`);
}
