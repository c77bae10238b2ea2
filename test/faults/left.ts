/** What operators left on their machine: processes, keys, folders and sockets in the state directory that belong to none that lives. */
import { globSync, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Each as a line; `living` is the process id of the operator that runs now. */
export function leftBehind(state: string, living: number): string[] {
  const running = workingIn(state);
  const others = readdirSync(join(state, 'ssh')).filter((name) => !name.includes(`-${living}-`));
  return [
    ...others.map((name) => `directory ssh/${name}`),
    ...running
      .filter(({ at }) => at.startsWith('ssh/') && !at.includes(`-${living}-`))
      .map(({ pid, title, at }) => `process ${pid} (${title}) in ${at}`),
    ...leftOfRuns(state, running),
    ...openToOthers(state),
  ];
}

interface Running {
  readonly pid: number;
  readonly title: string;
  /** Its working folder, in the state directory. */
  readonly at: string;
}

export function workingIn(state: string): Running[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return [];
      const at = relative(state, readlinkSync(`/proc/${pid}/cwd`));
      if (at.startsWith('..')) return [];
      return [
        { pid: Number(pid), title: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(), at },
      ];
    } catch {
      return [];
    }
  });
}

/** Runs outlive their operator: one that has a process may have its files, one that has ended has neither. */
function leftOfRuns(state: string, running: readonly Running[]): string[] {
  return globSync('ansible/runs/*', { cwd: state }).flatMap((run) => {
    const processes = running.filter(({ at }) => `${at}/`.startsWith(`${run}/`));
    if (processes.some(({ title }) => title.includes('run.py'))) return [];
    const files = globSync(`${run}/attempt-*`, { cwd: state });
    // One may be prepared at this moment by the operator that runs.
    if (!existsSync(join(state, run, 'started'))) return [];
    return [
      ...files.map((file) => `directory ${file}`),
      ...processes.map(({ pid, title }) => `process ${pid} (${title}) in ${run}`),
    ];
  });
}

function openToOthers(state: string): string[] {
  return globSync(['ssh/**', 'ansible/**'], { cwd: state }).flatMap((path) => {
    try {
      const stat = lstatSync(join(state, path));
      const isSecret = !path.slice(4).includes('/') || (stat.isFile() && path.startsWith('ssh/'));
      return isSecret && (stat.mode & 0o077) !== 0 ? [`${path} is open to others`] : [];
    } catch {
      return [];
    }
  });
}
