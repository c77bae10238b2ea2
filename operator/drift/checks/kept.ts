/**
 * Tasks that keep a file on the host before it is changed, and put it back. The copy has the mode, owner and context of the
 * file and lies in a folder that only root can enter. What is kept first stays: a second attempt does not overwrite it.
 */
import { expression, type Task } from '../../lib/ansibleTask.ts';

/** A command by its words. Nothing in them is expanded, not even `$HOME`. */
export function command(words: readonly string[], more: { readonly [name: string]: string } = {}): Task {
  return { 'ansible.builtin.command': { argv: [...words], expand_argument_vars: false, ...more } };
}

/** Keeps the file, or that there is none. `links`: a symbolic link is kept as such, or what it points to is. */
export function keepFile(path: string, folder: string, links: 'kept' | 'followed'): Task[] {
  const once = { creates: `${folder}/kept.*` };
  return [
    {
      name: 'Make the folder for what undoing needs',
      'ansible.builtin.file': { path: folder, state: 'directory', mode: '0700', owner: 'root', group: 'root' },
    },
    lookAt(path, links === 'followed', 'holdfast_before'),
    {
      name: 'Keep the file as it is',
      ...command(
        ['cp', '--archive', ...(links === 'followed' ? ['--dereference'] : []), '--', path, `${folder}/kept.file`],
        once,
      ),
      when: expression('holdfast_before.stat.exists and not holdfast_before.stat.isdir'),
    },
    {
      name: 'Keep that there is no file',
      ...command(['touch', `${folder}/kept.absent`], once),
      when: expression('not holdfast_before.stat.exists'),
    },
  ];
}

/** Puts back what `keepFile` kept: the file, or that there was none. Changes nothing when nothing was kept. */
export function restoreFile(path: string, folder: string, links: 'kept' | 'followed'): Task[] {
  const replace = links === 'kept' ? ['--remove-destination'] : [];
  return [
    lookAt(`${folder}/kept.file`, false, 'holdfast_kept_file'),
    lookAt(`${folder}/kept.absent`, false, 'holdfast_kept_absence'),
    {
      name: 'Put the file back',
      ...command(['cp', '--archive', ...replace, '--no-target-directory', '--', `${folder}/kept.file`, path]),
      when: expression('holdfast_kept_file.stat.exists'),
    },
    {
      name: 'Remove the file, since there was none',
      ...command(['rm', '--force', '--', path]),
      when: expression('holdfast_kept_absence.stat.exists'),
    },
  ];
}

/** Registers what is at a path. */
export function lookAt(path: string, follow: boolean, register: string): Task {
  return {
    name: 'Look at what is there',
    'ansible.builtin.stat': { path, follow, get_checksum: false, get_mime: false, get_attributes: false },
    register,
  };
}
