/** operator/start.sh as the first process of a container, with a program in the place of Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-start-'));
const asRoot = process.getuid?.() === 0 ? test : test.skip;

/** Leaves a process to the first of the container, ends that, and says whether it is a zombie; ends by SIGTERM with 7. */
const program = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { existsSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  process.on('SIGTERM', () => (console.log('ends'), process.exit(7)));
  const parent = spawn('sh', ['-c', 'cat <&3 >/dev/null 2>&1 & echo $!'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  const [line] = await once(parent.stdout, 'data');
  await once(parent, 'exit');
  parent.stdio[3].destroy();
  const orphan = '/proc/' + line.toString().trim();
  for (let tries = 0; existsSync(orphan) && tries < 200; tries++) await delay(10);
  console.log(existsSync(orphan) ? 'zombie' : 'none');
  setInterval(() => undefined, 60_000);`;

const node = `#!/bin/sh
[ "$1" != -p ] || exec echo 24
exec ${process.execPath} "$(dirname "$0")/program.mjs"
`;

beforeAll(() => {
  writeFileSync(join(folder, 'program.mjs'), program);
  writeFileSync(join(folder, 'node'), node, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

asRoot(
  'waits for processes whose parents have ended, passes signals on, and ends with the code of the operator',
  async () => {
    const start = join(import.meta.dirname, 'start.sh');
    const child = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', start], {
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().trim().split('\n'));
      // Of the container, the first process: unshare passes nothing on.
      if (lines.at(-1) === 'none' || lines.at(-1) === 'zombie') spawn('pkill', ['-TERM', '-P', `${child.pid ?? 0}`]);
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(lines).toEqual(['none', 'ends']);
    expect(code).toBe(7);
  },
);
