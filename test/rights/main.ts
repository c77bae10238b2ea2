/**
 * `make rights`: which rights of the operator nothing used, by the audit logs of a run of the integration tests. Exits with 1 when there are
 * others than those in `unused.ts`, or when one of those was used.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { grantedRights, usedRights } from './rights.ts';
import { seldomUsed, unused as expected } from './unused.ts';

const granted = grantedRights();
const used = await usedRights(globSync(join(process.argv[2] ?? 'reports/audit', '*.log')));
if (!used.size) throw new Error('The audit logs have no request of the operator; run `make rights`.');
const idle = [...granted].filter((right) => !used.has(right)).sort();
const unexplained = idle.filter((right) => !(right in expected));
const outdated = Object.keys(expected).filter((right) => !idle.includes(right) && !(right in seldomUsed));
console.log(`${granted.size} rights, ${granted.size - idle.length} used; not used:`);
for (const right of idle) console.log(`  ${right}: ${expected[right] ?? 'NOT EXPLAINED'}`);
if (outdated.length) console.log(`Listed as not used, but used or not granted: ${outdated.join(', ')}`);
process.exitCode = unexplained.length || outdated.length ? 1 : 0;
