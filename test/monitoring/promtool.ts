/** The programs of Prometheus, for tests. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../cluster/setUp.ts';

export interface Said {
  readonly code: number;
  /** Standard output and errors. */
  readonly text: string;
}

let folder: Promise<string> | undefined;

/** Runs promtool with `input` on its standard input. */
export async function promtool(args: readonly string[], input = ''): Promise<Said> {
  const program = join(await (folder ??= setUp('prometheus')), 'promtool');
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, text: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

/** What it says of a file of rules. */
export async function checkRules(text: string): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-check-rules-'));
  try {
    await writeFile(join(folder, 'rules.yaml'), text);
    return await promtool(['check', 'rules', join(folder, 'rules.yaml')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
