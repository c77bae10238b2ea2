/** The two verifiers beside ours, as an auditor calls them: the script, and cosign for each file of each pack. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACK_PREDICATE } from '../../operator/evidence/statement/types.ts';
import { setUp } from '../cluster/setUp.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../../operator/evidence/verify/verify.sh');

export interface Answer {
  readonly isVerified: boolean;
  /** How it ended. */
  readonly code: number;
  readonly said: string;
}

export function byScript(folder: string, key: string, shell = 'dash'): Promise<Answer> {
  return answerOf(shell, [script, folder, key]);
}

/** The first file that is refused ends it. */
export async function byCosign(folder: string, key: string): Promise<Answer> {
  const cosign = join(await setUp('cosign'), 'cosign');
  const packs = join(folder, 'packs/nightly');
  const names = await readdir(packs, { withFileTypes: true });
  for (const { name } of names.filter((one) => one.name.endsWith('.sigstore.json'))) {
    const folders = names.filter((one) => one.isDirectory() && one.name.startsWith(`${name.slice(0, 8)}-`));
    for (const { name: content } of folders) {
      for (const file of (await readdir(join(packs, content), { withFileTypes: true })).filter(
        (one) => !one.isDirectory(),
      )) {
        const answer = await answerOf(
          cosign,
          cosignArguments(join(packs, name), ['--key', key], join(packs, content, file.name)),
        );
        if (!answer.isVerified) return answer;
      }
    }
  }
  return { isVerified: true, code: 0, said: '' };
}

export async function cosignVerifies(bundle: string, trust: readonly string[], file: string): Promise<Answer> {
  return answerOf(join(await setUp('cosign'), 'cosign'), cosignArguments(bundle, trust, file));
}

function cosignArguments(bundle: string, trust: readonly string[], file: string): string[] {
  const log = trust.includes('--trusted-root') ? [] : ['--insecure-ignore-tlog=true'];
  return ['verify-blob-attestation', '--bundle', bundle, '--type', PACK_PREDICATE, ...trust, ...log, file];
}

async function answerOf(program: string, args: readonly string[]): Promise<Answer> {
  try {
    const { stdout, stderr } = await run(program, [...args], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    });
    return { isVerified: true, code: 0, said: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown };
    if (typeof code !== 'number') throw error;
    return { isVerified: false, code, said: stdout + stderr };
  }
}
