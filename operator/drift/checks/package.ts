/**
 * Package: whether RPM has it installed, in an old enough or the very version. Of several installed at once it will do that one of
 * each architecture is right. A version without an epoch is compared without epochs, as in the names that dnf takes. A name that only other packages provide
 * counts as theirs, as it does for dnf.
 */
import type { PackageCheck } from '../../api/v1alpha1/systemChecks.ts';
import { compareRpmVersions, formatRpmVersion, parseRpmVersion } from '../../lib/rpmVersion.ts';
import { changes, manual, type Remedy } from './change.ts';
import type { CheckType } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { inWords, packageScript, parsePackages, seenOf, type Installed, type PackageObserved } from './packageProbe.ts';

/** Without these Holdfast cannot get in, look, or correct; the host's half of a correction knows more of them. */
const needed =
  /^(openssh-server|openssh|sudo|python3[0-9.]*|platform-python|systemd|rpm|dnf|yum|bash|glibc|kernel|kernel-core|setup|filesystem)([.][a-z0-9_]+)?$/;

export const rpmPackage: CheckType<'package', PackageObserved> = {
  key: 'package',
  request: ({ name }) => [name],
  script: packageScript,
  parse: parsePackages,
  compare({ name, state, minVersion, version }, { installed, providers }) {
    if (name === 'gpg-pubkey' && minVersion)
      return unknown('versions of gpg-pubkey are key IDs, so none of them is newer');
    if (state === 'Absent') {
      return known([
        differs('state', 'absent', installed[0] ? shown(installed) : providers[0] ? provided(providers) : 'absent'),
      ]);
    }
    const wanted = version ?? (minVersion === undefined ? undefined : `${minVersion} or newer`);
    if (wanted === undefined)
      return known([differs('state', 'present', (installed[0] ?? providers[0]) ? 'present' : 'absent')]);
    if (!installed[0]) return known([differs('version', wanted, providers[0] ? provided(providers) : 'absent')]);
    const wrong = ofEachKind(installed).filter((same) => !same.some((one) => isRight(one, { minVersion, version })));
    return known([wrong[0] && differs('version', wanted, shown(wrong.flat()))]);
  },
  remedy: remedyOf,
  claims({ name, state, version, minVersion }) {
    const atLeast = version ?? minVersion;
    return {
      [`state of package ${name}`]: state ?? 'Present',
      ...(atLeast !== undefined && {
        [`version of package ${name}`]: { is: 'version', atLeast, ...(version !== undefined && { atMost: version }) },
      }),
    };
  },
};

function remedyOf(declared: PackageCheck, observed: PackageObserved): Remedy {
  const { name, state, minVersion, version } = declared;
  const { installed, providers } = observed;
  if (providers[0] && (state === 'Absent' || version !== undefined || minVersion !== undefined)) {
    const names = [...new Set(providers.map((one) => one.name))].join(', ');
    return manual(`no package is named ${name}, which is provided by ${names}: declare that package by its own name`);
  }
  const newest = installed[0];
  if (newest && newest.name !== name && `${newest.name}.${newest.arch}` !== name)
    return manual(
      `the name includes the version of the installed ${inWords(newest)}: declare ${newest.name}, or make the change manually`,
    );
  if (name === 'gpg-pubkey') return manual('it is a repository signing key, not a package: see rpmkeys(8)');
  if (state === 'Absent') {
    if (needed.test(name))
      return manual('Holdfast itself needs it on the host: remove the check, or remove the package manually');
    return changes({ do: 'package', name, state, seen: seenOf(observed) });
  }
  return changes({
    do: 'package',
    name,
    ...(minVersion && { minVersion }),
    ...(version && { version }),
    seen: seenOf(observed),
  });
}

function isRight(found: Installed, { minVersion, version }: Pick<PackageCheck, 'minVersion' | 'version'>): boolean {
  const text = version ?? minVersion ?? '';
  const wanted = parseRpmVersion(text);
  const order = compareRpmVersions(found, text.includes(':') ? wanted : { ...wanted, epoch: found.epoch });
  return version === undefined ? order >= 0 : order === 0;
}

/** Those of one name and architecture together: it will do that one of them is right. */
function ofEachKind(installed: readonly Installed[]): readonly (readonly Installed[])[] {
  return Object.values(Object.groupBy(installed, ({ name, arch }) => `${name}.${arch}`)).map((same) => same ?? []);
}

/** Their versions; with architectures where there are several. */
function shown(all: readonly Installed[]): string {
  const isWide = new Set(all.map(({ arch }) => arch)).size > 1;
  return all.map((one) => formatRpmVersion(one) + (isWide ? `.${one.arch}` : '')).join(', ');
}

function provided(providers: readonly Installed[]): string {
  return `provided by ${providers.map(inWords).join(', ')}`;
}
