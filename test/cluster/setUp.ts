/** The set-up steps of `tools/setup`, for tests that need what they make: done if need be, instant if not. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../tools/setup/setup.sh', import.meta.url));

/**
 * Does a step that makes a folder (`cluster`, `ansible`, `oscal`, or a program of `tools/setup/programs.tsv`) and returns the
 * folder's path. Its progress, minutes long when a program is built for the first time, goes to standard error.
 */
export async function setUp(step: string): Promise<string> {
  const running = promisify(execFile)('sh', [script, 'where', step]);
  running.child.stderr?.pipe(process.stderr);
  const { stdout } = await running;
  return stdout.trimEnd();
}
