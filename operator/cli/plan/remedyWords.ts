/** What a correction would do on a host, in words, without the content of files. Pure. */
import type { Change, Remedy } from '../../drift/checks/change.ts';
import { visible } from '../../drift/checks/shown.ts';
import { counted, listed, shortened } from '../../lib/text.ts';

export function remedyInWords(remedy: Remedy): string[] {
  if (remedy.is === 'manual') return [`left for a person: ${shortened(remedy.message, 300)}`];
  return remedy.changes.map((change) => visible(shortened(changeInWords(change), 300)));
}

function changeInWords(change: Change): string {
  switch (change.do) {
    case 'file':
      return fileInWords(change);
    case 'folder':
      return `set ${listed(attributesOf(change), 5)} of directory ${change.path}${change.seen === 'absent' ? ', which is created' : ''}`;
    case 'package':
      return packageInWords(change);
    case 'unit':
      return unitInWords(change);
    case 'account':
      return accountInWords(change);
    case 'accountGroup':
      return groupInWords(change);
    case 'kernel':
      return `set ${change.path} to ${change.value}`;
    case 'module':
      return `unload kernel module ${change.name}`;
    case 'mount':
      return mountInWords(change);
    case 'reload':
      return `reload ${change.unit}`;
  }
}

type Of<K extends Change['do']> = Extract<Change, { do: K }>;

function fileInWords(change: Of<'file'>): string {
  const { path, state, content, edits, seen } = change;
  if (state === 'Absent') return `remove file ${path}`;
  if (seen === 'absent') return `create file ${path}`;
  const what = [
    ...(content === undefined ? [] : ['content']),
    ...(edits?.length ? [counted(edits.length, 'line')] : []),
    ...attributesOf(change),
  ];
  return `change ${what.length > 0 ? listed(what, 6) : 'nothing'} of ${path}`;
}

function attributesOf({
  mode,
  owner,
  group,
  accessList,
}: Pick<Of<'folder'>, 'mode' | 'owner' | 'group' | 'accessList'>): string[] {
  return [
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
    ...(accessList === undefined ? [] : ['access list']),
  ];
}

function packageInWords({ name, state, seen, minVersion, version }: Of<'package'>): string {
  if (state === 'Absent') return `remove package ${name} (${seen})`;
  const which = version ?? (minVersion === undefined ? '' : `${minVersion} or later`);
  return `${seen === 'absent' ? 'install' : 'update'} package ${[name, which].filter(Boolean).join(' ')}`;
}

function unitInWords({ unit, enabled, active, masked }: Of<'unit'>): string {
  const acts = [
    ...(masked === undefined ? [] : [masked ? 'mask' : 'unmask']),
    ...(enabled === undefined ? [] : [enabled ? 'enable' : 'disable']),
    ...(active === undefined ? [] : [active ? 'start' : 'stop']),
  ];
  return `${acts.join(' and ')} ${unit}`;
}

function accountInWords({ name, state, seen, uid, home, shell, groups, locked }: Of<'account'>): string {
  if (state === 'Absent') return `remove user ${name}`;
  const what = [
    ...(uid === undefined ? [] : [`uid ${uid}`]),
    ...(home === undefined ? [] : [`home ${home}`]),
    ...(shell === undefined ? [] : [`shell ${shell}`]),
    ...(groups?.length ? [`groups ${groups.join(', ')}`] : []),
    ...(locked === undefined ? [] : [locked ? 'a locked password' : 'an unlocked password']),
  ];
  const given = what.length > 0 ? ` with ${listed(what, 6)}` : '';
  return seen === 'absent' ? `create user ${name}${given}` : `change user ${name}: ${listed(what, 6)}`;
}

function groupInWords({ name, state, seen, gid, add = [], remove = [] }: Of<'accountGroup'>): string {
  if (state === 'Absent') return `remove group ${name}`;
  const what = [
    ...(gid === undefined ? [] : [`gid ${gid}`]),
    ...(add.length > 0 ? [`add ${add.join(', ')}`] : []),
    ...(remove.length > 0 ? [`remove ${remove.join(', ')}`] : []),
  ];
  const how = what.length > 0 ? `: ${what.join('; ')}` : '';
  return `${seen === 'absent' ? 'create' : 'change'} group ${name}${how}`;
}

function mountInWords(change: Of<'mount'>): string {
  if (!('set' in change)) return `mount ${change.path}`;
  const options = [...change.set, ...change.clear.map((flag) => `no ${flag}`), ...(change.data ? [change.data] : [])];
  return `remount ${change.path} with ${options.join(', ')}`;
}
