/** Runs faults one after the other: `node test/faults/main.ts [NAME…] [--only CASE…]`, all but `attacks` and `fairness` when none is named. Fails when anything is not as it must be. */
import { parseArgs } from 'node:util';
import { byName, faults } from './faults.ts';

// What a fault started is stopped in any case.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true, default: [] } },
});
const isPart = positionals.length === 0;
const names = isPart ? Object.keys(faults).filter((name) => !byName.includes(name)) : positionals;
const unknown = names.find((name) => !Object.hasOwn(faults, name));
if (unknown !== undefined) {
  console.error(`usage: node test/faults/main.ts [${Object.keys(faults).join('|')}]… [--only CASE]…`);
  process.exitCode = 2;
} else {
  const began = performance.now();
  let total = 0;
  for (const name of names) {
    const start = performance.now();
    const { count, lines, problems } = await faults[name]!((line) => console.log(`[${name}] ${line}`), stop.signal, {
      ...values,
      isPart,
    });
    for (const line of lines) console.log(line);
    total += count;
    console.log(`[${name}] ${count} faults in ${minutesSince(start)}`);
    for (const problem of problems) console.error(`[${name}] ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
  console.log(
    `${total} faults in ${minutesSince(began)}: ${process.exitCode ? 'not all ended as without a fault' : 'all ended as without a fault'}`,
  );
}

function minutesSince(start: number): string {
  const seconds = Math.round((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
