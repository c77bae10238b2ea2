/** Which mode SELinux has after the next boot: /etc/selinux/config as libselinux reads it, and the arguments of the kernel that boots. Pure. */
import type { SelinuxCheck } from '../../api/v1alpha1/systemChecks.ts';

type Mode = SelinuxCheck['mode'];

/** A line of /etc/selinux/config that tells a mode. */
export interface ModeLine {
  readonly line: number;
  readonly mode: Mode;
  /** Whether a blank stands before the mode, which libselinux skips since its version 3. */
  readonly hasBlank: boolean;
}

const modes: readonly [prefix: string, mode: Mode][] = [
  ['enforcing', 'Enforcing'],
  ['permissive', 'Permissive'],
  ['disabled', 'Disabled'],
];

/** The first line that tells a mode: `selinux_getenforcemode` passes over those it does not understand. */
export function modeLineOf(lines: readonly { readonly line: number; readonly text: string }[]): ModeLine | undefined {
  for (const { line, text } of lines) {
    const [, blank = '', value = ''] = /^SELINUX=([ \t\v\f\r]*)(.*)$/s.exec(text) ?? [];
    const mode = modes.find(([prefix]) => value.toLowerCase().startsWith(prefix))?.[1];
    if (mode) return { line, mode, hasBlank: blank !== '' };
  }
  return undefined;
}

/** What decides, with the reason where that is not the file. */
export interface AtBoot {
  readonly mode: Mode;
  readonly byArgument?: string;
}

/** `configured` is the file's mode. One that is disabled there stays so, whatever `enforcing=` says. */
export function modeAtBoot(kernelArguments: string, configured: Mode | undefined): AtBoot {
  const words = kernelArguments.split(/\s+/).filter(Boolean);
  const last = (name: string) => words.findLast((word) => word.startsWith(name));
  const selinux = last('selinux=');
  if (selinux && Number.parseInt(selinux.slice('selinux='.length), 0) === 0) return off(selinux);
  const modules = last('lsm=') ?? last('security=');
  if (
    modules &&
    !modules
      .replace(/^[a-z]*=/, '')
      .split(',')
      .includes('selinux')
  )
    return off(modules);
  if (configured === 'Disabled') return { mode: 'Disabled' };
  const enforcing = words.find((word) => word.startsWith('enforcing='));
  const number = enforcing === undefined ? -1 : Number.parseInt(enforcing.slice('enforcing='.length), 10) || 0;
  if (enforcing !== undefined && number >= 0)
    return { mode: number > 0 ? 'Enforcing' : 'Permissive', byArgument: enforcing };
  return { mode: configured ?? 'Permissive' };
}

function off(byArgument: string): AtBoot {
  return { mode: 'Disabled', byArgument };
}
