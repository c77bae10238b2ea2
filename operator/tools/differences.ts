/** Shows where a file differs from what it should be, as a unified diff that is cut short. */
import { spawnSync } from 'node:child_process';

const longest = 40;

/** Nothing when they are equal, else the lines that would go and come. `path` is the name to show for `file`. */
export function differences(path: string, file: string, after: string): string[] {
  const labels = ['--label', path, '--label', `${path} (generated)`];
  const { status, stdout, error } = spawnSync('diff', ['-u', ...labels, file, '-'], { input: after, encoding: 'utf8' });
  if (status === 0) return [];
  if (status !== 1) return [`${path}: differs, and diff could not show where: ${error?.message ?? `exit ${status}`}`];
  const lines = stdout.trimEnd().split('\n');
  const more = lines.length - longest;
  return [[...lines.slice(0, longest), ...(more > 0 ? [`… and ${more} more lines`] : [])].join('\n')];
}
