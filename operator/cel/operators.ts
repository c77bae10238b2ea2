/** The types that operators take and give. Pure. */
import type { Signature } from './signature.ts';

const duration = 'google.protobuf.Duration';
const timestamp = 'google.protobuf.Timestamp';
const numbers = ['int', 'uint', 'double'];

function signature(gives: string, ...takes: string[]): Signature {
  return { takes, gives };
}

function same(types: readonly string[], gives?: string): Signature[] {
  return types.map((one) => signature(gives ?? one, one, one));
}

const equality = [signature('bool', 'A', 'A')];
const logic = [signature('bool', 'bool', 'bool')];
const order = [
  signature('bool', 'number', 'number'),
  ...same(['bool', 'string', 'bytes', duration, timestamp], 'bool'),
];

export const operators: Readonly<Record<string, readonly Signature[]>> = {
  '==': equality,
  '!=': equality,
  '<': order,
  '<=': order,
  '>': order,
  '>=': order,
  '&&': logic,
  '||': logic,
  '!_': [signature('bool', 'bool')],
  '-_': [signature('int', 'int'), signature('double', 'double')],
  '?:': [signature('A', 'bool', 'A', 'A')],
  in: [signature('bool', 'A', 'list(A)'), signature('bool', 'A', 'map(A, B)')],
  '+': [
    ...same([...numbers, 'string', 'bytes', 'list(A)', duration]),
    signature(timestamp, timestamp, duration),
    signature(timestamp, duration, timestamp),
  ],
  '-': [
    ...same([...numbers, duration]),
    signature(duration, timestamp, timestamp),
    signature(timestamp, timestamp, duration),
  ],
  '*': same(numbers),
  '/': same(numbers),
  '%': same(['int', 'uint']),
};
