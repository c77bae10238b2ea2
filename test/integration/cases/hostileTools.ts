/** Tools of a host that are missing, die, or tell half of what they should: nothing is known then. */
import type { HostCase } from './case.ts';

const ways: Readonly<Record<string, (tool: string) => string>> = {
  'is not there': () => '',
  'exits with 127': () => 'exit 127',
  'is killed': () => 'kill -9 $$',
  'prints half': (tool) => `/usr/bin/${tool}.real "$@" | head -c 40; exit 0`,
};

export function hostileTools(
  tools: readonly string[],
  { declare, given, unknown }: { declare: HostCase['declare']; given: string; unknown: string | RegExp },
): HostCase[] {
  return tools.flatMap((tool) =>
    Object.entries(ways).map(([way, body]): HostCase => {
      const path = `/usr/bin/${tool}`;
      const script = body(tool);
      const put = script && `printf '#!/bin/sh\\n%s\\n' '${script}' >${path}; chmod 755 ${path}`;
      return {
        name: `nothing is known when ${tool} ${way}`,
        declare,
        given: `${given}\nmv ${path} ${path}.real\n${put}`,
        found: [unknown],
        cleared: `rm -f ${path}; mv ${path}.real ${path}`,
      };
    }),
  );
}
