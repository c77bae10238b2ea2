/** The table of mounts: which of them a path really leads to. Pure. */

export interface Mounted {
  /** Of it, what `mount` changes name as seen. */
  readonly seen: string;
  readonly root: string;
  readonly type: string;
  readonly source: string;
  /** Of the mount itself. */
  readonly flags: readonly string[];
  /** Of the file system. */
  readonly superOptions: readonly string[];
}

interface Entry extends Mounted {
  readonly id: string;
  readonly parent: string;
  readonly path: string;
}

/**
 * The mount at a path: from the root on, at each mount the first one on the way is entered, the topmost where several lie on each other. One below a
 * path that another covers is not reached. Throws when a line is odd.
 */
export function mountedAt(path: string, lines: readonly string[]): Mounted | undefined {
  const entries = lines.map(entryOf);
  const ids = new Set(entries.map(({ id }) => id));
  let here =
    entries.find((entry) => entry.path === '/' && !ids.has(entry.parent)) ??
    entries.find((entry) => entry.path === '/');
  if (!here) throw new Error('the mount table has no root');
  for (const visited = new Set([here.id]); ;) {
    const next: Entry | undefined = entries
      .filter(({ id, parent }) => parent === here?.id && !visited.has(id))
      .sort((a, b) => a.path.length - b.path.length)[0];
    if (!next) break;
    visited.add(next.id);
    here = next;
  }
  return here.path === path ? here : undefined;
}

function entryOf(line: string): Entry {
  const [own = '', rest = ''] = line.split(/ - (.*)/s);
  const [id, parent, , root, path, flags] = own.split(' ');
  const [type, source, superOptions] = rest.split(' ');
  if (!id || !parent || !root || !path || !flags || !type || source === undefined || superOptions === undefined)
    throw new Error('the mount table has an unexpected line');
  return {
    id,
    parent,
    path: unescapeOctal(path),
    seen: `${root} ${flags} ${type} ${source} ${superOptions}`,
    root: unescapeOctal(root),
    type: unescapeOctal(type),
    source: unescapeOctal(source),
    flags: flags.split(','),
    superOptions: splitOptions(unescapeOctal(superOptions)),
  };
}

/** Options at commas, but for those in quotes. */
export function splitOptions(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map((option) => option.replaceAll('"', ''));
}

/** The tables of mounts have blanks and backslashes in octal. */
export function escapeOctal(text: string): string {
  return text.replace(/[\\ ]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** systemd has no longer names of units. */
export const longestUnit = 255;

/** The unit of systemd for a path, as `systemd-escape --path` names it. */
export function unitOf(path: string): string {
  const escaped = Buffer.from(path.replace(/^\//, '')).reduce((name, byte, at) => {
    const character = String.fromCharCode(byte);
    if (character === '/') return `${name}-`;
    const isPlain = /[A-Za-z0-9:_]/.test(character) || (character === '.' && at > 0);
    return name + (isPlain ? character : `\\x${byte.toString(16).padStart(2, '0')}`);
  }, '');
  return `${escaped}.mount`;
}
