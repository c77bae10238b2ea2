/** Text as Python reads it: lines, white space, whole numbers. Pure. */

const blank = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const leading = new RegExp(`^[${blank}]+`);
const trailing = new RegExp(`[${blank}]+$`);

/** `str.splitlines()`. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** `str.strip()`; an end that is no blank is not searched for again at each blank before it. */
export function strip(text: string): string {
  const start = text.replace(leading, '');
  let end = start.length;
  while (end > 0 && trailing.test(start[end - 1] ?? '')) end -= 1;
  return start.slice(0, end);
}

/** `int(text)`; undefined where it raises, and for digits beyond ASCII. */
export function pythonInt(text: string): number | undefined {
  const plain = strip(text);
  return /^[-+]?\d+(_\d+)*$/.test(plain) ? Number(plain.replaceAll('_', '')) : undefined;
}
