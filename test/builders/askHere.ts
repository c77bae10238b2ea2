/** Asks this machine, by the script of a check type, what the type asks a host: under the real `sh`, with real commands. */
import { spawnSync } from 'node:child_process';
import type { CheckKey, CheckType, Comparison, Declared, Difference } from '../../operator/drift/checks/checkType.ts';

export type Answer = { answer: string } | { cannot: string };

export interface AskOptions {
  /** Shell functions that stand in for commands of a host that is not like this one, or behaves oddly. */
  instead?: string;
  /** Asks without root's rights, which this process may have. */
  asNobody?: boolean;
}

const prelude = `
US=$(printf '\\037')
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
set -f
frame() { printf '%s\\037%s\\037%s\\n%s\\n' "$1" "$2" "\${#3}" "$3"; }
answer() { frame "$1" o "$2"; }
cannot() { frame "$1" x "$2"; }
`;
const nobody = { uid: 65_534, gid: 65_534 };

/** The answers to the declarations, in their order. */
export function askHere<K extends CheckKey>(
  type: CheckType<K, unknown>,
  declarations: readonly Declared<K>[],
  { instead = '', asNobody = false }: AskOptions = {},
): Answer[] {
  const script = `${prelude}${instead}\nprobe() {\n${type.script}\n}\nprobe ${declarations.length}\n`;
  const input = declarations.map((declared, index) => `${[index, ...type.request(declared)].join('\x1f')}\n`).join('');
  const rights = asNobody && process.getuid?.() === 0 ? nobody : {};
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { input, timeout: 20_000, cwd: '/', ...rights });
  if (status !== 0 || stderr.length) throw new Error(`the script ended with ${status}: ${stderr.toString()}`);
  return framesOf(stdout, declarations.length);
}

/** What the type says of this machine, as one line for each declaration: `pass`, the differences, or why it is unknown. */
export function judgeHere<K extends CheckKey>(
  type: CheckType<K, unknown>,
  declarations: readonly Declared<K>[],
  options?: AskOptions,
): string[] {
  return askHere(type, declarations, options).map((answer, index) => {
    const declared = declarations[index] as Declared<K>;
    if ('cannot' in answer) return `unknown: ${answer.cannot}`;
    return inWords(type.compare(declared, type.parse(answer.answer, declared), conceal));
  });
}

/** A comparison as one line. */
export function inWords(comparison: Comparison): string {
  if (comparison.is === 'unknown') return `unknown: ${comparison.message}`;
  const words = comparison.differences.map(
    ({ path, expected, actual }: Difference) => `${path} is ${actual}, not ${expected}`,
  );
  return words.join('; ') || 'pass';
}

/** Conceals as the operator does, but so that a test can tell what was concealed. */
export function conceal(text: string): string {
  return `hmac:${text.slice(0, 8)}`;
}

function framesOf(output: Buffer, count: number): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf('\n', at);
    const [index, status, length] = output.subarray(at, end).toString().split('\x1f');
    const text = output.subarray(end + 1, end + 1 + Number(length)).toString();
    if (Number(index) in answers) throw new Error(`request ${index} was answered twice`);
    answers[Number(index)] = status === 'o' ? { answer: text } : { cannot: text };
    at = end + 2 + Number(length);
  }
  if (Object.keys(answers).length !== count)
    throw new Error(`${Object.keys(answers).length} of ${count} were answered`);
  return answers;
}
