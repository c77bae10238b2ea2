/** The metadata of an object as the apiserver reads and validates it. Pure. */
import { nearest } from '../../drift/objects/nearest.ts';
import { problemIn, type Problem } from './problem.ts';

const texts = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
];
const maps = ['labels', 'annotations'];
const lists = ['ownerReferences', 'finalizers', 'managedFields'];
const fields = [...texts, ...maps, ...lists, 'generation', 'deletionGracePeriodSeconds'];

const word = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?';
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const keyName = new RegExp(`^${word}$`);
const labelValue = new RegExp(`^(${word})?$`);
/** Of all annotations together. */
const mostOfAnnotations = 256 * 1024;

export function metadataProblems(metadata: unknown, { namespaced }: { readonly namespaced: boolean }): Problem[] {
  if (!isMap(metadata)) return [];
  const unknown = Object.keys(metadata)
    .filter((name) => !fields.includes(name))
    .map((name) => `metadata.${name} is not a known field; ${adviceOn(name)}`);
  const mistyped = Object.entries(metadata).flatMap(([name, value]) => mistypedIn(name, value));
  const wrong = [...unknown, ...mistyped];
  if (wrong.length > 0) return wrong.map((sentence) => problemIn('invalid', sentence));
  return [
    ...[...nameProblems(metadata), ...namespaceProblems(metadata, namespaced), ...mapProblems(metadata)].map(
      (sentence) => problemIn('invalid', sentence),
    ),
    ...strayNamespace(metadata, namespaced),
  ];
}

function adviceOn(name: string): string {
  const meant = nearest(name, fields);
  return meant ? `did you mean metadata.${meant}?` : 'fix its name or remove it.';
}

function mistypedIn(name: string, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (texts.includes(name) && typeof value !== 'string') return [`metadata.${name} must be a string; put it in quotes`];
  if (lists.includes(name) && !Array.isArray(value)) return [`metadata.${name} must be a list`];
  if (!maps.includes(name)) return [];
  if (!isMap(value)) return [`metadata.${name} must be an object`];
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'string' || one === null ? [] : [`metadata.${name}["${key}"] must be a string; put it in quotes`],
  );
}

function nameProblems({ name, generateName }: Readonly<Record<string, unknown>>): string[] {
  const given = typeof name === 'string' && name !== '' ? name : undefined;
  if (given === undefined)
    return typeof generateName === 'string' && generateName !== '' ? [] : ['metadata.name is required'];
  const isName = given.length <= 253 && subdomain.test(given);
  return isName
    ? []
    : [
        'metadata.name must be at most 253 lowercase letters, digits, `-` and `.`, and begin and end with a letter or digit',
      ];
}

function namespaceProblems({ namespace }: Readonly<Record<string, unknown>>, namespaced: boolean): string[] {
  if (typeof namespace !== 'string' || namespace === '' || !namespaced) return [];
  return namespace.length <= 63 && dnsLabel.test(namespace)
    ? []
    : ['metadata.namespace must be at most 63 lowercase letters, digits and `-`'];
}

/** The apiserver removes it. */
function strayNamespace({ namespace }: Readonly<Record<string, unknown>>, namespaced: boolean): Problem[] {
  if (namespaced || typeof namespace !== 'string' || namespace === '') return [];
  return [problemIn('warning', 'metadata.namespace means nothing: objects of this kind have no namespace; remove it')];
}

function mapProblems({ labels, annotations }: Readonly<Record<string, unknown>>): string[] {
  const [labelled, annotated] = [entriesOf(labels), entriesOf(annotations)];
  const size = annotated.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...labelled.filter(([key]) => !isKey(key)).map(([key]) => `metadata.labels["${key}"] is not a valid key`),
    ...labelled
      .filter(([, value]) => value.length > 63 || !labelValue.test(value))
      .map(
        ([key]) =>
          `metadata.labels["${key}"] must be at most 63 letters, digits, \`-\`, \`_\` and \`.\`, and begin and end with a letter or digit`,
      ),
    // Keys of annotations are compared in lower case.
    ...annotated
      .filter(([key]) => !isKey(key.toLowerCase()))
      .map(([key]) => `metadata.annotations["${key}"] is not a valid key`),
    ...(size > mostOfAnnotations ? ['metadata.annotations must not be longer than 256 KiB in total'] : []),
  ];
}

function isKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2 || name.length > 63 || !keyName.test(name)) return false;
  return parts.length === 1 || (parts[0]!.length <= 253 && subdomain.test(parts[0]!));
}

function entriesOf(value: unknown): [string, string][] {
  return isMap(value) ? Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? one : '']) : [];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
