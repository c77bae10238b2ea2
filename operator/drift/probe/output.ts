/**
 * Reads what the script printed, strictly: an answer that is cut, doubled, out of range, or not to this very request makes the whole
 * look unreadable. Noise before the first frame, such as a banner, is passed over. Pure; never throws.
 */
import type { Asked } from './requests.ts';

export type CheckOutput = { readonly is: 'ok' | 'error'; readonly text: string };
export type ProbeOutput =
  /** By the index of the request. One that the host did not answer has none. */
  | { readonly is: 'complete'; readonly answers: ReadonlyMap<number, CheckOutput> }
  | { readonly is: 'broken'; readonly message: string };

const lineEnd = 0x0a;
const longestHead = 64;
const separator = '\x1f';

export function readOutput(output: Buffer, asked: Asked): ProbeOutput {
  const begin = Buffer.from(`B${separator}${asked.nonce}\n`);
  const at = output.indexOf(begin);
  if (at < 0) return broken('its beginning is missing');
  const answers = new Map<number, CheckOutput>();
  for (let position = at + begin.length; ;) {
    const end = output.subarray(0, position + longestHead).indexOf(lineEnd, position);
    if (end < 0)
      return broken(output.length - position < longestHead ? 'it ends early' : 'it has a line that is not a frame');
    const head = output.toString('latin1', position, end).split(separator);
    position = end + 1;
    if (head[0] === 'Z') return conclude(head, asked, answers, output.length - position);
    const frame = frameOf(head, asked.requests, answers);
    if (typeof frame === 'string') return broken(frame);
    if (output.length <= position + frame.bytes) return broken('it ends early');
    if (output[position + frame.bytes] !== lineEnd) return broken('a frame does not have the length that it states');
    answers.set(frame.index, outputOf(frame.is, output.subarray(position, position + frame.bytes)));
    position += frame.bytes + 1;
  }
}

interface Frame {
  readonly index: number;
  readonly is: CheckOutput['is'];
  readonly bytes: number;
}

function frameOf(head: readonly string[], requests: number, seen: ReadonlyMap<number, unknown>): Frame | string {
  const [word, index = '', status, bytes = ''] = head;
  if (head.length !== 4 || word !== 'A' || !isNumber(index) || !isNumber(bytes))
    return 'it has a line that is not a frame';
  if (Number(index) >= requests) return 'it answers a request that was not made';
  if (seen.has(Number(index))) return 'it answers one request twice';
  if (status !== 'o' && status !== 'x') return 'it has a frame of an unknown type';
  return { index: Number(index), is: status === 'o' ? 'ok' : 'error', bytes: Number(bytes) };
}

function isNumber(text: string): boolean {
  return /^(0|[1-9][0-9]{0,8})$/.test(text);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text that is not UTF-8 would be read as what it is not, so it is not read. */
function outputOf(is: CheckOutput['is'], bytes: Buffer): CheckOutput {
  try {
    return { is, text: strict.decode(bytes) };
  } catch {
    return { is: 'error', text: 'the response of the host is not valid UTF-8' };
  }
}

function conclude(
  head: readonly string[],
  asked: Asked,
  answers: ReadonlyMap<number, CheckOutput>,
  rest: number,
): ProbeOutput {
  if (head.length !== 3 || head[1] !== asked.nonce) return broken('its last line does not match its first');
  if (head[2] !== `${asked.types}`) return broken(`it answers ${head[2]} of ${asked.types} types of checks`);
  if (rest > 0)
    return broken('other output follows it; check what the login shell runs on exit, such as ~/.bash_logout');
  return { is: 'complete', answers };
}

function broken(why: string): ProbeOutput {
  return { is: 'broken', message: `the response of the host cannot be used: ${why}` };
}
