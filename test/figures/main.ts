/** `make figures`: writes what was simulated into docs/verdict.md, between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withFigures } from './page.ts';
import { figures } from './verdict.ts';

const page = resolve(import.meta.dirname, '../../docs/verdict.md');
writeFileSync(page, withFigures(readFileSync(page, 'utf8'), figures()));
process.stdout.write(`${figures()}\n`);
