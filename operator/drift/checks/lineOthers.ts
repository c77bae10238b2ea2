/**
 * Whether a line counts in a file that another check type knows better, as far as files alone show it: of sshd the first line does, and what an
 * Include names is read where the Include is; of sysctl.d the last one in the order of systemd; of SELinux the first; of the commands that
 * modprobe.d has for a module the first. What other programs make of a line stands in lineReaders.ts. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { fitsGlob } from '../../lib/wildcards.ts';
import { otherLine, type Effect } from './effect.ts';
import { readerOf } from './lineReaders.ts';
import { otherTypeFor } from './settingPaths.ts';
import { dropInsOf } from './settingReading.ts';
import { keywordOf, plain } from './sshLines.ts';
import type { AskedBesides, Told, ToldFile, ToldLine } from './toldLines.ts';

const sshd = { main: '/etc/ssh/sshd_config', folder: '/etc/ssh/sshd_config.d' };
const sysctl = {
  main: '/etc/sysctl.conf',
  folders: ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((root) => `${root}/sysctl.d`),
};
const modprobeFolders = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((root) => `${root}/modprobe.d`);
/** Lines of these add to each other. */
const addsUp =
  /^(acceptenv|allow(users|groups)|deny(users|groups)|hostcertificate|hostkey|listenaddress|port|setenv|subsystem)$/;

/** What the host must tell besides the line itself; nothing where the file is none of these. */
export function askedOfOthers(declared: LineCheck): AskedBesides | undefined {
  const reader = readerOf(declared);
  if (reader) return reader.asked(declared);
  const { path, line } = declared;
  const type = otherTypeFor(path);
  const also = (main: string) => (path === main ? {} : { also: { paths: [main] } });
  if (type === 'sshd')
    return { words: [keywordOf(line), 'match', 'include'], folders: [sshd.folder], ...also(sshd.main) };
  if (type === 'kernelModule') return installOf(line) && { words: ['install'], folders: modprobeFolders };
  const key = settingOf(line)?.key;
  if (key === undefined) return undefined;
  const spellings = [key, key.replaceAll('.', '/')].flatMap((one) => [one, `-${one}`]);
  if (type === 'sysctl') return { words: spellings, folders: sysctl.folders };
  return type === 'selinux' ? { words: [key] } : undefined;
}

/** What counts instead of the line that is there; nothing where it counts, or the file is none of these. */
export function effectOfOthers(declared: LineCheck, told: Told): Effect | undefined {
  const { files } = told;
  const reader = readerOf(declared);
  if (reader) return reader.effect(declared, told);
  const type = otherTypeFor(declared.path);
  if (type === 'sshd') return firstOfSshd(declared, files);
  if (type === 'kernelModule') return firstOfModprobe(declared, files);
  const own = settingOf(declared.line);
  if (!own || (type !== 'sysctl' && type !== 'selinux')) return undefined;
  const [main] = files;
  const read = type === 'sysctl' ? dropInsOf(files.filter(({ path }) => isIn(sysctl.folders, path))) : [main];
  const all = read.flatMap((file) => (file?.lines ?? []).map((line) => ({ file, line, found: settingOf(line.text) })));
  const same = all.filter(({ found }) => found?.key === own.key);
  const counts = type === 'sysctl' ? same.at(-1) : same[0];
  if (!counts?.file)
    return { is: 'unknown', message: `it is not known whether ${declared.path} is read: ${advice(declared)}` };
  return counts.found?.value === own.value ? undefined : otherLine(declared.line, counts.file, counts.line);
}

function isIn(folders: readonly string[], path: string): boolean {
  return folders.includes(path.slice(0, path.lastIndexOf('/')));
}

/** `key = value`, with dots for the slashes that sysctl takes as well. */
function settingOf(text: string): { key: string; value: string } | undefined {
  const [, key, value = ''] = /^\s*-?([^\s=#;]+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  return key === undefined ? undefined : { key: key.replaceAll('/', '.'), value };
}

function advice({ path }: LineCheck): string {
  return `declare this with a check of type \`${otherTypeFor(path) ?? 'setting'}\`, which knows what is in effect`;
}

/** The module, as the kernel spells it, and what is run instead of loading it. */
function installOf(text: string): { module: string; command: string } | undefined {
  const [, module, command = ''] = /^\s*install\s+(\S+)\s+(.*?)\s*$/.exec(text) ?? [];
  return module === undefined ? undefined : { module: module.replaceAll('-', '_'), command };
}

function firstOfModprobe(declared: LineCheck, files: readonly ToldFile[]): Effect | undefined {
  const own = installOf(declared.line);
  if (!own) return undefined;
  for (const file of dropInsOf(files.slice(1).filter(({ path }) => isIn(modprobeFolders, path))))
    for (const line of file.lines) {
      const found = installOf(line.text);
      if (found && fitsGlob(found.module, own.module))
        return found.command === own.command ? undefined : otherLine(declared.line, file, line);
    }
  return { is: 'unknown', message: `it is not known whether ${declared.path} is read: ${advice(declared)}` };
}

function firstOfSshd(declared: LineCheck, files: readonly ToldFile[]): Effect | undefined {
  const keyword = keywordOf(declared.line);
  const main = files.find(({ path }) => path === sshd.main);
  const dropIns = dropInsOf(files.slice(1).filter(({ path }) => isIn([sshd.folder], path)));
  let isIncluded = declared.path === sshd.main;
  for (const line of main?.lines ?? []) {
    const word = keywordOf(line.text);
    if (word === 'match') break;
    if (word === keyword && main) return judged(declared, main, line);
    if (word !== 'include') continue;
    if (!/^\s*include\s+"?(\/etc\/ssh\/)?sshd_config\.d\/\*\.conf"?\s*(#.*)?$/i.test(line.text))
      return {
        is: 'unknown',
        message: `line ${line.number} of ${sshd.main} includes other files: ${advice(declared)}`,
      };
    isIncluded = true;
    for (const file of dropIns) {
      const found = file.lines.find(({ text }) => keywordOf(text) === keyword);
      const block = file.lines.find(({ text }) => keywordOf(text) === 'match');
      if (found && block && block.number < found.number)
        return { is: 'unknown', message: `${file.path} has \`Match\` blocks: ${advice(declared)}` };
      if (found && !(addsUp.test(keyword) && file.path !== declared.path)) return judged(declared, file, found);
    }
  }
  if (isIncluded) return undefined;
  return { is: 'unknown', message: `${sshd.main} does not include ${declared.path}: ${advice(declared)}` };
}

function judged(declared: LineCheck, file: ToldFile, line: ToldLine): Effect | undefined {
  if (addsUp.test(keywordOf(declared.line))) return undefined;
  return plain(line.text) === plain(declared.line) ? undefined : otherLine(declared.line, file, line);
}
