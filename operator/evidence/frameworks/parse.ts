/**
 * What people write into the `controls` of a check, as one id of a framework: `AC-6 (2)`, `ac-6.2` and `NIST-800-53-AC-6(2)` are the same
 * control. What is not understood is unknown, and is reported; it is never dropped. Pure.
 */
import { beyondModerate } from './fedramp.ts';
import type { Framework } from './framework.ts';

/** A control of a framework, or what is not one, as it was written. */
export type ParsedControl =
  { readonly is: 'known'; readonly framework: string; readonly control: string } | UnknownControl;

export interface UnknownControl {
  readonly is: 'unknown';
  readonly text: string;
  readonly reason: string;
}

/** `NIST-800-53:AC-6(2)`. */
export function controlKey(framework: string, control: string): string {
  return `${framework}:${control}`;
}

/** Parses controls by these frameworks. */
export function controlParser(frameworks: readonly Framework[]): (text: string) => ParsedControl {
  const names = new Map<string, Framework>();
  for (const framework of frameworks)
    for (const name of [framework.id, ...(framework.aliases ?? [])]) names.set(plainName(name), framework);
  const byFramework = new Map(frameworks.map((framework) => [framework.id, indexOf(framework)]));
  // A longer name first: CIS-CONTROLS before CIS.
  const byLength = [...names.keys()].sort((a, b) => b.length - a.length);
  return (text) => {
    const trimmed = text.trim();
    const split = splitAt(trimmed, names, byLength);
    if (split) return find(trimmed, split.framework, split.rest, byFramework.get(split.framework.id)!);
    return benchmark(trimmed) ?? bare(trimmed, frameworks, byFramework);
  };
}

type Index = ReadonlyMap<string, string>;

/** Ids by their plain form, those that people may write for it too. */
function indexOf({ id, controls }: Framework): Index {
  const beyond = id === 'NIST-800-53' ? beyondModerate : [];
  return new Map([...beyond, ...controls].map((control) => [plainId(control.id), control.id]));
}

function splitAt(
  text: string,
  names: ReadonlyMap<string, Framework>,
  byLength: readonly string[],
): { readonly framework: Framework; readonly rest: string } | undefined {
  const colon = text.indexOf(':');
  if (colon > 0) {
    const framework = names.get(plainName(text.slice(0, colon)));
    return framework && { framework, rest: text.slice(colon + 1) };
  }
  for (const name of byLength) {
    const end = endOfName(text, name);
    if (end !== undefined) return { framework: names.get(name)!, rest: text.slice(end) };
  }
  return undefined;
}

/** Where the control begins, when the text begins with that name; the name ends at a separator. */
function endOfName(text: string, name: string): number | undefined {
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!.toUpperCase();
    if (!/[A-Z0-9]/.test(character)) continue;
    if (matched === name.length) return /[-_ /.]/.test(text[at - 1] ?? '') ? at : undefined;
    if (character !== name[matched]) return undefined;
    matched++;
  }
  return undefined;
}

function find(text: string, framework: Framework, rest: string, ids: Index): ParsedControl {
  const control = ids.get(plainId(rest));
  if (control !== undefined) return { is: 'known', framework: framework.id, control };
  return { is: 'unknown', text, reason: `it is not a control of ${framework.title} ${framework.version}` };
}

/** Of a benchmark, whose ids nobody lists: `CIS-RHEL9:5.1.20`, and `CIS-5.2.1` where it is not named. */
function benchmark(text: string): ParsedControl | undefined {
  const parts = /^(CIS(?:[-_ ][A-Z0-9]+(?:[-_ .][A-Z0-9]+)*?)?)\s*[:_ -]\s*([0-9]+(?:\.[0-9]+){1,5})$/i.exec(text);
  if (!parts) return undefined;
  const framework = parts[1]!.toUpperCase().replace(/[_ ]/g, '-');
  return { is: 'known', framework, control: parts[2]! };
}

/** Without a framework, an id that one of them alone has. */
function bare(text: string, frameworks: readonly Framework[], byFramework: ReadonlyMap<string, Index>): ParsedControl {
  const plain = plainId(text);
  // What maps onto others has the ids of others.
  const having = frameworks.filter(
    ({ id, controls }) => byFramework.get(id)!.has(plain) && !controls.every(({ mapsTo }) => mapsTo?.length),
  );
  const [only] = having;
  if (only && having.length === 1 && /[A-Z]/.test(plain))
    return { is: 'known', framework: only.id, control: byFramework.get(only.id)!.get(plain)! };
  const colon = text.indexOf(':');
  const reason = colon > 0 ? `there is no framework ${text.slice(0, colon)}` : 'it names no framework';
  return { is: 'unknown', text, reason };
}

/** Names of frameworks are compared by their letters and digits. */
export function plainName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** Ids are compared by their letters and numbers: `AC-6 (2)`, `ac-6.2` and `AC-06(02)` are one. */
export function plainId(id: string): string {
  const parts = id.toUpperCase().match(/[A-Z]+|[0-9]+/g) ?? [];
  return parts.map((part) => part.replace(/^0+(?=[0-9])/, '')).join('.');
}
