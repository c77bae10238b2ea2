/** Tools that do not answer as they should: what is read of them must be unknown, and never a pass. */
import type { Declaration, HostCase } from './case.ts';

interface Hostile {
  /** The path of the tool. */
  readonly tool: string;
  readonly declare: Declaration;
  readonly given?: string;
  /** What must be found, when the tool is broken in any way. */
  readonly unknown: RegExp;
  readonly cleared?: string;
  /** Shell of what it does when it prints half, `$real` being the tool itself. */
  readonly half?: string;
}

/** A tool that is missing, that its loader cannot start (127), that is killed (137), and that ends well having printed half of what it should. */
export function hostile({ tool, declare, given = ':', unknown, cleared = ':', half }: Hostile): HostCase[] {
  const real = `${tool}.hf-real`;
  const ways: readonly (readonly [string, string])[] = [
    ['is missing', ''],
    [
      'cannot be started',
      `echo "${tool}: error while loading shared libraries: libx.so: cannot open shared object file" >&2; exit 127`,
    ],
    ['is killed', 'kill -9 $$'],
    ['says nothing', 'exit 0'],
    ['prints half', half ?? `${real} "$@" | head -c 40`],
  ];
  return ways.map(([way, script]) => ({
    name: `${tool} ${way}: nothing is known of ${Object.keys(declare)[0] ?? ''} ${JSON.stringify(Object.values(declare)[0])}`,
    declare,
    given: `${given}; mv ${tool} ${real}; ${script ? `printf '%s\\n' '#!/bin/sh' '${script}' >${tool}; chmod 755 ${tool}` : ':'}`,
    found: [unknown],
    cleared: `mv -f ${real} ${tool}; ${cleared}`,
  }));
}
