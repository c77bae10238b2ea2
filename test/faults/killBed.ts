/** A bed with hosts that hang, each in its way, beside one that is well; and the operator as `operator/start.sh` starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DeviceBaselineSpec } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { setUp } from '../cluster/setUp.ts';
import { apiVersion, namespace, operatorAccount, startBed, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

/** What sshd runs in the place of what it is asked for. */
const hanging: Readonly<Record<string, string>> = {
  'hangs-01': 'exec sleep 300',
  'drips-01': 'while printf x; do sleep 1; done',
  'floods-01': 'while printf x >&2; do cat /proc/version; done',
  'leaves-01': 'sleep 100 & eval "$SSH_ORIGINAL_COMMAND"',
};
export const well = 'well-01';
export const path = '/etc/hf-killed';

export interface Victim {
  readonly pid: number;
  /** What it has written since it was started. */
  log(): string;
  readonly isReady: () => boolean;
  signal(name: NodeJS.Signals): void;
  /** Seconds from now until it is gone. */
  gone(): Promise<number>;
  /** Ends what is left of it, and the process that started it. */
  end(): void;
}

export interface KillBed extends Bed {
  readonly state: string;
  /** `wrapper` is a shell's way to start it. */
  start(wrapper?: string): Promise<Victim>;
  /** Declares other content, so that there is something to correct. */
  drift(round: string): Promise<void>;
}

export async function startKillBed(names: readonly string[] = Object.keys(hanging)): Promise<KillBed> {
  const bed = await startBed([well, ...names]);
  for (const name of names) {
    await bed.host(name).writeFile('/usr/local/bin/hang', `#!/bin/sh\n${hanging[name] ?? ''}\n`, '0755');
    await bed.host(name).writeFile('/etc/ssh/sshd_config.d/00-hang.conf', 'ForceCommand /usr/local/bin/hang\n', '0600');
    await bed.host(name).mustRun('systemctl restart sshd');
  }
  await bed.kubectl.run('label', 'device', well, 'is=well');
  await bed.kubectl.apply(
    baseline('looks', { mode: 'Inform', selector: { matchLabels: { os: 'rhel9' } } }, '/etc/issue', 'any\n'),
  );
  const state = join(bed.folder, 'state');
  mkdirSync(state, { mode: 0o700 });
  const kubeconfig = await bed.cluster.kubeconfigFor(operatorAccount);
  const ansible = join(await setUp('ansible'), 'bin');
  const flags = ['--lease', 'none', '--kubeconfig', kubeconfig, '--state-directory', state, '--ansible-bin', ansible];
  const command = [resolve('operator/start.sh'), ...flags, '--listen', '127.0.0.1:0', '--allow-local-playbooks'];
  const started: Victim[] = [];
  let count = 0;
  return {
    ...bed,
    state,
    drift: (round) =>
      bed.kubectl.apply(
        baseline('corrects', { mode: 'Enforce', selector: { matchLabels: { is: 'well' } } }, path, `round ${round}\n`),
      ),
    start: async (wrapper = 'exec "$@"') => {
      count += 1;
      const victim = await startVictim(command, wrapper, join(bed.folder, `log-${count}`));
      started.push(victim);
      return victim;
    },
    stop: async () => {
      for (const victim of started) victim.end();
      await bed.stop();
    },
  };
}

function baseline(name: string, spec: Partial<DeviceBaselineSpec>, file: string, content: string): object {
  const checks = [{ name: 'content', severity: 'High', file: { path: file, content } }];
  const remediation = { backend: 'Local', maxUnavailable: 1 };
  return {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name, namespace },
    spec: { intervalSeconds: 10, ...(spec.mode === 'Enforce' && { remediation }), checks, ...spec },
  };
}

/** The operator writes its number before it becomes what it is: a wrapper that does not wait for it has another. */
async function startVictim(command: readonly string[], wrapper: string, file: string): Promise<Victim> {
  const log = openSync(file, 'w');
  const own = 'echo "pid $$"; exec "$@"';
  const child = spawn('/bin/sh', ['-c', wrapper, 'sh', '/bin/sh', '-c', own, 'sh', ...command], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = once(child, 'exit');
  const read = (): string => readFileSync(file, 'utf8');
  const pid = Number(await until('it has a number', () => /^pid (\d+)$/m.exec(read())?.[1], { everyMilliseconds: 5 }));
  const send = (to: number, name: NodeJS.Signals): void => {
    try {
      process.kill(to, name);
    } catch {
      // It has ended.
    }
  };
  let hasGone = false;
  return {
    pid,
    log: read,
    isReady: () => read().includes('"msg":"started"'),
    signal: (name) => send(pid, name),
    end: () => {
      if (!hasGone) send(pid, 'SIGKILL');
      child.kill('SIGKILL');
    },
    gone: async () => {
      const began = performance.now();
      await until('it is gone', () => (isGone(pid) ? true : undefined), { seconds: 30, everyMilliseconds: 10 });
      hasGone = true;
      const seconds = (performance.now() - began) / 1000;
      if (pid === child.pid) await exited;
      return seconds;
    },
  };
}

/** A zombie is gone. */
function isGone(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return true;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}
