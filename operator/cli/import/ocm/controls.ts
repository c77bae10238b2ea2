/** Controls of frameworks, from the annotations that policies carry. Pure. */
import { printable } from '../../table.ts';
import { at, type Json } from './json.ts';
import { note, type Note } from './report.ts';

const domain = 'policy.open-cluster-management.io';
const kept = ['standards', 'categories', 'controls', 'description'].map((name) => `${domain}/${name}`);
const mostControls = 16;
const longestControl = 128;

/** Frameworks whose controls are known by their shape. */
const shapes: readonly { readonly standard: string; readonly shape: RegExp }[] = [
  { standard: 'NIST-800-53', shape: /^[A-Z]{2}-\d+(?:\s?\(\d+\))*(?=\s|$)/ },
  { standard: 'NIST-CSF', shape: /^[A-Z]{2}\.[A-Z]{2}(?:-\d+)?(?=\s|$)/ },
];

/** `NIST-800-53:CM-2` for each control that is named. */
export function controlsOf(policy: Json): { readonly controls: readonly string[]; readonly notes: readonly Note[] } {
  const standards = parts(annotation(policy, 'standards')).map(standardName);
  const all = [...new Set(parts(annotation(policy, 'controls')).map((control) => controlId(control, standards)))];
  const controls = all.filter((control) => control.length <= longestControl).slice(0, mostControls);
  const left = all.filter((control) => !controls.includes(control));
  if (left.length === 0) return { controls, notes: [] };
  const text = `a check has at most ${mostControls} controls of up to ${longestControl} characters; these are only in the annotations: ${left.join(', ')}`;
  return { controls, notes: [note('Controls', text)] };
}

/** The annotations themselves, which say more than their controls. */
export function keptAnnotations(policy: Json): Record<string, string> | undefined {
  const annotations = kept
    .map((name) => [name, at(policy, 'metadata', 'annotations', name)] as const)
    .filter((one): one is readonly [string, string] => typeof one[1] === 'string' && one[1] !== '');
  return annotations.length ? Object.fromEntries(annotations) : undefined;
}

function annotation(policy: Json, name: string): string {
  const value = at(policy, 'metadata', 'annotations', `${domain}/${name}`);
  return typeof value === 'string' ? printable(value) : '';
}

function parts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '');
}

/** `NIST SP 800-53` and `NIST 800-53` are the same. */
function standardName(standard: string): string {
  return standard.replace(/\bSP /, '').replaceAll(' ', '-');
}

/** A control of a known shape goes with its framework; another with the only framework that is named. */
function controlId(control: string, standards: readonly string[]): string {
  for (const { standard, shape } of shapes) {
    const id = shape.exec(control)?.[0].replaceAll(' ', '');
    if (id !== undefined) return standards.includes(standard) ? `${standard}:${id}` : id;
  }
  const [only] = standards;
  return only !== undefined && standards.length === 1 ? `${only}:${control}` : control;
}
