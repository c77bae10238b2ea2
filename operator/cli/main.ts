/** `kubectl holdfast`: wiring only. */
import { commands } from './commands.ts';
import { dispatch } from './dispatch.ts';
import { processIo } from './processIo.ts';

// The reader of a pipe may leave early, as `head` does; the report and the exit code are still due.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void dispatch(process.argv.slice(2), commands, processIo()).then((code) => {
  process.exitCode = code;
});
