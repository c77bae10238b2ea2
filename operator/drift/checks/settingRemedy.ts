/** Where and how a setting is written so that it counts, or taken out. Pure. */
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import { changes, manual, type Change, type LineEdit, type Remedy } from './change.ts';
import type { Format } from './settingFormats.ts';
import { hasForm } from './settingForms.ts';
import { whyNotLarger } from './settingPairs.ts';
import { whyNoLiteral } from './settingReaders.ts';
import { inOrder, isKey, nameOf, readLine, sectionsOf, type Occurrence } from './settingReading.ts';
import { holds } from './settingValues.ts';
import type { Told, ToldFile, ToldLine } from './toldLines.ts';

/** `section` with its default. */
export type Wanted = SettingCheck & { readonly section?: string };

export function remedyFor(
  format: Format,
  declared: Wanted,
  { files, folders }: Told,
  all: readonly Occurrence[],
): Remedy {
  const main = files[0];
  const argument = all.find(
    (one) => one.isArgument && (declared.state === 'Absent' || holds(format, declared, one.value) !== true),
  );
  if (argument)
    return manual(
      `line ${argument.line.number} of ${argument.file.path} passes it to the module as an argument: remove it there, with authselect if the host uses it`,
    );
  const occurrences = all.filter((one) => !one.isArgument);
  if (!main) return manual('check the file manually');
  if (declared.state === 'Absent') return takeOut(declared, occurrences);
  const text = written(format, declared, separatorFor(format, declared, main));
  if (!text)
    return manual(
      `this value cannot be written to ${declared.path} as one line that ${format.reader} understands: set it manually`,
    );
  if (format.form !== undefined && !hasForm(format.form, text))
    return manual(
      `${format.reader} does not understand \`${text}\` and would read no more of ${declared.path}: check \`key\` and \`value\``,
    );
  if (format.known && !format.known.test(declared.key))
    return manual(`${format.reader} does not know ${declared.key}, and would not start with it: check \`key\``);
  const noLiteral = whyNoLiteral(declared);
  if (noLiteral !== undefined) return manual(noLiteral);
  const tooSmall = whyNotLarger(format, declared, files);
  if (tooSmall !== undefined) return manual(tooSmall);
  const counts = occurrences.at(-1);
  const conflicting = format.isStrict || format.addsUp?.test(declared.key) ? undefined : counts;
  if (format.isStrict && counts) {
    const others = occurrences.slice(0, -1).filter(({ file }) => file === counts.file);
    return edit(declared, counts.file, [...replaced(format, declared, counts, text), ...others.flatMap(dropped)]);
  }
  if (conflicting?.isShared) return edit(declared, conflicting.file, [{ line: conflicting.line.number, put: [text] }]);
  if (conflicting && isOurs(conflicting.file)) {
    const others = occurrences.slice(0, -1).filter(({ file, isShared }) => file === conflicting.file && !isShared);
    return edit(declared, conflicting.file, [
      ...replaced(format, declared, conflicting, text),
      ...others.flatMap(dropped),
    ]);
  }
  if (conflicting || (main.seen === 'absent' && format.dropIn))
    return addDropIn(format, declared, { files, folders }, text);
  if (main.seen === 'absent' && !format.made?.test(main.path))
    return manual(
      `${main.path} does not exist: install the package that provides it, or create it with a check of type \`file\``,
    );
  return edit(declared, main, addition(format, declared, main, text));
}

/** Files below /etc are the administrator's; those of packages and of /run are written anew by others. */
function isOurs({ path }: ToldFile): boolean {
  return path.startsWith('/etc/');
}

function takeOut(declared: Wanted, occurrences: readonly Occurrence[]): Remedy {
  const foreign = occurrences.find(({ file, isShared }) => !isOurs(file) || isShared);
  if (foreign)
    return manual(
      foreign.isShared
        ? `line ${foreign.line.number} of ${foreign.file.path} sets more than this: change it manually`
        : `it is set in ${foreign.file.path}, which administrators must not edit: mask that file with one of the same name below /etc`,
    );
  const files = [...new Set(occurrences.map(({ file }) => file))];
  return changes(
    ...files.map((file) => change(declared, file, occurrences.filter((one) => one.file === file).flatMap(dropped))),
  );
}

function edit(declared: Wanted, file: ToldFile, edits: readonly LineEdit[]): Remedy {
  if (file.seen.startsWith('l:'))
    return manual(
      `${file.path} is a symbolic link, and Holdfast does not write through links: declare the file that it points to`,
    );
  return changes(change(declared, file, edits));
}

function change(declared: Wanted, { path, seen }: ToldFile, edits: readonly LineEdit[]): Change {
  return { do: 'file', path, seen, edits, ...notifyOf(declared) };
}

function notifyOf({ notify }: Wanted): Pick<Change, 'notify'> {
  return notify ? { notify: [{ unit: notify.unit, action: notify.action ?? 'try-reload-or-restart' }] } : {};
}

function dropped({ line, more }: Occurrence): LineEdit[] {
  return [line, ...more].map(({ number }) => ({ line: number, drop: true as const }));
}

/** The line with another value: indentation, separator and a comment behind it stay where its reader then still reads it right. */
function replaced(format: Format, declared: Wanted, { line, more }: Occurrence, plain: string): LineEdit[] {
  const [from, to] = format.line.exec(line.text)?.indices?.groups?.['value'] ?? [0, 0];
  const value = quoted(format, declared.value ?? '');
  const kept = `${line.text.slice(0, from)}${value}${line.text.slice(to)}`.trimEnd();
  const hasItsForm = format.form === undefined || hasForm(format.form, kept);
  const isReadable =
    to > from && hasItsForm && (format.isQuoted || !kept.includes('"')) && reads(format, declared, kept);
  const indented = `${/^[ \t]*/.exec(line.text)?.[0] ?? ''}${plain}`;
  const text = isReadable ? kept : indented;
  const end = line.text.endsWith('\r') ? '\r' : '';
  const below = more.map(({ number }) => ({ line: number, drop: true as const }));
  return [{ line: line.number, drop: true, put: [`${text}${end}`] }, ...below];
}

/** The line as it is written where there is none; nothing when its reader would read something else in it. */
function written(format: Format, declared: Wanted, separator: string): string | undefined {
  const { key, value } = declared;
  // What a name alone means, and whether its reader takes one, differs.
  if (value === undefined && format.isStrict) return undefined;
  const text = value === undefined ? key : `${key}${separator}${quoted(format, value)}`;
  return reads(format, declared, text) ? text : undefined;
}

/** What stands between key and value: where readers may take only one form of it, as the file has it. */
function separatorFor(format: Format, declared: Wanted, file: ToldFile): string {
  if (!format.isStrict) return format.separator;
  const example = exampleLine(format, declared, file, everywhere);
  const separator = example ? betweenOf(example.text) : file.separator;
  if (!separator) return format.separator;
  return separator.includes('=') ? separator.replace(/[ \t]+/g, ' ') : separator.includes('\t') ? '\t' : ' ';
}

function betweenOf(text: string): string | undefined {
  return /^[ \t#;]*[^ \t=]+([ \t]*=[ \t]*|[ \t]+)[^ \t=]/.exec(text)?.[1];
}

function reads(format: Format, declared: Wanted, text: string): boolean {
  const read = readLine(format, text);
  if (!read || isKey(format, declared.key, read.key) !== true) return false;
  const value = format.isQuoted ? read.value.replace(/^"([^"$`\\]*)"$/, '$1') : read.value;
  return holds(format, declared, value) === true && !/\\\s*$/.test(text);
}

function quoted(format: Format, value: string): string {
  return format.isQuoted && !/^[A-Za-z0-9_.,:/@%+=^-]+$/.test(value) ? `"${value}"` : value;
}

/** After a commented example of the key, else at the end of its section, else in a section of its own at the end. */
function addition(format: Format, declared: Wanted, file: ToldFile, text: string): LineEdit[] {
  if (!format.header || declared.section === undefined) {
    const first = format.header ? sectionsOf(format, file)[0]?.number : undefined;
    const example = exampleOf(format, declared, file, { ...everywhere, to: first ?? Infinity });
    if (example !== undefined) return [{ line: example, put: [text] }];
    return first === undefined ? [atEnd(format, file, [text])] : [{ line: first - 1, put: [text] }];
  }
  const headers = sectionsOf(format, file);
  const at = headers.findLastIndex(({ name }) => name === declared.section);
  const header = headers[at];
  if (!header) return [atEnd(format, file, [`[${declared.section}]`, text])];
  const next = headers[at + 1]?.number;
  const example = exampleOf(format, declared, file, { from: header.number, to: next ?? Infinity });
  if (example !== undefined) return [{ line: example, put: [text] }];
  if (next === undefined && format.goesOn !== 'indented') return [atEnd(format, file, [text])];
  return [{ line: header.number, put: [text] }];
}

/** A last line that goes on is ended first. */
function atEnd({ goesOn }: Format, { endsJoined }: ToldFile, put: readonly string[]): LineEdit {
  return { line: -1, put: goesOn === 'backslash' && endsJoined ? ['', ...put] : put };
}

/** Lines between two, without them. */
interface Between {
  readonly from: number;
  readonly to: number;
}

const everywhere: Between = { from: 0, to: Infinity };

/** A commented example of the key, the last one. */
function exampleLine(format: Format, { key }: Wanted, file: ToldFile, { from, to }: Between): ToldLine | undefined {
  return file.lines.findLast(({ number, text, isJoined, isMore }) => {
    if (number <= from || number >= to || isJoined || isMore || !/^[ \t]*[#;]/.test(text)) return false;
    // Where blanks separate, prose looks like an example but for the blank behind its sign.
    const example = /^[ \t]*[#;]+(?<blank>[ \t]*)(?<text>.*)$/.exec(text)?.groups;
    if (example?.['blank'] && format.separator === ' ') return false;
    return readLine(format, example?.['text'] ?? '')?.key === key;
  });
}

/** Below which line a setting can stand. */
function exampleOf(format: Format, declared: Wanted, file: ToldFile, between: Between): number | undefined {
  // What goes on below a comment would go on below the new line.
  return format.goesOn === 'indented' ? undefined : exampleLine(format, declared, file, between)?.number;
}

function addDropIn(format: Format, declared: Wanted, { files, folders }: Told, text: string): Remedy {
  const folder = format.folders?.(declared.path)[0];
  const last = inOrder(format, files).at(-1);
  if (!folder || !format.dropIn)
    return manual(`it is set in ${last?.path ?? declared.path}, which administrators must not edit`);
  const path = `${folder}/${format.dropIn}`;
  const winner = last && /\.d\/[^/]+$/.test(last.path) ? nameOf(last.path) : '';
  if (winner >= format.dropIn)
    return manual(
      `it is set in ${last?.path ?? ''}, which is read after any file that Holdfast would add: mask it with a file of the same name in ${folder}`,
    );
  if (files.some((file) => file.path === path)) return manual(`${path} already exists: check why it has no effect`);
  const header = format.header && declared.section !== undefined ? [`[${declared.section}]`] : [];
  const content = [...header, text, ''].join('\n');
  return changes(folders.includes(folder) ? undefined : { do: 'folder', path: folder, seen: 'absent', mode: '755' }, {
    do: 'file',
    path,
    seen: 'absent',
    content,
    mode: '644',
    ...notifyOf(declared),
  });
}
