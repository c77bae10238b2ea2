/** Archives that are the same bytes for the same files, whoever makes them, where and when. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Of a tar program: sorted, of no one, of one time, with rights that do not depend on a umask. */
const same = ['--sort=name', '--format=ustar', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rw,go+rX,go-w'];

/** Writes what is at `names` in `folder` into a file; `time` is in seconds since 1970. */
export function archive(file: string, folder: string, names: readonly string[], time: number): void {
  const tar = execFileSync('tar', ['--create', ...same, `--mtime=@${time}`, `--directory=${folder}`, '--', ...names], {
    maxBuffer: 1 << 30,
  });
  // Without a name and a time in its header, which gzip would write.
  writeFileSync(file, gzipSync(tar, { level: 9 }));
}
