/** Runs faults against the operator on real components: `node test/faults/main.ts [NAME…]`, all when none is named. */
import { kill } from './kill.ts';

/** Each throws when the operator did not stand it. */
const faults: Readonly<Record<string, (say: (line: string) => void) => Promise<void>>> = { kill };

const given = process.argv.slice(2);
const unknown = given.find((name) => !Object.hasOwn(faults, name));
if (unknown !== undefined) {
  console.error(`usage: node test/faults/main.ts [${Object.keys(faults).join('|')}]…`);
  process.exit(2);
}
for (const name of given.length > 0 ? given : Object.keys(faults)) {
  try {
    await faults[name]?.((line) => console.log(`[${name}] ${line}`));
  } catch (error) {
    console.error(`[${name}] failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
