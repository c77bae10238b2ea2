/** The world of a command as a test gives it: files in memory, and what was printed. */
import { Failure, type Entry, type Io } from '../../operator/cli/command.ts';

export interface RecordedIo extends Io {
  readonly out: string;
  readonly err: string;
  readonly written: Readonly<Record<string, string>>;
}

/** Files by their path; a folder is there when a file is in it. */
export function ioWith(files: Readonly<Record<string, string>>, input = ''): RecordedIo {
  const written: Record<string, string> = {};
  const io = {
    out: '',
    err: '',
    written,
    stdout: (text: string) => void (io.out += text),
    stderr: (text: string) => void (io.err += text),
    stdin: () => Promise.resolve(input),
    readFile: (path: string) => {
      const text = files[path];
      return text === undefined
        ? Promise.reject(new Failure(`${path} cannot be read: it does not exist; check the path.`))
        : Promise.resolve(text);
    },
    readFolder: (path: string) => Promise.resolve(entriesOf(path, Object.keys(files))),
    writeFile: (path: string, text: string) => {
      written[path] = text;
      return Promise.resolve();
    },
    createFile: (path: string) => Promise.reject(new Failure(`${path} cannot be written.`)),
    cluster: () => Promise.reject(new Failure('there is no cluster.')),
  };
  return io;
}

function entriesOf(folder: string, paths: readonly string[]): Entry[] | undefined {
  const below = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  if (below.length === 0) return undefined;
  const names = new Map(
    below.map((path) => [path.split('/')[0] ?? '', path.includes('/') ? 'folder' : 'file'] as const),
  );
  return [...names].map(([name, is]) => ({ name, is }));
}
