/**
 * The laws that hold for every check type, on hosts made hostile. What could not be read in full is never a pass: a tool that the probe
 * uses is missing, is killed, or prints half. A correction acts only on what the probe saw: afterwards the file is a link, a directory,
 * another file, or lies where others can write. (That undoing puts back exactly is asked of every case in `checks.test.ts`.)
 */
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { Change } from '../../operator/drift/checks/change.ts';
import type { CheckKey } from '../../operator/drift/checks/checkType.ts';
import { checkTypes } from '../../operator/drift/checks/index.ts';
import { spread, type CheckBed, type Made } from './checkBed.ts';
import { cases as allCases } from './cases/index.ts';
import type { HostCase } from './cases/case.ts';

jest.setTimeout(3_000_000);

const chosen = process.env['HOLDFAST_CHECKS']?.split(',');
const types = (Object.keys(checkTypes) as CheckKey[]).filter((type) => !chosen || chosen.includes(type));
const tools =
  'awk base64 cat cut find findmnt getent grep head id ls modprobe readlink rpm sed sha256sum sort sshd stat systemctl tail tr uname visudo wc'.split(
    ' ',
  );
const ways = {
  'is missing': 'exit 127',
  'is killed': 'kill -9 $$',
  'prints half': 'said=$("$real" "$@"); printf "%.$((${#said} / 2))s" "$said"; exit 1',
};
/** What is there in place of the file that the probe saw; `$p` is its path. */
const swaps = {
  'a link': 'rm -rf "$p"; cp /etc/passwd /srv/hf-target; ln -s /srv/hf-target "$p"',
  'a directory': 'rm -rf "$p"; mkdir "$p"',
  'another file': 'rm -rf "$p"; echo somebody else was here >"$p"',
};

interface Outcome {
  readonly verdicts: Map<string, readonly string[]>;
  readonly swapped: Map<string, { made: Made | undefined; target: string }>;
  /** Paths that the correction would change. */
  readonly paths: readonly string[];
}

const outcomes = new Map<CheckKey, Outcome | string>();

beforeAll(() =>
  spread(types, 4, async (bed, type) => {
    outcomes.set(type, await tried(bed, type).catch((error: unknown) => String(error)));
  }),
);

/** The first case that differs and is corrected. */
function sampleOf(type: CheckKey): HostCase {
  const sample = allCases[type].find(
    ({ found, manual, refused, between }) =>
      found.length && !manual && !refused && !between && !/^\/?\^?(unknown|not applicable)/.test(String(found[0])),
  );
  if (!sample) throw new Error(`no case of ${type} is corrected`);
  return sample;
}

function toolsOf(type: CheckKey): readonly string[] {
  const { script } = checkTypes[type];
  return tools.filter((tool) => new RegExp(`(^|[\\s(|;&\`])${tool}( |$)`, 'm').test(script));
}

async function tried(bed: CheckBed, type: CheckKey): Promise<Outcome> {
  const sample = sampleOf(type);
  const check: DeviceCheck = { name: 'check', ...sample.declare };
  if (sample.given) await bed.host.mustRun(sample.given);
  const verdicts = new Map<string, readonly string[]>([['with all tools in order', await bed.compare(check)]]);
  for (const tool of toolsOf(type))
    for (const [way, body] of Object.entries(ways)) {
      await bed.host.mustRun(broken(tool, body));
      // Without some tools not even the question arrives: then nothing is known of the whole host.
      const words = await bed.compare(check).catch((error: unknown) => [`unknown: ${String(error)}`]);
      verdicts.set(`when ${tool} ${way}`, words);
      await bed.host.mustRun(`umount "$(command -v ${tool})"`);
    }
  const swapped = new Map<string, { made: Made | undefined; target: string }>();
  let paths: readonly string[] = [];
  for (const [what, swap] of Object.entries(swaps)) {
    await bed.host.mustRun('rm -rf /srv/hf-keep; mkdir /srv/hf-keep');
    const { made } = await bed.correct([check], (changes) => {
      paths = pathsOf(changes);
      return paths.map((path, index) => swapping(path, index, swap)).join('\n') || 'true';
    });
    const target = (await bed.host.run('cmp /srv/hf-target /etc/passwd 2>&1')).stdout;
    swapped.set(what, { made: made['check'], target });
    await bed.host.mustRun(paths.map(restoring).join('\n') || 'true');
    await bed.host.run('rm -rf /srv/hf-target');
    if (sample.cleared) await bed.host.run(sample.cleared);
    if (sample.given) await bed.host.mustRun(sample.given);
  }
  return { verdicts, swapped, paths };
}

/** Puts a program in the place of the tool until it is unmounted. The daemon that lets us in is left in order. */
function broken(tool: string, body: string): string {
  const only = tool === 'sshd' ? 'case "$1" in -T|-t) ;; *) exec "$real" "$@" ;; esac\n' : '';
  return `at=$(command -v ${tool}); at=$(readlink -f "$at"); mkdir -p /run/hf-tools; cp "$at" /run/hf-tools/${tool}.real
printf '%s\\n' '#!/bin/sh' 'real=/run/hf-tools/${tool}.real' '${(only + body).replaceAll("'", `'\\''`)}' >/run/hf-tools/${tool}
chmod 0755 /run/hf-tools/${tool}; mount --bind /run/hf-tools/${tool} "$at"`;
}

function pathsOf(changes: readonly Change[]): string[] {
  return [
    ...new Set(
      // What is mounted cannot be swapped under its own path.
      changes.flatMap((change) =>
        change.do !== 'mount' && 'path' in change && !change.path.startsWith('/proc/') ? [change.path] : [],
      ),
    ),
  ];
}

function swapping(path: string, index: number, swap: string): string {
  return `p='${path.replaceAll("'", `'\\''`)}'; [ -e "$p" ] && cp -a "$p" /srv/hf-keep/${index}\nmkdir -p "$(dirname "$p")"; ${swap}`;
}

function restoring(path: string, index: number): string {
  return `p='${path.replaceAll("'", `'\\''`)}'; rm -rf "$p"; if [ -e /srv/hf-keep/${index} ]; then cp -a /srv/hf-keep/${index} "$p"; fi`;
}

describe.each(types)('%s', (type) => {
  const outcome = (): Outcome => {
    const found = outcomes.get(type);
    if (typeof found !== 'object') throw new Error(found ?? 'was not tried');
    return found;
  };

  test('passes in no case in which a tool did not do its work', () => {
    const { verdicts } = outcome();
    expect([...verdicts].filter(([, words]) => words.length === 0)).toEqual([]);
    expect(verdicts.get('with all tools in order')?.join()).not.toMatch(/unknown/);
  });

  test('corrects nothing through what is there now in place of what was seen', () => {
    const { swapped, paths } = outcome();
    if (!paths.length) return;
    for (const [what, { made, target }] of swapped) {
      expect([what, made]).toEqual([what, { changed: false, refused: true, message: expect.any(String) }]);
      if (what === 'a link') expect(target).toBe('');
    }
  });
});
