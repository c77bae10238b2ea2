/**
 * Mount: whether a file system is mounted at a path, what it is, and its options: those in effect, and those that the next boot takes from
 * /etc/fstab or a unit. Of mounts on each other the topmost counts; one that another covers does not.
 */
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { CheckType } from './checkType.ts';
import { fieldsOf, known, unknown } from './comparison.ts';
import { fstabLineOf, unitFrom } from './mountAtBoot.ts';
import { bootDifferences, bootUnknown, liveDifferences, type MountObserved } from './mountDifferences.ts';
import { isOnlyInFstab } from './mountOptions.ts';
import { mountRemedy } from './mountRemedy.ts';
import { mountScript } from './mountScript.ts';
import { seenOf } from './shell.ts';
import { escapeOctal, longestUnit, mountedAt, unitOf } from './mountTable.ts';
import { taggedLines } from './tagged.ts';

export const mount: CheckType<'mount', MountObserved> = {
  key: 'mount',
  request: ({ path, source }) => {
    const unit = unitOf(path);
    return [escapeOctal(path), unit.length > longestUnit ? '-' : unit, deviceOf(source), path];
  },
  functions: [seenOf],
  script: mountScript,
  parse: parseMount,
  compare(declared, observed) {
    const { scope } = declared;
    const { leadsTo, mounted, lacksLinks, isSameDevice } = observed;
    if (leadsTo) return unknown(`${declared.path} resolves to ${leadsTo}: declare that path`);
    if (mounted?.type === 'autofs' && declared.type !== 'autofs' && scope !== 'Persisted')
      return unknown('it is mounted on first use, and nothing uses it now: declare `scope: Persisted`');
    if (mounted && lacksLinks && !isSameDevice && scope !== 'Persisted')
      return unknown('/dev/disk has no links that identify the declared source: declare its path');
    const named = declared.options?.find((option) => /^(uid|gid)=[^0-9]/.test(option));
    if (named) return unknown(`the kernel shows ${named} as a number: declare the number`);
    const unclear = scope === 'Live' ? undefined : bootUnknown(declared, observed);
    if (unclear !== undefined) return unknown(unclear);
    if (scope === 'Live' && declared.options?.some(isOnlyInFstab))
      return unknown('an option that applies only to /etc/fstab is never in effect: declare another `scope`');
    return known([
      ...(scope === 'Persisted' ? [] : liveDifferences(declared, observed)),
      ...(scope === 'Live' ? [] : bootDifferences(declared, observed)),
    ]);
  },
  remedy: mountRemedy,
  claims: ({ path, source, type, options = [] }) => ({
    ...(source !== undefined && { [`source of mount ${path}`]: source }),
    ...(type !== undefined && { [`type of mount ${path}`]: type }),
    ...Object.fromEntries(options.map((option) => claimOf(path, option))),
  }),
};

function claimOf(path: string, option: string): [string, string] {
  if (option.includes('=')) return [`option ${option.replace(/=.*/s, '')} of mount ${path}`, option];
  const name = { rw: 'ro', async: 'sync' }[option] ?? option.replace(/^no/, '');
  return [`option ${name} of mount ${path}`, option];
}

function parseMount(answer: string, { path }: MountCheck): MountObserved {
  const valuesOf = taggedLines(answer);
  const has = (word: string) => valuesOf(word).length > 0;
  const [unit] = valuesOf('unit');
  const texts = valuesOf('u').map((text) => {
    const at = text.indexOf('\x1f');
    return { file: text.slice(0, at), text: text.slice(at + 1) };
  });
  if (!has('memory')) throw new Error('the host did not report in full');
  const lines = valuesOf('t').map((text) => {
    const [number = '', same = '', ...rest] = text.split('\x1f');
    return fstabLineOf(Number(number), rest.join('\x1f'), same === 'yes');
  });
  return {
    mounted: mountedAt(path, valuesOf('m')),
    isSameDevice: has('device'),
    isBound: has('bound'),
    lacksLinks: has('no links'),
    leadsTo: valuesOf('link')[0],
    folder: valuesOf('folder')[0],
    isEmpty: has('empty'),
    lines,
    fstabSeen: valuesOf('fstab')[0] ?? 'absent',
    unit: unit === undefined ? undefined : unitFrom(fieldsOf(unit, 6), texts, valuesOf('w')),
    seen: new Map(valuesOf('f').map((text) => fieldsOf(text, 2))),
    memory: Number(valuesOf('memory')[0]),
  };
}

/** As udev names the link of a label: what is neither a letter nor one of some signs is written in hexadecimal. */
function nameOfLink(label: string): string {
  return label.replace(
    /[\0- !"$%&'()*,/;<>?[\\\]^`{|}~\x7f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** The path of a device by which the host can tell whether it is the one mounted; `-` where the source is no device. */
function deviceOf(source: string | undefined): string {
  if (source?.startsWith('/')) return source;
  const [, tag, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)="?([^"]*)"?$/.exec(source ?? '') ?? [];
  return tag && value ? `/dev/disk/by-${tag.toLowerCase()}/${nameOfLink(value)}` : '-';
}
