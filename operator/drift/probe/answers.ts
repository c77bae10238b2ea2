/**
 * Reads what the script printed, strictly: an answer that is cut, doubled, out of range, or not of this very request makes the whole
 * look unreadable. Noise before the first frame, such as a banner, is passed over. Pure; never throws.
 */
export type Answer = { readonly is: 'ok' | 'error'; readonly text: string };
export type Answers = { readonly is: 'complete'; readonly answers: ReadonlyMap<number, Answer> } | { readonly is: 'broken'; readonly message: string };

const lineEnd = 0x0a;
const longestHead = 64;

export function readAnswers(output: Buffer, nonce: string, count: number): Answers {
  const begin = Buffer.from(`B\x1f${nonce}\n`);
  const at = output.indexOf(begin);
  if (at < 0 || (at > 0 && output[at - 1] !== lineEnd)) return broken('it did not begin');
  const answers = new Map<number, Answer>();
  let position = at + begin.length;
  for (;;) {
    const end = output.indexOf(lineEnd, position);
    if (end < 0 || end - position > longestHead) return broken('it ended early');
    const head = output.toString('latin1', position, end).split('\x1f');
    position = end + 1;
    if (head[0] === 'Z') return conclude(head, nonce, count, answers, output.length - position);
    const frame = frameOf(head, count, answers);
    if (typeof frame === 'string') return broken(frame);
    if (position + frame.bytes >= output.length || output[position + frame.bytes] !== lineEnd) return broken('it ended early');
    answers.set(frame.index, { is: frame.is, text: output.toString('utf8', position, position + frame.bytes) });
    position += frame.bytes + 1;
  }
}

function frameOf(head: readonly string[], count: number, seen: ReadonlyMap<number, unknown>): { index: number; is: Answer['is']; bytes: number } | string {
  const [word, index = '', status, bytes = ''] = head;
  if (head.length !== 4 || word !== 'A' || !/^[0-9]{1,6}$/.test(index) || !/^[0-9]{1,9}$/.test(bytes)) return 'it has a line that is no frame';
  if (Number(index) >= count) return 'it answers what was not asked';
  if (seen.has(Number(index))) return 'it answers one request twice';
  if (status !== 'o' && status !== 'x') return 'it has a frame of an unknown kind';
  return { index: Number(index), is: status === 'o' ? 'ok' : 'error', bytes: Number(bytes) };
}

function conclude(head: readonly string[], nonce: string, count: number, answers: ReadonlyMap<number, Answer>, rest: number): Answers {
  if (head.length !== 3 || head[1] !== nonce || Number(head[2]) !== answers.size) return broken('its end does not fit its beginning');
  if (answers.size !== count) return broken(`it answers ${answers.size} of ${count} requests`);
  if (rest > 0) return broken('it goes on after its end');
  return { is: 'complete', answers };
}

function broken(why: string): Answers {
  return { is: 'broken', message: `the answer of the host cannot be used: ${why}` };
}
