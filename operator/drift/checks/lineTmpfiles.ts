/** Lines of files that others take the place of: of one name in a folder of more weight, or of one path in tmpfiles.d(5), where the first counts. Pure. */
import { otherLine, type LineReader } from './effect.ts';
import { dropInsOf } from './settingReading.ts';

const roots = ['/etc', '/run', '/usr/local/lib', '/usr/lib'];
const folders =
  /^(\/run|\/usr\/local\/lib|\/usr\/lib)\/((?:binfmt|environment|modprobe|modules-load|sysctl|sysusers|tmpfiles)\.d|udev\/rules\.d|systemd\/(?:system|user|network))\/[^/]+$/;

/** systemd.unit(5), tmpfiles.d(5), udev(7), …: of files of one name only that in the first folder is read. */
export const replaced: LineReader = {
  reads: ({ path }) => folders.test(path),
  asked: ({ path }) => ({ words: [], also: { paths: above(path) } }),
  effect({ path, line }, { files }) {
    const other = above(path)
      .map((one) => files.find((file) => file.path === one))
      .find((file) => file && (file.isMask || file.seen !== 'absent'));
    if (!other) return undefined;
    const advice = `${other.path} takes the place of ${path}: declare the line for that file, or remove it`;
    return {
      is: 'other',
      value: line,
      found: 'absent',
      place: ` (${other.path} is read instead)`,
      isPublic: true,
      advice,
    };
  },
};

/** The same file in the folders before it. */
function above(path: string): readonly string[] {
  const [, root = '', inside = ''] = folders.exec(path) ?? [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  return roots.slice(0, roots.indexOf(root)).map((one) => `${one}/${inside}/${name}`);
}

const tmpfilesFolders = roots.map((root) => `${root}/tmpfiles.d`);
/** What makes something at a path, of which systemd-tmpfiles takes one alone. */
const makes = /^\s*([fdDvqQpLcbC])[-+!=~^$]*\s+"?(\/[^\s"]*)"?(?:\s|$)/;

export const tmpfiles: LineReader = {
  reads: ({ path, line }) => /^\/etc\/tmpfiles\.d\/[^/]+\.conf$/.test(path) && makes.test(line),
  asked: ({ line }) => ({ words: [], text: literal(pathOf(line)), folders: tmpfilesFolders }),
  effect({ path, line }, { files }) {
    const wanted = pathOf(line);
    for (const file of dropInsOf(files.slice(1)))
      for (const one of file.lines) {
        if (pathOf(one.text) !== wanted) continue;
        if (file.path === path && one.text.trim() === line.trim()) return undefined;
        return otherLine(
          line,
          file,
          one,
          `the first line for ${wanted}, by the names of files, counts: change or remove that one`,
        );
      }
    return undefined;
  },
};

function pathOf(line: string): string {
  return makes.exec(line)?.[2]?.replace(/(.)\/+$/, '$1') ?? '';
}

/** As a regular expression of awk without braces. */
function literal(text: string): string {
  return text.replace(/[^A-Za-z0-9/_-]/g, (sign) =>
    sign === '{' || sign === '}'
      ? '.'
      : `[${sign === '^' ? '\\^' : sign === '\\' ? '\\\\' : sign === ']' ? '\\]' : sign}]`,
  );
}
