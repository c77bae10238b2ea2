/** Compares what a page shows of a command with what it printed: but for spaces, ages, times, digests, addresses, and `…`, which stands for anything. Pure. */

const unlike: readonly (readonly [RegExp, string])[] = [
  // Names of hosts in pages; in a test bed, they have addresses instead.
  [/\b[\w-]+(\.[\w-]+)*\.example\.com\b/g, 'HOST'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, 'HOST'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g, 'TIME'],
  [/\b\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?\b/g, 'TIME'],
  [/\b\d{8}T\d{6}Z\b/g, 'TIME'],
  [/\bsha256:[0-9a-f]{8,64}\b/g, 'DIGEST'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{10,64}\b/g, 'DIGEST'],
  [/(?<![\w.-])(?:\d+(?:\.\d+)?(?:ms|[smhdy])){1,3}(?![\w-])/g, 'AGE'],
  [/\b\d+(?:\.\d+)? (?:ms|s|min|h|d|days?|hours?|minutes?|seconds?)\b/g, 'AGE'],
];

/** Without what differs each time. */
export function alike(text: string): string {
  const plain = unlike.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return plain
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '')
    .join('\n');
}

/** Whether that was printed, from its first line to its last. A line `…` stands for any lines, also none; `…` in a line for anything in it. */
export function isShown(shows: readonly string[], printed: string): boolean {
  const pattern = alike(shows.join('\n'))
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(literal).join('.*?')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${alike(printed)}\n`);
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
