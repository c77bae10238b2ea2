/** How the keys of an account are corrected: single lines of the files in which sshd looks. Pure. */
import type { AuthorizedKeysCheck } from '../../api/v1alpha1/accountChecks.ts';
import { isSameKey, parseAuthorizedKey } from '../../lib/authorizedKey.ts';
import { sha256 } from '../../lib/digest.ts';
import {
  isExpired,
  isSurplus,
  whyUnused,
  type AuthorizedKeysObserved,
  type KeyFile,
  type KeysFound,
} from './authorizedKeysObserved.ts';
import { changes, manual, type FileChange, type FolderChange, type LineEdit, type Remedy } from './change.ts';

export function keysRemedy({ user, keys, exclusive }: AuthorizedKeysCheck, observed: AuthorizedKeysObserved): Remedy {
  if (observed.is !== 'present')
    return manual(`create the account first, for example with a check \`user: {name: ${user}}\``);
  const declared = keys.map(parseAuthorizedKey).filter((key) => key !== undefined);
  const unused = observed.files.map((file) => whyUnused(observed, file)).find((why) => why !== undefined);
  const isThere = keys.filter((text) => !observed.files.some(({ lines }) => hasKey(lines, text)));
  const dropped = observed.files.map((file) =>
    file.lines.filter((line) => isSurplus(line, declared, exclusive !== false)),
  );
  if (unused !== undefined && keys.length)
    return manual(
      `sshd does not use the file: ${unused}. Make the account or root the owner of the file and of the directories above it, and remove write permission for others (chmod go-w)`,
    );
  if (dropped.flat().some(({ key }) => key) && observed.sshd.login.name === user)
    return manual(
      `Holdfast logs in as ${user}, and one of these keys may be its own: add its key to \`keys\`, and remove the others manually`,
    );
  if (!isThere.length && !dropped.flat().length && declared.some((key) => isExpired(key, observed.sshd)))
    return manual(
      'the expiry-time of a declared key has passed: declare a later one, or remove the key from the check',
    );
  if (!isThere.length && !dropped.flat().length)
    return manual(
      'the keys are present, but sshd does not accept them: fix its options, for example with a check of type `sshd`',
    );
  const target = observed.files.find(({ part }) => part !== 'absent') ?? observed.files[0];
  if (isThere.length && !target)
    return manual('sshd reads keys from no file (AuthorizedKeysFile none): fix that first');
  const edits = observed.files.flatMap((file, at): (FileChange | FolderChange)[] => {
    const puts = file === target ? isThere : [];
    const drops = (dropped[at] ?? []).map((line): LineEdit => ({ line: line.number, drop: true }));
    if (!puts.length && !drops.length) return [];
    return changesOf(observed, file, [...drops, ...(puts.length ? [{ line: -1, put: puts }] : [])]);
  });
  if (isThere.length && target && isInHome(observed, target) && !observed.hasHome)
    return manual(`the home directory of ${user}, ${observed.account.home}, does not exist: create it first`);
  return changes(...edits);
}

function hasKey(lines: KeyFile['lines'], text: string): boolean {
  const wanted = parseAuthorizedKey(text);
  return lines.some(({ key }) => key && wanted && isSameKey(key, wanted));
}

/** Files of other places, such as /etc/ssh/keys, belong to root; those in a home to its account, and so do folders made for them. */
function changesOf(found: KeysFound, file: KeyFile, edits: readonly LineEdit[]): (FileChange | FolderChange)[] {
  const { path, part, content } = file;
  if (part !== 'absent') {
    const seen = `f:${part.mode.toString(8)}:${part.uid}:${part.gid}:${sha256(content)}`;
    return [{ do: 'file', path, seen, edits }];
  }
  const { name } = found.account;
  const inHome = isInHome(found, file);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const above = folder.slice(0, folder.lastIndexOf('/'));
  const isFolderMissing = !file.folders.some((one) => one.path === folder) && above === found.account.home;
  return [
    ...(inHome && isFolderMissing
      ? [{ do: 'folder' as const, path: folder, seen: 'absent', mode: '700', owner: name }]
      : []),
    { do: 'file', path, seen: 'absent', edits, ...(inHome ? { owner: name, newMode: '600' } : { newMode: '644' }) },
  ];
}

function isInHome({ account }: KeysFound, { path }: KeyFile): boolean {
  return path.startsWith(`${account.home === '/' ? '' : account.home}/`);
}
