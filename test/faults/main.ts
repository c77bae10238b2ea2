/**
 * Runs faults: `node test/faults/main.ts [NAME…] [--only CASE…]`, those that are named one after the other, or all but `attacks`,
 * `fairness` and `litter` when none is, side by side: most of them wait most of the time. Fails when anything is not as it must be.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { inspect, parseArgs } from 'node:util';
import { faults, lanes } from './faults.ts';

/** For a lane to stop what it started. */
const stopMilliseconds = 60_000;

// What a fault started is stopped in any case.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true, default: [] }, part: { type: 'boolean', default: false } },
});
const unknown = positionals.find((name) => !Object.hasOwn(faults, name));
if (unknown !== undefined) {
  console.error(`usage: node test/faults/main.ts [${Object.keys(faults).join('|')}]… [--only CASE]…`);
  process.exitCode = 2;
} else {
  const began = performance.now();
  const total = positionals.length > 0 ? await runHere(positionals) : await runAll();
  if (values.part) process.send?.(total);
  else
    console.log(
      `${total} faults in ${minutesSince(began)}: ${process.exitCode ? 'not all' : 'all'} ended as without a fault`,
    );
}

/** How many there were. */
async function runHere(names: readonly string[]): Promise<number> {
  let total = 0;
  for (const name of names) {
    const start = performance.now();
    const say = (line: string): void => console.log(`[${name}] ${line}`);
    const { count, lines, problems } = await faults[name]!(say, stop.signal, {
      only: values.only,
      isPart: values.part,
    }).catch((error: unknown) => ({ count: 0, lines: [], problems: [inspect(error)] }));
    for (const line of lines) console.log(line);
    total += count;
    say(`${count} faults in ${minutesSince(start)}`);
    for (const problem of problems) console.error(`[${name}] ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
  return total;
}

/** Each lane is a process of its own, so that none delays what another one measures and forwards. */
async function runAll(): Promise<number> {
  const totals = lanes.map(async (names) => {
    const child = fork(import.meta.filename, [...names, '--part']);
    stop.signal.addEventListener('abort', () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), stopMilliseconds).unref();
    });
    let total = 0;
    child.on('message', (count: number) => (total = count));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) process.exitCode = 1;
    return total;
  });
  return (await Promise.all(totals)).reduce((sum, count) => sum + count, 0);
}

function minutesSince(start: number): string {
  const seconds = Math.round((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
