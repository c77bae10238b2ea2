/** Random objects of a kind of a CRD, whose texts imitate what is looked for where managedFields are cut. */

const words = [
  ...[
    'name',
    'managedFields',
    '"name":"',
    '],"name":"',
    ',"managedFields":[',
    '"managedFields":[',
    '],',
    '"',
    '\\',
    '\\"',
  ],
  ...['{', '}', '[', ']', ':', ',', 'a', 'metadata', '"metadata":{', 'ü', '日本', '😀', '\u2028', '\n', ''],
];

export function makeRandom(random: () => number): () => object {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const text = (): string => Array.from({ length: below(4) }, () => pick(words)).join('');
  // JSON.parse of Node 24.21 reads a key with an escape as another, if one with a backslash came before: keys have none.
  const key = (): string => text().replaceAll(/[\\"\n]/g, '');
  const map = <T>(value: () => T): Record<string, T> =>
    Object.fromEntries(Array.from({ length: below(4) }, () => [key(), value()]));
  const list = <T>(value: () => T): T[] => Array.from({ length: below(4) }, value);
  const any = (depth = 3): unknown =>
    depth === 0
      ? text()
      : pick([text, () => below(99), () => null, () => map(() => any(depth - 1)), () => list(() => any(depth - 1))])();
  const maybe = <T>(part: T): T | object => (random() < 0.5 ? part : {});
  const fields = (): object => ({ [`f:${key()}`]: { [`k:{"name":"${key()}"}`]: {}, [`v:"${key()}`]: {}, '.': {} } });
  const managed = (): object => ({
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: fields(),
    manager: text(),
    operation: 'Apply',
  });
  const metadata = (): object => ({
    ...maybe({ annotations: map(text) }),
    ...maybe({ labels: map(text) }),
    ...maybe({ finalizers: list(text) }),
    ...maybe({ generateName: text(), generation: below(9) }),
    ...maybe({ managedFields: list(managed) }),
    ...maybe({ ownerReferences: list(() => ({ kind: text(), name: text() })) }),
    name: text(),
    namespace: text(),
    resourceVersion: String(below(9)),
  });
  return (): object => ({
    ...maybe({ [pick(['data', 'items', 'spec'])]: any() }),
    ...maybe({ status: any() }),
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: metadata(),
  });
}
