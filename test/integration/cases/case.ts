/** One situation of a host, what is declared of it, and what must come of that. */
import type { CheckKey, Declared } from '../../../operator/drift/checks/checkType.ts';

export type Declaration = { [K in CheckKey]: { [one in K]: Declared<K> } }[CheckKey];

export interface HostCase {
  /** A sentence that says what is right. */
  readonly name: string;
  /** Where the situation comes from: a public report, a standard, a man page. */
  readonly source?: string;
  readonly declare: Declaration;
  /** Shell, as root: makes the situation. */
  readonly given?: string;
  /** What is then found: nothing when it holds, `path is actual, not expected`, `unknown: why`, or `not applicable: why`. */
  readonly found: readonly (string | RegExp)[];
  /** Holdfast leaves it to a person, and this is what it says. */
  readonly manual?: RegExp;
  /** The host's half refuses, and this is what it says; nothing has changed then. */
  readonly refused?: RegExp;
  /** Shell between the look and the correction, as by somebody who races it. */
  readonly between?: string;
  /** What the correction says of itself, beyond what was declared. */
  readonly said?: RegExp;
  /** Shell that must succeed after the correction. */
  readonly corrected?: string;
  /** Shell between the correction and its undoing. */
  readonly meanwhile?: string;
  /** What undoing says that it leaves as it is; without it all is as it was before the correction. */
  readonly lost?: RegExp;
  /** Shell that must succeed after undoing, where something else changed in between: not all can be as before then. */
  readonly undone?: string;
  /** Shell that clears the situation away. */
  readonly cleared?: string;
}

/**
 * The situation, which holds, with a tool of the host that fails in each of these ways: that must never be a pass. `exit` puts the tool back
 * even where the script of the look did not need it.
 */
export function hostile(tool: string, holds: Pick<HostCase, 'declare' | 'given' | 'cleared'>): HostCase[] {
  const broken: Record<string, string> = {
    'exits with 127': 'exit 127',
    'is killed': 'kill -9 $$',
    'prints half and is killed': `${'$0'}.real "$@" | head -c 20; kill -9 $$`,
    'prints half as if that were all': `${'$0'}.real "$@" | head -c 20`,
    'prints nothing': 'cat >/dev/null',
  };
  return Object.entries(broken).map(([how, body]) => ({
    ...holds,
    name: `nothing is known where ${tool} ${how}`,
    given: `${holds.given ?? ':'}; p=$(command -v ${tool}); p=$(readlink -f "$(dirname "$p")")/${tool}; echo "$p" >/root/tool; mv "$p" "$p.real"; printf '#!/bin/sh\n%s\n' '${body.replaceAll('$0', '\'"$p"\'')}' >"$p"; chmod 0755 "$p"`,
    found: [/^unknown: /],
    cleared: `p=$(cat /root/tool); mv "$p.real" "$p"; rm /root/tool; ${holds.cleared ?? ':'}`,
  }));
}
