/** The named formats of Kubernetes: what is wrong with a text, in Kubernetes' own words. Pure. */
import type { Functions, Spend } from './overload.ts';
import { Opaque, Optional, type Value } from './value.ts';
import { urlProblem } from './url.ts';

/** Undefined, or what is wrong, of a text that was paid for. */
type Problems = (text: string) => readonly string[];

const label1123: Rule = {
  form: '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  longest: 63,
  words:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
};
const subdomain1123: Rule = {
  form: `${label1123.form}(\\.${label1123.form})*`,
  longest: 253,
  words:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
};
const label1035: Rule = {
  form: '[a-z]([-a-z0-9]*[a-z0-9])?',
  longest: 63,
  words:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ['my-name', 'abc-123'],
};
const keyName: Rule = {
  form: '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  longest: 63,
  words:
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ['MyName', 'my.name', '123-abc'],
};
const labelValue: Rule = {
  form: `(${keyName.form})?`,
  longest: 63,
  words:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ['MyValue', 'my_value', '12345'],
};

const all: Readonly<Record<string, Problems>> = {
  dns1123Label: problemsBy(label1123),
  dns1123Subdomain: problemsBy(subdomain1123),
  dns1035Label: problemsBy(label1035),
  qualifiedName,
  dns1123LabelPrefix: (text) => problemsBy(label1123)(withEnd(text)),
  dns1123SubdomainPrefix: (text) => problemsBy(subdomain1123)(withEnd(text)),
  dns1035LabelPrefix: (text) => problemsBy(label1035)(withEnd(text)),
  labelValue: problemsBy(labelValue, 'bytes'),
  uri: (text) => {
    const problem = urlProblem(text);
    return problem === undefined ? [] : [`parse ${JSON.stringify(text)}: ${problem}`];
  },
  uuid: only('does not match the UUID format', (text) =>
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  ),
  byte: only('invalid base64', (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)),
  date: only('invalid date', isDate),
  datetime: only('invalid datetime', isDateTime),
};

export const formats: Functions = {
  'format.named': [
    {
      takes: ['string'],
      gives: 'optional_type(kubernetes.NamedFormat)',
      run: (_, name: string) => new Optional(Object.hasOwn(all, name) ? format(name) : undefined),
    },
  ],
  ...Object.fromEntries(
    Object.keys(all).map((name) => [
      `format.${name}`,
      [{ takes: [], gives: 'kubernetes.NamedFormat', run: () => format(name) }],
    ]),
  ),
  '.validate': [
    {
      takes: ['kubernetes.NamedFormat', 'string'],
      gives: 'optional_type(list(string))',
      run(spend: Spend, { canonical }: Opaque, text: string): Value {
        spend(text.length);
        const problems = all[String(canonical)]!(text);
        return new Optional(problems.length === 0 ? undefined : problems);
      },
    },
  ],
};

function format(name: string): Opaque {
  return new Opaque('kubernetes.NamedFormat', name, name);
}

/** A form that a text must have, and a length. */
interface Rule {
  readonly form: string;
  readonly longest: number;
  readonly words: string;
  readonly examples: readonly string[];
}

function problemsBy(rule: Rule, unit = 'characters', before = ''): Problems {
  const pattern = new RegExp(`^${rule.form}$`);
  return (text) => [
    ...(Buffer.byteLength(text) > rule.longest ? [`${before}must be no more than ${rule.longest} ${unit}`] : []),
    ...(pattern.test(text) ? [] : [`${before}${described(rule)}`]),
  ];
}

function described({ words, examples, form }: Rule): string {
  return `${words} (e.g. ${examples.map((one) => `'${one}', `).join(' or ')}regex used for validation is '${form}')`;
}

function qualifiedName(text: string): readonly string[] {
  const parts = text.split('/');
  if (parts.length > 2)
    return [
      `a valid label key ${described(keyName)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const name = parts.at(-1)!;
  const prefix = parts.length === 2 ? parts[0]! : undefined;
  return [
    ...(prefix === '' ? ['prefix part must be non-empty'] : []),
    ...(prefix ? problemsBy(subdomain1123, 'bytes', 'prefix part ')(prefix) : []),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...problemsBy(keyName, 'bytes', 'name part ')(name),
  ];
}

/** What is generated is longer than its prefix, which may therefore end with a hyphen. Kubernetes drops the character before it, too. */
function withEnd(text: string): string {
  return text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text;
}

function only(problem: string, isRight: (text: string) => boolean): Problems {
  return (text) => (isRight(text) ? [] : [problem]);
}

function isDate(text: string): boolean {
  const isForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text);
  const time = isForm ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // JavaScript takes February 30 for a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Any character may stand before the fraction, as in the pattern that Kubernetes uses. */
function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const parts = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/.exec(time);
  return isDate(date) && parts !== null && parts[1]! <= '23' && parts[2]! <= '59' && parts[3]! <= '59';
}
