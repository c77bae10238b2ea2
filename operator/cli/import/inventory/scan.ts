/** Asks hosts for their keys by ssh-keyscan: some at once, each within its time, all within theirs. A host that hangs stops no other. */
import { spawn } from 'node:child_process';
import type { Addressed, Scanned } from './hostKeys.ts';
import { parseAuthorizedKey } from '../../../lib/authorizedKey.ts';
import type { PublicKey } from './knownHosts.ts';

export interface ScanLimits {
  readonly atOnce: number;
  /** Of each host. */
  readonly seconds: number;
  /** Of all. */
  readonly allSeconds: number;
}

const longestAnswer = 65_536;
const types = 'ed25519,ecdsa,rsa';

/** By the names of the hosts. `seen` is called after each. */
export async function scanned(
  hosts: readonly Addressed[],
  limits: ScanLimits,
  seen: (done: number) => void = () => undefined,
): Promise<Map<string, Scanned>> {
  const found = new Map<string, Scanned>();
  const all = AbortSignal.timeout(limits.allSeconds * 1000);
  const waiting = hosts.values();
  const work = async (): Promise<void> => {
    for (const host of waiting) {
      found.set(host.name, all.aborted ? outOfTime(limits) : await scanOne(host, limits, all));
      seen(found.size);
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, work));
  return found;
}

function outOfTime({ allSeconds }: ScanLimits): Scanned {
  return { why: `the ${allSeconds} s for all hosts were over; raise --scan-timeout, or import fewer hosts at a time` };
}

async function scanOne({ host, port }: Addressed, limits: ScanLimits, all: AbortSignal): Promise<Scanned> {
  const own = AbortSignal.timeout(limits.seconds * 1000);
  const args = ['-T', String(limits.seconds), '-p', String(port), '-t', types, '--', host];
  const end = await output('ssh-keyscan', args, AbortSignal.any([own, all]));
  if (typeof end === 'string') return { why: end };
  const keys = end.text.split('\n').flatMap(keyIn);
  if (keys.length > 0) return { keys };
  if (all.aborted) return outOfTime(limits);
  if (own.aborted) return { why: `no answer within ${limits.seconds} s; check its address, its port and the firewall` };
  return { why: 'no SSH server answered; check its address, its port and the firewall' };
}

function keyIn(line: string): PublicKey[] {
  const key = /^[^#\s]\S* (\S+ \S+)$/.exec(line.trim())?.[1];
  const parsed = key === undefined ? undefined : parseAuthorizedKey(key);
  return parsed ? [{ type: parsed.type, base64: parsed.base64 }] : [];
}

/** A sentence where the program cannot be started. What was printed until it was ended counts. */
function output(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly text: string } | string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    const end = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', end, { once: true });
    child.once('error', ({ message }) => resolve(`${program} cannot be started (${message}); install OpenSSH`));
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.length > longestAnswer) end();
    });
    child.once('close', () => {
      signal.removeEventListener('abort', end);
      resolve({ text: text.slice(0, longestAnswer) });
    });
  });
}
