/**
 * Versions of RPM packages, ordered as RPM orders them (rpm-version(7)): segments of digits and of letters in turn, `~` before
 * anything and even before the end, `^` after the end but before any further segment. Other characters only separate.
 */

/** `[epoch:]version[-release]` in its parts. */
export interface RpmVersion {
  readonly epoch: number;
  readonly version: string;
  /** Absent where any release will do. */
  readonly release?: string;
}

export function parseRpmVersion(text: string): RpmVersion {
  const [, epoch = '0', version = '', release] = /^(?:([0-9]+):)?([^-]*)(?:-(.*))?$/.exec(text) ?? [];
  return { epoch: Number(epoch), version, ...(release !== undefined && { release }) };
}

/** `1:2.0-3.el9`; the epoch 0 is left out, as RPM does. */
export function formatRpmVersion({ epoch, version, release }: RpmVersion): string {
  return `${epoch ? `${epoch}:` : ''}${version}${release === undefined ? '' : `-${release}`}`;
}

/** Negative, zero or positive as `a` is older than, as new as, or newer than `b`. Releases count when both have one. */
export function compareRpmVersions(a: RpmVersion, b: RpmVersion): number {
  return (
    a.epoch - b.epoch ||
    compareSegments(a.version, b.version) ||
    (a.release === undefined || b.release === undefined ? 0 : compareSegments(a.release, b.release))
  );
}

/** Compares two versions, or two releases, segment by segment. */
export function compareSegments(a: string, b: string): number {
  const left = segmentsOf(a);
  const right = segmentsOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareSegment(left[index], right[index]);
    if (order) return order;
  }
  return 0;
}

function segmentsOf(text: string): string[] {
  return text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegment(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  const order = rank(a) - rank(b);
  if (order) return order;
  const isNumber = rank(a) === numberRank;
  const [left, right] = [a ?? '', b ?? ''].map((text) => (isNumber ? text.replace(/^0+/, '') : text)) as [
    string,
    string,
  ];
  if (isNumber && left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

const numberRank = 4;

/** The kinds of segment, oldest first: `~`, the end, `^`, letters, digits. */
function rank(segment: string | undefined): number {
  if (segment === '~') return 0;
  if (segment === undefined) return 1;
  if (segment === '^') return 2;
  return /^[0-9]/.test(segment) ? numberRank : 3;
}
