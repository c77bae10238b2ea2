/** All that can be declared can be explained; what is misspelt is found; examples are those of the samples. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { ioWith } from '../../../test/builders/io.ts';
import { exit, Failure, type Io } from '../command.ts';
import { processIo } from '../processIo.ts';
import { runExplain } from './index.ts';
import { shippedKinds, type FieldSchema, type ShippedKind } from './kinds.ts';
import { inner } from './path.ts';
import { firstSentence, limitsOf, typeOf } from './words.ts';

let kinds: ShippedKind[];
beforeAll(async () => {
  kinds = await shippedKinds(processIo());
});

async function said(operand?: string, recursive = false): Promise<string> {
  const io = ioWith({});
  const world: Io = { ...processIo(), terminal: () => undefined, stdout: (text) => io.stdout(text) };
  expect(await runExplain({ operand, recursive }, world)).toBe(exit.holds);
  return io.out;
}

const problem = (operand: string): Promise<string> =>
  said(operand).then(
    () => 'it is explained',
    (error: unknown) => {
      expect(error).toBeInstanceOf(Failure);
      return (error as Failure).message;
    },
  );

test('without a kind, all of them, one sentence each', async () => {
  const text = await said();
  for (const { kind, shortNames } of kinds) expect(text).toContain(`${kind} (${shortNames.join(', ')})`);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

describe('the kind', () => {
  test.each(['MaintenanceWindow', 'maintenancewindows', 'hmw', 'HMW', 'maintenancewindows.holdfast.dev'])(
    '%s is found',
    async (word) => {
      expect(await said(`${word}.spec.timeZone`)).toContain('MaintenanceWindow (maintenancewindows, hmw)');
    },
  );

  test.each([
    ['devicebaselin', 'there is no kind "devicebaselin"; did you mean DeviceBaseline? See `kubectl holdfast explain`.'],
    ['pod', 'there is no kind "pod" of Holdfast; see `kubectl holdfast explain`.'],
    ['', 'there is no kind "" of Holdfast; see `kubectl holdfast explain`.'],
  ])('%j is not', async (word, says) => {
    expect(await problem(word)).toBe(says);
  });
});

// https://github.com/kubernetes/kubectl/issues/1468, /1538, kubernetes/kubernetes#138238, uds-core#614:
// enums, defaults, rules and examples are what people miss in `kubectl explain`.
describe('a field', () => {
  test('with the values that are allowed, and the default', async () => {
    const text = await said('devicebaseline.spec.mode');
    expect(text).toContain('Field     spec.mode <string>\n');
    expect(text).toContain('Allowed   Inform, Enforce\n');
    expect(text).toContain('Default   "Inform"\n');
    expect(text).toContain('Example, of manifests/samples/deviceBaseline.yaml\n  spec:\n    mode: Inform\n');
  });

  test('with limits and rules, those of the items of a list too', async () => {
    const text = await said('hmw.spec.windows.schedule');
    expect(text).toContain('Limits    9 to 128 characters\n');
    expect(text).toMatch(/Rules {5}a schedule must have five fields/);
    expect(await said('policywaiver.spec.targets')).toContain('Rules     set `names`, `selector` or `namespaces`\n');
  });

  test.each(['spec.checks.file.mode', 'spec.checks[].file.mode', 'spec.checks[0].file.mode', 'Spec.Checks.FILE.mode'])(
    'by the path %s, in whatever form lists are written',
    async (path) => {
      expect(await said(`devicebaseline.${path}`)).toContain('Field     spec.checks[].file.mode <string>');
    },
  );

  test.each([
    ['devicebaseline.spec.cheks', 'DeviceBaseline.spec has no field "cheks"; did you mean DeviceBaseline.spec.checks?'],
    [
      'devicebaseline.checks',
      'DeviceBaseline has no field "checks"; there is DeviceBaseline.spec.checks, DeviceBaseline.status.assignment.checks.',
    ],
    [
      'devicebaseline.spec.windowref',
      'DeviceBaseline.spec has no field "windowref"; there is DeviceBaseline.spec.remediation.windowRef.',
    ],
    [
      'hmw.spec.timeZone.name',
      'MaintenanceWindow.spec.timeZone has no fields; see `kubectl holdfast explain MaintenanceWindow.spec.timeZone`.',
    ],
    [
      'hmw.spec.constructor',
      'MaintenanceWindow.spec has no field "constructor"; it has timeZone, windows, freezes, emergency, suspend.',
    ],
  ])('%s: what may be meant', async (path, says) => {
    expect(await problem(path)).toBe(says);
  });

  test('a check type says what is read, and what makes it unknown', async () => {
    const text = await said('devicebaseline.spec.checks.sshd');
    for (const title of ['Read', 'Passes if', 'Corrected', 'Undone', 'Unknown'])
      expect(text).toMatch(new RegExp(`^${title} `, 'm'));
  });

  test('every check type has its row in the docs', async () => {
    const checks = inner(
      kinds.find(({ kind }) => kind === 'DeviceBaseline')!.schema.properties!['spec']!.properties!['checks']!,
    );
    const types = Object.entries(checks.properties ?? {}).filter(([, schema]) => schema.type === 'object');
    expect(types.length).toBeGreaterThan(10);
    for (const [type] of types) expect(await said(`devicebaseline.spec.checks.${type}`)).toContain('\nPasses if ');
  });
});

test('every field of every kind is explained within 80 columns, and its example is of a sample', async () => {
  let examples = 0;
  for (const { kind, schema } of kinds)
    for (const path of pathsOf(schema, kind)) {
      const text = await said(path);
      const [words = '', example] = text.split(/^Example, of .*\n/m);
      expect({ path, long: words.split('\n').filter((line) => line.length > 80) }).toEqual({ path, long: [] });
      if (example !== undefined) {
        examples++;
        expect(load(example)).toBeTruthy();
      }
    }
  expect(examples).toBeGreaterThan(80);
}, 120_000);

/** Of spec, two levels deep: deeper ones are of the same words. */
function pathsOf(schema: FieldSchema, kind: string): string[] {
  const spec = schema.properties?.['spec'];
  const first = Object.entries(spec ? (inner(spec).properties ?? {}) : {});
  return first.flatMap(([name, one]) => [
    `${kind}.spec.${name}`,
    ...Object.keys(inner(one).properties ?? {}).map((below) => `${kind}.spec.${name}.${below}`),
  ]);
}

test('--recursive: names, types and values of all that is below', async () => {
  const text = await said('hmw', true);
  expect(text).toContain('    windows <list of objects>, required\n      schedule <string>, required\n');
  expect(text).toContain('status <string>, required: True, False, Unknown\n');
});

describe('words', () => {
  test.each([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'date-time' }, 'time'],
    [{ type: 'array', items: { type: 'object' } }, 'list of objects'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'map of strings'],
    [{ 'x-kubernetes-int-or-string': true }, 'integer or string'],
    [{ 'x-kubernetes-preserve-unknown-fields': true }, 'anything'],
    [{ type: 'array', items: { type: 'array', items: { type: 'string' } } }, 'list of list of strings'],
  ])('the type of %j is %s', (schema, words) => {
    expect(typeOf(schema)).toBe(words);
  });

  test('limits', () => {
    expect(limitsOf({ minimum: 0, maximum: 0 })).toEqual(['0 to 0']);
    expect(limitsOf({ maxLength: 1 })).toEqual(['at most 1 character']);
    expect(limitsOf({ items: { type: 'string', maxLength: 9 }, minItems: 1 })).toEqual([
      'at least 1 item',
      'each item: at most 9 characters',
    ]);
  });

  test('a sentence does not end inside of backquotes', () => {
    expect(firstSentence('Files such as `a. B`. More.')).toBe('Files such as `a. B`.');
    expect(firstSentence('Version 1.2 or later. More.')).toBe('Version 1.2 or later.');
    expect(firstSentence('no end')).toBe('no end');
  });
});
