/** A file as a host tells it: its lines, those that go on with the one before, and nothing else that matters, unless `more` says so. */
import type { ToldFile } from '../../operator/drift/checks/toldLines.ts';

export function toldFile(path: string, text: string, more: Partial<ToldFile> = {}): ToldFile {
  const lines = text.split('\n').map((line, index, all) => ({
    number: index + 1,
    text: line,
    isJoined: (all[index - 1] ?? '').endsWith('\\'),
    isMore: index > 0 && /^[ \t]+\S/.test(line),
  }));
  return {
    path,
    seen: `f:644:0:0:${'a'.repeat(64)}`,
    isPublic: true,
    isMask: false,
    lines,
    total: lines.length,
    odd: 0,
    first: 1 + lines.findIndex((line) => /^[^#;]/.test(line.text)),
    endsJoined: false,
    ...more,
  };
}
