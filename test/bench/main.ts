/**
 * Runs benchmarks beside their peers: `node test/bench/main.ts [NAME…] [--rounds N]`, all when none is named. Each ends
 * with one line `NAME ratio R (ours …, peer …)` and writes results/NAME.json, but not with `--scale` below 1, which makes
 * everything smaller for a quick look. `--table` prints the results as Markdown. Nothing that it starts outlives it.
 */
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { ControlGroup } from './controlGroup.ts';
import { describeMachine } from './machine.ts';
import { takePlace } from './only.ts';
import { lastLine, markdownTable, terminalTable, toResult, writeResult } from './report.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    table: { type: 'boolean', default: false },
  },
});

const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));
const rounds = Number(options.rounds);
const scale = Number(options.scale);
const areWrong = !Number.isInteger(rounds) || rounds < 1 || !(scale > 0 && scale <= 1);

if (options.table) {
  console.log(await markdownTable());
} else if (unknown !== undefined || areWrong) {
  console.error(
    `usage: node test/bench/main.ts [${Object.keys(benchmarks).join('|')}]… [--rounds 3] [--scale 1] [--table]`,
  );
  process.exitCode = 2;
} else {
  const refusal = await takePlace(names.join(', '));
  if (refusal === undefined) await runAll();
  else {
    console.error(refusal);
    process.exitCode = 1;
  }
}

async function runAll(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Each thing started has a keeper that ends it with this process, killed or not.
      console.error(
        `Ended by ${signal}; the processes and files of the benchmark go with it, and no result is written.`,
      );
      process.exit(128 + constants.signals[signal]);
    });
  }
  await ControlGroup.removeLeftovers();
  for (const name of names) await runOne(name);
}

async function runOne(name: string): Promise<void> {
  const machine = await describeMachine();
  const say = (line: string): void => console.log(`[${name}] ${line}`);
  const measured = await benchmarks[name]!({ rounds, scale, say });
  const result = toResult(name, measured, machine, new Date());
  if (scale === 1) await writeResult(result);
  console.log(`\n${terminalTable(result)}\n`);
  for (const note of result.notes) console.log(`Note: ${note}`);
  console.log(lastLine(result));
}
