/** Controls as lines of an id and a title. Pure. */
import type { Control } from './framework.ts';

export function listedControls(lines: string): readonly Control[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const at = line.indexOf(' ');
      return { id: line.slice(0, at), title: line.slice(at + 1) };
    });
}
