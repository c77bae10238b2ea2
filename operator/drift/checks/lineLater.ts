/**
 * Lines of files that others are read after, of which the last word counts: units and their drop-ins (systemd.unit(5)), NetworkManager.conf(5),
 * crio.conf.d(5), containers.conf(5), sssd.conf(5), and cloud.cfg with cloud.cfg.d of cloud-init. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { otherLine, type LineReader } from './effect.ts';
import { dropInsOf } from './settingReading.ts';
import type { ToldFile, ToldLine } from './toldLines.ts';
import { addsUpInUnits, foldersAfter } from './settingFolders.ts';

interface Set {
  readonly key: string;
  readonly value: string;
}

const advice =
  'the last file that sets it decides: change or remove the line that it is set in, or declare this line in a file whose name comes later';

export const laterFiles: LineReader = {
  reads: ({ path, line }) => foldersAfter(path).length > 0 && settingOf(line) !== undefined,
  asked: ({ path, line }) => ({ words: [settingOf(line)?.key ?? ''], folders: foldersAfter(path) }),
  effect(declared, { files }) {
    const [own] = files;
    const wanted = settingOf(declared.line);
    const line = own?.lines.findLast(({ text }) => text.replace(/\r$/, '') === declared.line);
    if (!own || !wanted || !line) return undefined;
    const section = sectionAt(own, line);
    const all = [own, ...after(declared, files)].flatMap((file) =>
      file.lines
        .filter((one) => (file !== own || one.number > line.number) && sectionAt(file, one) === section)
        .flatMap((one) => {
          const found = settingOf(one.text);
          return found?.key === wanted.key ? [{ file, line: one, value: found.value }] : [];
        }),
    );
    const adds = addsUpInUnits.test(wanted.key);
    const counts = adds ? all.findLast(({ value }) => value === '') : all.at(-1);
    if (!counts || plain(counts.value) === plain(wanted.value)) return undefined;
    return otherLine(declared.line, counts.file, counts.line, advice);
  },
};

/** The files that are read after the one of the line. */
function after({ path }: LineCheck, files: readonly ToldFile[]): readonly ToldFile[] {
  const all = dropInsOf(files.slice(1));
  return all.slice(all.findIndex((file) => file.path === path) + 1);
}

function sectionAt({ lines }: ToldFile, { number }: ToldLine): string {
  return lines.findLast((one) => one.number < number && /^\s*\[/.test(one.text))?.text.trim() ?? '';
}

function settingOf(text: string): Set | undefined {
  const [, key, value = ''] = /^\s*([^\s=#;[]+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  return key === undefined ? undefined : { key, value };
}

function plain(value: string): string {
  if (/^(yes|true|on|1)$/i.test(value)) return 'yes';
  return /^(no|false|off|0)$/i.test(value) ? 'no' : value;
}

const cloud = { main: '/etc/cloud/cloud.cfg', folder: '/etc/cloud/cloud.cfg.d' };
/** A scalar at the top level: `disable_root: true`. */
const scalar = /^([a-z_]+):\s+([^\s#&*!|>[{][^#]*?)\s*(?:#.*)?$/;

export const cloudInit: LineReader = {
  reads: ({ path, line }) => (path === cloud.main || path.startsWith(`${cloud.folder}/`)) && scalar.test(line),
  asked: ({ line }) => ({ words: [`${scalar.exec(line)?.[1] ?? ''}:`], folders: [cloud.folder] }),
  effect(declared, { files }) {
    const [, key, value = ''] = scalar.exec(declared.line) ?? [];
    const later = after(declared, files).flatMap((file) =>
      file.lines.filter(({ text }) => text.startsWith(`${key ?? ''}:`)).map((line) => ({ file, line })),
    );
    const counts = later.at(-1);
    if (!counts || plain(scalar.exec(counts.line.text)?.[2] ?? '') === plain(value)) return undefined;
    return otherLine(declared.line, counts.file, counts.line, advice);
  },
};
