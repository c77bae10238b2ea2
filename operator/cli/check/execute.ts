/**
 * Runs the script of a probe on this machine, or on a host by the user's own ssh: with its configuration, agent and known hosts. A host whose key is not
 * known is refused. Whatever happens, it ends within its time, with what it started.
 */
import { spawn } from 'node:child_process';
import { failed } from '../../connect/ssh/failure.ts';
import { Received } from '../../lib/received.ts';
import { remoteCommand, remoteInput, scriptIncomplete } from '../../connect/ssh/remoteCommand.ts';
import type { Failed, SshAnswer, SshRequest, SshTarget } from '../../connect/ssh/types.ts';

/** Beyond the time of the script, for the connection. */
const connectSeconds = 15;
const longestErrors = 16_384;

export interface Place {
  /** Destination for ssh; this machine when undefined. */
  readonly host: string | undefined;
  readonly sudo: boolean;
}

export async function execute({ host, sudo }: Place, request: SshRequest, signal: AbortSignal): Promise<SshAnswer> {
  const command = remoteCommand(sudo ? 'sudo' : 'none', request);
  const [program, ...args] = host === undefined ? ['/bin/sh', '-c', command] : ['ssh', ...options, '--', host, command];
  const limit = AbortSignal.timeout((request.timeoutSeconds + connectSeconds) * 1000);
  const end = await run([program, ...args], request, AbortSignal.any([signal, limit]));
  signal.throwIfAborted();
  const what = host ?? 'this machine';
  if (end.is === 'unstarted')
    return failed('ClientUnusable', `${program} cannot be started (${end.message}); install it`);
  if (limit.aborted)
    return failed(
      'TimedOut',
      `${what} did not respond in full within ${request.timeoutSeconds} s; check it for a process that hangs, or raise --timeout`,
    );
  if (end.isTooLarge)
    return failed(
      'OutputTooLarge',
      `${what} responded with more than ${request.maxBytes} bytes; check what its login shell prints`,
    );
  return (
    refused(end, { host, sudo }) ?? { is: 'answered', output: end.output, exitCode: end.exitCode, errors: end.errors }
  );
}

/** What the user has configured counts; nothing is asked, and no key is accepted that is not known. */
const options = [
  ...['BatchMode=yes', 'StrictHostKeyChecking=yes', `ConnectTimeout=${connectSeconds - 5}`, 'ServerAliveInterval=5'],
  ...['ServerAliveCountMax=3', 'RequestTTY=no', 'ForwardAgent=no', 'ForwardX11=no', 'ClearAllForwardings=yes'],
].flatMap((option) => ['-o', option]);

type End =
  | { readonly is: 'unstarted'; readonly message: string }
  | {
      readonly is: 'ended';
      readonly exitCode: number;
      readonly output: Buffer;
      readonly errors: string;
      readonly isTooLarge: boolean;
    };

function run([program = '', ...args]: readonly string[], request: SshRequest, signal: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    // A group of its own, so that nothing of it stays.
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const output = new Received();
    let errors = '';
    let isTooLarge = false;
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    };
    signal.addEventListener('abort', end, { once: true });
    child.once('error', ({ message }) => resolve({ is: 'unstarted', message }));
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.length + chunk.length > request.maxBytes) {
        isTooLarge = true;
        end();
      } else output.add(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(0, longestErrors);
    });
    // It may end without reading all of it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(remoteInput(request));
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      resolve({ is: 'ended', exitCode: code ?? -1, output: output.content, errors, isTooLarge });
    });
    if (signal.aborted) end();
  });
}

/** Why there is no answer, where the program that was started says so itself. */
function refused(
  { exitCode, errors }: { exitCode: number; errors: string },
  { host, sudo }: Place,
): Failed | undefined {
  const said = errors.trim().split('\n').at(-1) ?? '';
  if (host !== undefined && exitCode === 255) return failed(...sshProblem(host, errors.trim(), said));
  if (sudo && exitCode === 1 && /^sudo: /m.test(errors))
    return failed(
      'BecomeDenied',
      `sudo on ${host ?? 'this machine'} refuses (${said.replace(/^sudo: /, '')}); allow it without a password, or leave out --sudo: what only root can read is unknown then`,
    );
  if (sudo && exitCode === 127 && /sudo/.test(errors))
    return failed('BecomeDenied', `${host ?? 'this machine'} has no sudo; leave out --sudo, and log in as root`);
  if (exitCode === scriptIncomplete)
    return failed('ConnectionLost', `the script did not reach ${host ?? 'the shell'} in full; try again`);
  if (exitCode < 0)
    return failed('ConnectionLost', `the check of ${host ?? 'this machine'} was ended by a signal; try again`);
  return undefined;
}

function sshProblem(
  host: string,
  errors: string,
  said: string,
): [SshTarget extends never ? never : Failed['reason'], string] {
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(errors))
    return [
      'HostKeyChanged',
      `the host key of ${host} is another than the one in your known_hosts; compare it with the host's console before you trust it`,
    ];
  if (/^Host key verification failed/m.test(errors))
    return [
      'HostKeyChanged',
      `the host key of ${host} is not in your known_hosts; connect once with 'ssh ${host}', and compare the key with the host's console`,
    ];
  if (/Permission denied \(/.test(errors))
    return ['AuthenticationFailed', `${host} does not accept your keys; check with 'ssh ${host} true'`];
  return ['Failed', `ssh to ${host} failed (${said || 'it said nothing'}); check with 'ssh ${host} true'`];
}
