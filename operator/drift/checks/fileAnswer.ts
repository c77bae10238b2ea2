/** What a host answers of a file, and how it is read. Pure. */
import { fieldsOf } from './comparison.ts';

export type FileObserved =
  | { readonly is: 'absent' }
  /** Something else is there: `directory`, `symbolic link`, … */
  | { readonly is: 'other'; readonly type: string }
  | RegularFile;

export interface RegularFile {
  readonly is: 'file';
  /** Its permission bits. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Of its content, when that was asked. */
  readonly sha256?: string;
  /** Whether it may be shown, when it is not the content that was asked. */
  readonly isPublic: boolean;
  /** Its content, when that may be shown, is text and short. */
  readonly text?: string;
}

const typeNames: Record<string, string> = {
  d: 'directory',
  l: 'symbolic link',
  p: 'named pipe',
  s: 'socket',
  b: 'block device',
  c: 'character device',
};

export function parseFile(answer: string): FileObserved {
  if (answer === 'absent') return { is: 'absent' };
  const [type, mode, owner, group, , digest, isPublic, content] = fieldsOf(answer, 8);
  if (type !== 'f') return { is: 'other', type: typeNames[type] ?? 'something else' };
  if (!/^[0-7]{1,4}$/.test(mode) || !/^([0-9a-f]{64})?$/.test(digest))
    throw new Error('the host answered no mode or no digest');
  const text = content ? textOf(content) : undefined;
  return {
    is: 'file',
    mode: Number.parseInt(mode, 8),
    owner,
    group,
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
