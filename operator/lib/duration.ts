/** Durations as Go writes them and Kubernetes stores them: `1h30m`, `1m0s`, `-1.5h`, `250ms`, `0`. */

const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  // Go reads both letters that look like a µ: the micro sign and the Greek one.
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const longest = 2n ** 63n - 1n;
/** No duration that Go writes is as long; longer text would only cost time. */
const longestText = 128;
const part = /([0-9]*)(?:\.([0-9]*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;

/** Nanoseconds, exact; undefined for text that is no duration, or one beyond what Go holds (292 years). */
export function parseDuration(text: string): bigint | undefined {
  if (text.length > longestText) return undefined;
  const isNegative = text.startsWith('-');
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  if (unsigned === '0') return 0n;
  if (unsigned === '') return undefined;
  let sum = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < unsigned.length) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(unsigned) ?? [];
    if (whole === '' && fraction === '') return undefined;
    const size = nanoseconds[unit] ?? 0n;
    sum += BigInt(whole || 0) * size + (BigInt(fraction || 0) * size) / 10n ** BigInt(fraction.length);
  }
  if (sum > longest) return undefined;
  return isNegative ? -sum : sum;
}
