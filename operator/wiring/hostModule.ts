/** Reads the module of Ansible that makes and undoes changes on a host, as files of the folder in which Ansible runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFile } from '../connect/ansible/types.ts';

const folder = join(import.meta.dirname, '../drift/host');

export function hostModule(): readonly ProjectFile[] {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const parts = readdirSync(join(folder, 'holdfast')).filter((name) => name.endsWith('.py'));
  return [
    { name: 'library/holdfast_change.py', text: text('holdfast_change.py') },
    ...parts.map((name) => ({ name: `module_utils/holdfast/${name}`, text: text(`holdfast/${name}`) })),
  ];
}
