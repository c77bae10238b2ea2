/** What a host answers of a file, and how it is read. Pure. */
import { fieldsOf } from './comparison.ts';

export type FileObserved =
  | { readonly is: 'absent' }
  /** Neither a regular file nor a directory: `symbolic link`, … */
  | { readonly is: 'other'; readonly type: string }
  | (Attributes & { readonly is: 'directory' })
  | RegularFile;

export interface Attributes {
  /** Its permission bits. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  readonly uid: string;
  readonly gid: string;
  /** The number of the owner declared, where it is not the name or number found: `none` when the host has no such account. */
  readonly uidOfDeclared: string;
  readonly gidOfDeclared: string;
  /** Whether an access list gives rights beyond those bits. */
  readonly hasAccessList: boolean;
}

export interface RegularFile extends Attributes {
  readonly is: 'file';
  /** Of its content, when that was asked. */
  readonly sha256?: string;
  /** Whether it may be shown, when it is not the content that was asked. */
  readonly isPublic: boolean;
  /** Its content, when that may be shown, is text and short. */
  readonly text?: string;
}

const typeNames: Record<string, string> = {
  l: 'symbolic link',
  p: 'named pipe',
  s: 'socket',
  b: 'block device',
  c: 'character device',
};

export function parseFile(answer: string): FileObserved {
  if (answer === 'absent') return { is: 'absent' };
  const [type, bits, owner, group, uid, gid, , access, uidOfDeclared, gidOfDeclared, digest, isPublic, content] =
    fieldsOf(answer, 13);
  if (type !== 'f' && type !== 'd') return { is: 'other', type: typeNames[type] ?? 'file of unknown type' };
  if (!/^[0-7]{1,4}$/.test(bits) || !/^([0-9a-f]{64})?$/.test(digest) || !/^[0-9]+:[0-9]+$/.test(`${uid}:${gid}`))
    throw new Error('the host reported an invalid mode, owner or digest');
  const mode = Number.parseInt(bits, 8);
  const attributes = { mode, owner, group, uid, gid, uidOfDeclared, gidOfDeclared, hasAccessList: access === 'yes' };
  if (type === 'd') return { is: 'directory', ...attributes };
  const text = content ? textOf(content) : undefined;
  return {
    is: 'file',
    ...attributes,
    ...(digest && { sha256: digest }),
    isPublic: isPublic === 'yes',
    ...(text !== undefined && { text }),
  };
}

function textOf(base64: string): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
