/** `kubectl holdfast`: wiring only. */
import { commands } from './commands.ts';
import { complete } from './completion.ts';
import { dispatch } from './dispatch.ts';
import { processIo } from './processIo.ts';

// The reader of a pipe may leave early, as `head` does; the report and the exit code are still due.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`error: the output cannot be written in full: ${error.message}\n`);
  process.exit(1);
});

const words = process.argv.slice(2);
void dispatch(words, commands, processIo()).then((code) => {
  process.exitCode = code;
  // A shell waits for its end, and not for programs that were asked for credentials.
  if (words[0] === complete.words) process.exit();
});
