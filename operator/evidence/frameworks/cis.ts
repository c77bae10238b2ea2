/**
 * CIS Critical Security Controls v8: the ids of its 153 safeguards. Their texts, and everything of the CIS Benchmarks, are licensed by CIS
 * and not contained here. Pure.
 */
import type { Framework } from './framework.ts';

/** How many safeguards each of the 18 controls has. */
const safeguards = [5, 7, 14, 12, 6, 8, 7, 12, 7, 7, 5, 8, 11, 9, 7, 14, 9, 5];

export const cisControls: Framework = {
  id: 'CIS-CONTROLS',
  aliases: ['CIS-CONTROLS-V8', 'CIS-CSC', 'CIS-CSC-V8', 'CIS-V8', 'CISV8', 'CIS-8'],
  title: 'CIS Critical Security Controls',
  version: 'v8',
  controls: safeguards.flatMap((count, index) =>
    Array.from({ length: count }, (_, at) => ({
      id: `${index + 1}.${at + 1}`,
      title: `Safeguard ${index + 1}.${at + 1}`,
    })),
  ),
};
