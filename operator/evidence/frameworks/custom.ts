/**
 * Frameworks that people declare: a ConfigMap with the label `holdfast.dev/framework` and the key `framework.json`. They are read strictly: one that is not
 * understood in full counts as missing, and is named. None can take the name of another. Pure.
 */
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { byText } from '../sections/heading.ts';
import type { Missing } from '../sections/section.ts';
import type { Control, Framework } from './framework.ts';
import { controlKey, controlParser, plainId, plainName } from './parse.ts';

export const frameworkLabel = 'holdfast.dev/framework';
const key = 'framework.json';
const most = { frameworks: 20, controls: 2000, mapsTo: 200, id: 64, text: 256 } as const;

export type ConfigMap = Resource & { readonly data?: Readonly<Record<string, string>> };

export interface DeclaredFrameworks {
  /** The shipped ones first. */
  readonly frameworks: readonly Framework[];
  readonly unread: readonly Missing[];
}

/** Of ConfigMaps of one namespace, in the order of their names. */
export function declaredFrameworks(shipped: readonly Framework[], maps: readonly ConfigMap[]): DeclaredFrameworks {
  const frameworks = [...shipped];
  const unread: Missing[] = [];
  for (const map of maps.toSorted((a, b) => byText(a.metadata.name, b.metadata.name))) {
    const what = `ConfigMap ${map.metadata.name}`;
    try {
      if (frameworks.length - shipped.length >= most.frameworks)
        throw new Problem(`a namespace has at most ${most.frameworks} frameworks of its own; delete others`);
      frameworks.push(frameworkOf(map, frameworks));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unread.push({ what, reason: error.message });
    }
  }
  return { frameworks, unread };
}

/** What is wrong with it, as a fragment. */
class Problem extends Error {}

function frameworkOf({ data = {} }: ConfigMap, others: readonly Framework[]): Framework {
  const text = data[key];
  if (text === undefined) throw new Problem(`it has no key \`${key}\``);
  const { id, title, version, controls } = members(parsed(text), 'the framework', [
    'id',
    'title',
    'version',
    'controls',
  ]);
  const name = textOf(id, '`id`', most.id);
  if (!/^[A-Z0-9]+([-.][A-Z0-9]+)*$/.test(name))
    throw new Problem('`id` must consist of capital letters, digits, `-` and `.`, such as `ACME-SEC`');
  const taken = others.flatMap((one) => [one.id, ...(one.aliases ?? [])]).map(plainName);
  if (taken.includes(plainName(name)) || /^CIS(-|$)/.test(name))
    throw new Problem(`the name ${name} is taken; choose another \`id\``);
  if (!Array.isArray(controls) || controls.length < 1 || controls.length > most.controls)
    throw new Problem(`\`controls\` must be a list of 1 to ${most.controls} controls`);
  const parse = controlParser(others);
  const list = controls.map((control, index) => controlOf(control, `\`controls[${index}]\``, parse));
  const twice = list.find(({ id }, index) => list.findIndex((one) => plainId(one.id) === plainId(id)) !== index);
  if (twice) throw new Problem(`control ${twice.id} is there twice`);
  return { id: name, title: textOf(title, '`title`'), version: textOf(version, '`version`'), controls: list };
}

function controlOf(value: unknown, where: string, parse: ReturnType<typeof controlParser>): Control {
  const { id, title, mapsTo } = members(value, where, ['id', 'title', 'mapsTo']);
  const control = { id: textOf(id, `${where}.id`, most.id), title: textOf(title, `${where}.title`) };
  if (!plainId(control.id)) throw new Problem(`${where}.id must have a letter or a digit`);
  if (mapsTo === undefined) return control;
  if (!Array.isArray(mapsTo) || mapsTo.length < 1 || mapsTo.length > most.mapsTo)
    throw new Problem(`${where}.mapsTo must be a list of 1 to ${most.mapsTo} controls`);
  return {
    ...control,
    mapsTo: mapsTo.map((one) => {
      const known = parse(textOf(one, `${where}.mapsTo`));
      if (known.is === 'unknown') throw new Problem(`${where}.mapsTo: ${known.text} is unknown: ${known.reason}`);
      return controlKey(known.framework, known.control);
    }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(`\`${key}\` is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function members(value: unknown, where: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Problem(`${where} must be an object`);
  const odd = Object.keys(value).find((name) => !names.includes(name));
  if (odd !== undefined) throw new Problem(`${where} has a field \`${odd}\`, which does not exist`);
  return value as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown, where: string, longest: number = most.text): string {
  if (typeof value !== 'string' || !value.trim() || value.length > longest || /[\x00-\x1f\x7f]/.test(value))
    throw new Problem(`${where} must be a string of 1 to ${longest} characters on one line`);
  return value;
}
