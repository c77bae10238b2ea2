/** What modprobe says that it would do for a module, and what of its configuration makes it so. Pure. */
import { fitsGlob } from '../../lib/wildcards.ts';

/** A line `install PATTERN COMMAND` of a file of modprobe.d, with how many lines continue it. */
export interface InstallLine {
  readonly file: string;
  readonly line: number;
  readonly more: number;
  readonly pattern: string;
  readonly command: string;
}

/** Whether modprobe's words mean the module. It takes `-` and `_` as the same, and in patterns those of a shell. */
export function means(pattern: string, name: string): boolean {
  return fitsGlob(pattern, name);
}

/** What a command of an `install` line does: it keeps the module out, it may let it in, or nobody knows. */
export function effectOf(command: string): 'blocks' | 'loads' | 'unknown' {
  if (/^\s*(exec\s+)?(\/(usr\/)?s?bin\/)?(true|false)(\s+#.*)?\s*$/.test(command)) return 'blocks';
  return /modprobe|insmod|kmod/.test(command) ? 'loads' : 'unknown';
}

/** What a dry run tells: the commands it would run, and whether it would insert the module itself. */
export interface DryRun {
  readonly inserts: boolean;
  readonly isBuiltIn: boolean;
  /** Names of what it would insert. */
  readonly inserted: readonly string[];
  readonly commands: readonly string[];
}

/** Throws when there is a line that is none of modprobe's. Remarks on lines that it passes over are no part of it. */
export function readDryRun(lines: readonly string[], name: string): DryRun {
  const inserted: string[] = [];
  const commands: string[] = [];
  let isBuiltIn = false;
  for (const line of lines) {
    const [, verb, rest = ''] = /^(insmod|install|builtin) (.*)$/.exec(line) ?? [];
    if (verb === 'insmod') inserted.push(moduleOf(rest));
    else if (verb === 'install') commands.push(rest.trim());
    else if (verb === 'builtin') isBuiltIn ||= rest.trim().replaceAll('-', '_') === name;
    else if (!/^(modprobe|libkmod): |^$/.test(line)) throw new Error(`modprobe printed an unexpected line: ${line}`);
  }
  return { inserts: inserted.includes(name), isBuiltIn, inserted, commands };
}

function moduleOf(insmod: string): string {
  const [path = ''] = insmod.split(' ');
  return (path.split('/').at(-1) ?? '').replace(/[.]ko.*$/, '').replaceAll('-', '_');
}
