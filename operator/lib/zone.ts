/**
 * Wall clocks of the world, by the IANA database that comes with Node. A wall time here is a number: the milliseconds that UTC
 * would count if its clock showed the same. Promises: right across every change of the clock, whatever its size; at most one
 * change within two days is assumed, as there is in every zone.
 */

const day = 86_400_000;
const second = 1000;
const mostDaysKept = 2000;

/** The clock of one zone. Instants are milliseconds since 1970. */
export interface Zone {
  readonly name: string;
  /** How far its clock is ahead of UTC, in milliseconds. */
  offsetAt(instant: number): number;
  /** The first instant at which the clock shows this wall time or a later one: of a time shown twice the first, of one skipped the first after. */
  firstShowing(wall: number): number;
  /** The latest wall time that the clock has shown up to an instant: in a repeated hour that is the end of its first pass. */
  latestShownBy(instant: number): number;
  /** `Sun 2026-11-29 02:00 Etc/UTC`; with seconds where there are any. */
  inWords(instant: number): string;
}

/** The offsets at the ends of a day of UTC, and when the one becomes the other. */
interface Day {
  readonly before: number;
  readonly after: number;
  readonly changesAt: number;
}

const zones = new Map<string, Zone>();
/** Of three letters, those of the database. */
const shortNames = 'CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' ');

/** The zone of that name; undefined when the database has none. */
export function zoneNamed(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known) return known;
  if (isOfNode(name)) return undefined;
  try {
    const zone = openZone(name);
    zones.set(name, zone);
    return zone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Names that Node knows and the database does not: to it, BST is in Bangladesh, and IST in India. */
function isOfNode(name: string): boolean {
  return (/^[A-Za-z]{3}$/.test(name) && !shortNames.includes(name.toUpperCase())) || /^SystemV\//i.test(name);
}

function openZone(name: string): Zone {
  const offset = offsetReader(name);
  const days = new Map<number, Day>();
  const dayOf = (instant: number): Day => {
    const index = Math.floor(instant / day);
    const known = days.get(index);
    if (known) return known;
    if (days.size >= mostDaysKept) days.clear();
    const read = readDay(index * day, offset);
    days.set(index, read);
    return read;
  };
  const offsetAt = (instant: number): number => {
    const { before, after, changesAt } = dayOf(instant);
    return instant < changesAt ? before : after;
  };
  /** The change between two instants whose offsets differ. */
  const changeBetween = (from: number, to: number): number => {
    for (let at = from; at < to + day; at += day) {
      const { changesAt } = dayOf(at);
      if (changesAt > from && changesAt <= to) return changesAt;
    }
    return to;
  };
  return {
    name,
    offsetAt,
    firstShowing(wall) {
      const before = offsetAt(wall - day);
      const after = offsetAt(wall + day);
      if (before === after) return wall - before;
      const change = changeBetween(wall - day, wall + day);
      return wall - before < change ? wall - before : Math.max(wall - after, change);
    },
    latestShownBy(instant) {
      const now = offsetAt(instant);
      const before = offsetAt(instant - day);
      if (before <= now) return instant + now;
      return Math.max(instant + now, changeBetween(instant - day, instant) + before - 1);
    },
    inWords: (instant) => `${wallInWords(instant + offsetAt(instant))} ${name}`,
  };
}

function readDay(start: number, offset: (instant: number) => number): Day {
  const before = offset(start);
  const after = offset(start + day);
  if (before === after) return { before, after, changesAt: Infinity };
  let [low, high] = [start, start + day];
  while (high - low > second) {
    const middle = low + Math.floor((high - low) / 2 / second) * second;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return { before, after, changesAt: high };
}

function offsetReader(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (instant) => {
    const [, sign, hours, minutes, seconds = '0'] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(instant)) ?? [];
    const size = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds)) * second;
    return sign === '-' ? -size : size;
  };
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

function wallInWords(wall: number): string {
  const date = new Date(wall);
  const [onDay = '', time = ''] = date.toISOString().split('T');
  return `${weekdays[date.getUTCDay()]} ${onDay} ${date.getUTCSeconds() ? time.slice(0, 8) : time.slice(0, 5)}`;
}
