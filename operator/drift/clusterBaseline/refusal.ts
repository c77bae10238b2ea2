/**
 * What the apiserver means by a refusal, for people: its words are those of its own code, such as "failed to create typed patch object
 * (default/app; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string". Pure.
 */
import { webhookFailure } from '../../lib/webhookFailure.ts';
import type { Refused, WriteOutcome } from '../../runtime/feature.ts';

export interface Refusal {
  /**
   * `template`: only another template can help. `refused`: it is not allowed as things are. `changed`: the object is another by now. `passing`: the
   * apiserver, or a webhook that it asked, did not decide at all. What is `changed` or `passing` says nothing about what was asked.
   */
  readonly is: 'template' | 'refused' | 'changed' | 'passing';
  /** With what to do, without a full stop. */
  readonly sentence: string;
}

/** Words of Go or of JSON Schema for a type, in ours. */
const types: readonly (readonly [RegExp, string])[] = [
  [/^(string|bytes)$/, 'a string'],
  [/^(numeric \(int or float\)|number|float\w*)$/, 'a number'],
  [/^(u?int\d*|integer)$/, 'an integer'],
  [/^bool(ean)?$/, 'true or false'],
  [/^(list|array|\[\].*)$/, 'a list'],
  [/^(map.*|object|struct.*|[\w.]+\.\w+)$/, 'an object'],
];

/** `conceals` is for Secrets: the apiserver may quote what it was given. */
export function refusalOf({ status, message }: Refused, conceals = false): Refusal {
  const words = conceals ? message.replace(/"(?:[^"\\]|\\.)*"/g, '"…"') : message;
  const problem = problemIn(message);
  if (problem !== undefined)
    return { is: 'template', sentence: conceals ? problem.replace(/"(?:[^"\\]|\\.)*"/g, '"…"') : problem };
  const is = natureOf(status, message);
  return { is, sentence: is === 'changed' ? changed : elsewhere(is, status, words) };
}

/**
 * How a write that did not make its object comply bears on the next. `failed`: it counts as an attempt. `undecided`: it does not, and is made
 * again after a while, as what is not known, after a restart: three crashes in a row are no three attempts. `untried`: nothing was tried on the
 * object as it was then.
 */
export function bearingOf(outcome: WriteOutcome | undefined): 'failed' | 'undecided' | 'untried' {
  if (outcome?.is === 'skipped') return 'untried';
  if (outcome === undefined || outcome.is === 'unanswered') return 'undecided';
  if (outcome.is !== 'refused') return 'failed';
  const { is } = refusalOf(outcome);
  return is === 'changed' ? 'untried' : is === 'passing' ? 'undecided' : 'failed';
}

/** What is told of an object that is not the one that was read, or not as it was read. */
export const changed = 'it has changed since it was read; it will be evaluated again';
/** What a JSON patch answers whose `test` is not true. */
const testFailed = 'the server rejected our request due to an error in our request';

/** A webhook may choose any status: what it denies, it denies. */
const denied = /admission webhook "[^"]*" denied the request|^.*ValidatingAdmissionPolicy '[^']*'.* denied request/s;
const undecidedStatuses = [401, 404, 408, 410, 425, 429];

function natureOf(status: number, message: string): Exclude<Refusal['is'], 'template'> {
  if (denied.test(message) || missingNamespace.test(message)) return 'refused';
  // Of fields that another version of the kind has in managedFields.
  if (status === 500 && /field not declared in schema$/.test(message)) return 'refused';
  if (status === 409 || message === testFailed || (status === 404 && / "[^"]*" not found$/.test(message)))
    return 'changed';
  if (undecidedStatuses.includes(status) || status >= 500 || dyingNamespace.test(message)) return 'passing';
  return 'refused';
}

const missingNamespace = /^namespaces "([^"]*)" not found$/;
const dyingNamespace = /unable to create new content in namespace (\S+) because it is being terminated/;

/** What is said of the template itself: fields that its kind does not have, values of other types. */
function problemIn(message: string): string | undefined {
  const typed = /^failed to create typed patch object \([^)]*\): (?:errors:)?(.*)$/s.exec(message)?.[1];
  if (typed !== undefined) return listed(typed.split('\n').map(typedProblem));
  const unfit =
    /^failed to convert new object \([^)]*\) to proper version: unable to convert unstructured object to [^:]*: (.*)$/s.exec(
      message,
    )?.[1] ??
    /^\w+ in version "[^"]*" cannot be handled as a \w+: (.*)$/s.exec(message)?.[1] ??
    // A patch that does not fit: the object is quoted whole before it.
    /^[^"]*"[^"]*" is invalid: patch: Invalid value: "(?:[^"\\]|\\.)*": (.*)$/s.exec(message)?.[1];
  return unfit === undefined ? undefined : decodingProblem(unfit);
}

function typedProblem(line: string): string {
  const [, path = '', said = line.trim()] = /^\s*\.?(\S*?): (.*)$/s.exec(line) ?? [];
  const at = path && `${path.replace(/\["?\]/g, '')}: `;
  if (said === 'field not declared in schema') return `${at}unknown field`;
  const duplicate = /^duplicate entries for key \[=?(.*)\]$/.exec(said)?.[1];
  if (duplicate !== undefined) return `${at}has two items with ${duplicate}; an apply merges them`;
  const expected = /^expected (.*?), got /s.exec(said)?.[1];
  return expected === undefined ? `${at}${plain(said)}` : `${at}must be ${typeNamed(expected)}`;
}

function decodingProblem(said: string): string {
  const strict = /^strict decoding error: (.*)$/s.exec(said)?.[1];
  if (strict !== undefined)
    return listed(
      strict
        .split(/, (?=unknown field|duplicate field)/)
        .map((one) =>
          one
            .replace(/^unknown field "(.*)"$/, '$1: unknown field')
            .replace(/^duplicate field "(.*)"$/, '$1: appears twice'),
        ),
    );
  const [, found, field, type] =
    /^json: cannot unmarshal (\S+).* into Go struct field [^.]*\.(\S+) of type (.*)$/s.exec(said) ?? [];
  if (found && field && type) return `${field}: must be ${typeNamed(type)}`;
  if (/^quantities must match/.test(said)) return 'a quantity is invalid; write it like 100m or 1Gi';
  if (/illegal base64/.test(said)) return 'data is not base64; move plain text to `stringData`';
  const time = /^parsing time ("[^"]*")/.exec(said)?.[1];
  if (time) return `${time} is not a valid time; write it like 2030-01-31T00:00:00Z`;
  if (/^cannot convert float/.test(said)) return 'a number must be an integer';
  return plain(said);
}

function elsewhere(is: Refusal['is'], status: number, message: string): string {
  const failure = webhookFailure(message);
  if (failure !== undefined) return failure;
  const dry = /admission webhook "([^"]*)" does not support dry run/.exec(message)?.[1];
  if (dry !== undefined)
    return `the webhook ${dry} does not declare \`sideEffects: None\`, so a dry run is not possible`;
  const namespace = missingNamespace.exec(message)?.[1];
  if (namespace !== undefined) return `namespace ${namespace} does not exist; create it`;
  const dying = dyingNamespace.exec(message)?.[1];
  if (dying !== undefined) return `namespace ${dying} is being deleted`;
  if (status === 503) return `its API is not available (503 ${message}); check \`kubectl get apiservices\``;
  if (is === 'passing') return `the apiserver did not decide (${status} ${plain(message)}); it will be asked again`;
  return `the apiserver would refuse the correction: ${plain(message)}`;
}

/** Without what only those understand who know the code of the apiserver. */
function plain(said: string): string {
  return said
    .replace(/,? ?regex used for validation is '[^']*'/g, '')
    .replace(/&?[\w.]*value(?:Unstructured|\.\w+)?\{[^}]*\}/g, 'another value')
    .replace(/&?\{map\[[^\]]*\]\}/g, 'an object')
    .replace(/json: |strconv\.\w+: /g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function typeNamed(type: string): string {
  return types.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}

function listed(problems: readonly string[]): string {
  return problems.filter(Boolean).join('; ');
}
