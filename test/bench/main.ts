/**
 * Runs benchmarks beside their peers: `node test/bench/main.ts [NAME…] [--rounds N]`, all when none is named. Each ends
 * with one line `NAME ratio R (ours …, peer …)` and writes results/NAME.json. `--table` prints those as Markdown.
 */
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { describeMachine } from './machine.ts';
import { lastLine, markdownTable, terminalTable, toResult, writeResult } from './report.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, table: { type: 'boolean', default: false } },
});

const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));
const rounds = Number(options.rounds);

if (options.table) {
  console.log(await markdownTable());
} else if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`usage: node test/bench/main.ts [${Object.keys(benchmarks).join('|')}]… [--rounds 3] [--table]`);
  process.exitCode = 2;
} else {
  for (const name of names) await runOne(name);
}

async function runOne(name: string): Promise<void> {
  const machine = await describeMachine();
  const say = (line: string): void => console.log(`[${name}] ${line}`);
  const measured = await benchmarks[name]!(rounds, say);
  const result = toResult(name, measured, machine, new Date());
  await writeResult(result);
  console.log(`\n${terminalTable(result)}\n`);
  for (const note of result.notes) console.log(`Note: ${note}`);
  console.log(lastLine(result));
}
