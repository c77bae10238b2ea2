/** Checksums of all files of a release, and their signature. */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signing } from './settings.ts';

export const checksumsFile = 'checksums.txt';
const signatureFile = `${checksumsFile}.sigstore.json`;
const publicKeyFile = 'cosign.pub';

/** Writes the digests of all files of the folder, as `sha256sum --check` reads them. */
export function writeChecksums(folder: string): void {
  const lines = readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    );
  writeFileSync(join(folder, checksumsFile), lines.join(''));
}

/** Signs the checksums, and says in a sentence by what they are signed. What a key has signed is verified, as users do it. */
export function sign(folder: string, signing: Signing, cosign: string): string {
  const options: ExecFileSyncOptions = { cwd: folder, env: process.env, stdio: ['inherit', 'pipe', 'inherit'] };
  const run = (...args: string[]) => execFileSync(cosign, args, options);
  if (signing.by === 'no one')
    return 'Nothing was signed, as SIGN=no asks: users can check that the files are complete, but not whose they are.';
  const bundle = ['--bundle', signatureFile];
  if (signing.by === 'identity') {
    run('sign-blob', '--yes', ...bundle, checksumsFile);
    return `${checksumsFile} was signed by the identity of this pipeline.`;
  }
  const { key, isPublic } = signing;
  // A configuration that names no services: none is told of the signature. cosign asks for the public keys of the log all the same.
  const unlogged = isPublic ? [] : ['--signing-config', join(import.meta.dirname, 'unlogged.json')];
  run('sign-blob', '--yes', '--key', key, ...unlogged, ...bundle, checksumsFile);
  writeFileSync(join(folder, publicKeyFile), run('public-key', '--key', key));
  const logless = isPublic ? [] : ['--insecure-ignore-tlog=true'];
  run('verify-blob', '--key', publicKeyFile, ...logless, ...bundle, checksumsFile);
  const log = isPublic ? ', and recorded in the public transparency log' : '; the transparency log does not have it';
  return `${checksumsFile} was signed by ${key}${log}.`;
}
