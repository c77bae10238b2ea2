/**
 * SELinux: the mode in effect, and the one that the next boot takes from /etc/selinux/config and the kernel's arguments. Turning it on or off
 * takes a reboot, which Holdfast never does.
 */
import type { SelinuxCheck } from '../../api/v1alpha1/systemChecks.ts';
import { changes, manual, type Change, type Remedy } from './change.ts';
import type { CheckType, Difference } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { argumentsAtBoot, bootArguments, bootFrom } from './bootArguments.ts';
import { modeAtBoot, modeLineOf, type AtBoot, type ModeLine } from './selinuxBoot.ts';
import { placedFor } from './placed.ts';
import { seenOf, whyNot } from './shell.ts';

type Mode = SelinuxCheck['mode'];

export interface SelinuxObserved {
  readonly live: Mode;
  /** For each entry that may boot next; or why that is not known. */
  readonly atBoot: readonly AtBoot[] | { readonly unknown: string };
  /** The line of the file that counts. */
  readonly configured?: ModeLine | undefined;
  readonly type: string;
  readonly hasPolicy: boolean;
  /** Whether the kernel knows SELinux, so that enforcing without a policy would not boot. */
  readonly isKnownToKernel: boolean;
  /** What the probe saw of the file. */
  readonly seen: string;
}

const config = '/etc/selinux/config';
const enforce = '/sys/fs/selinux/enforce';

export const selinux: CheckType<'selinux', SelinuxObserved> = {
  key: 'selinux',
  request: () => [],
  // Lines of the answer begin with a word: live, kernel, release, c (a line of the file), policy, seen, and those of `boot_arguments`. A policy
  // is loaded when this very process has a context.
  shares: [placedFor(() => [config])],
  functions: [whyNot, seenOf, bootArguments],
  script: `
n=$1 live=disabled context= found= failed=
say() { found="$found$1$NL"; }
{ read -r context </proc/self/attr/current; } 2>/dev/null
case $context in
  *:*:*)
    value=
    { read -r value <${enforce}; } 2>/dev/null # which has no end of line, so that read complains
    case $value in 1) live=enforcing ;; 0) live=permissive ;; *) failed='${enforce} cannot be read' ;; esac ;;
esac
say "live$US$live"
while read -r flags type; do
  case $flags$type in selinuxfs | nodevselinuxfs) say kernel ;; esac
done </proc/filesystems
while read -r line || [ -n "$line" ]; do
  case $line in VERSION_ID=*) say "release$US$line" ;; esac
done </etc/os-release
boot_arguments
found=$found$boot failed=\${failed:-$unread}
type=targeted
if [ ! -e ${config} ]; then
  why_not ${config}
  [ -z "$why" ] || failed="${config} cannot be accessed: $why"
elif [ ! -f ${config} ]; then failed='${config} is not a regular file'
elif [ ! -r ${config} ]; then failed='${config} cannot be read'
else
  number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in SELINUX=*) say "c$US$number$US$line" ;; esac
    # In any case of letters, and all of the line but for a carriage return: a comment behind it is a part of the name.
    case $line in *[Ss][Ee][Ll][Ii][Nn][Uu][Xx][Tt][Yy][Pp][Ee]=*)
      word=\${line%%=*} rest=\${line#*=}
      unset IFS
      read -r word <<END
$word
END
      read -r rest <<END
\${rest%[!!-~]}
END
      [ \${#word} -ne 11 ] || type=$rest ;;
    esac
  done <${config}
fi
say "type$US$type"
set +f
for file in /etc/selinux/"$type"/policy/policy.*; do [ ! -f "$file" ] || { say policy; break; }; done
set -f
if [ -L ${config} ]; then say "seen\${US}link"; else
  seen_of ${config}
  case $seen in *"$US"*) seen=\${seen#*"$US"}; say "seen$US\${seen%%"$NL"*}"; esac
fi
while [ "$n" -gt 0 ] && IFS=$US read -r index; do
  n=$((n - 1))
  if [ -n "$failed" ]; then cannot "$index" "$failed"; else answer "$index" "$found"; fi
done`,
  parse: parseSelinux,
  compare({ mode, scope }, { live, atBoot, configured, type, hasPolicy, isKnownToKernel }) {
    const needsBoot =
      mode === 'Disabled' || live === 'Disabled' ? 'turning SELinux on or off requires a reboot' : undefined;
    const liveDifference = scope === 'Persisted' ? undefined : differs('live', mode, live, needsBoot);
    if (scope === 'Live') return known([liveDifference]);
    if ('unknown' in atBoot) return unknown(atBoot.unknown);
    const wrong = atBoot.find((one) => one.mode !== mode);
    const why = wrong?.byArgument
      ? `the kernel argument \`${wrong.byArgument}\` takes precedence`
      : configured
        ? undefined
        : `${config} has no mode that libselinux understands`;
    const policy: Difference | undefined =
      !hasPolicy && mode !== 'Disabled' && isKnownToKernel
        ? differs('policy', type, 'not installed', 'in enforcing mode, a host without a policy does not boot')
        : undefined;
    return known([liveDifference, wrong && differs('persisted', mode, wrong.mode, why), policy]);
  },
  remedy: remedyOf,
  claims: ({ mode, scope }) => ({
    ...(scope !== 'Persisted' && { 'live mode of SELinux': mode }),
    ...(scope !== 'Live' && { 'mode of SELinux at boot': mode }),
  }),
};

function parseSelinux(answer: string): SelinuxObserved {
  const lines = answer.split('\n').map((line) => line.split('\x1f'));
  const valuesOf = (word: string) =>
    lines.filter(([first]) => first === word).map((fields) => fields.slice(1).join('\x1f'));
  const live = { enforcing: 'Enforcing', permissive: 'Permissive', disabled: 'Disabled' }[valuesOf('live')[0] ?? ''];
  if (!live) throw new Error('the host did not report a mode');
  const config = valuesOf('c').map((text) => {
    const at = text.indexOf('\x1f');
    return { line: Number(text.slice(0, at)), text: text.slice(at + 1) };
  });
  const configured = modeLineOf(config);
  const [seen = 'absent'] = valuesOf('seen');
  const hasPolicy = valuesOf('policy').length > 0;
  const next = argumentsAtBoot(bootFrom(lines));
  const isOld = valuesOf('release').some((line) => /^VERSION_ID="?[78]/.test(line));
  const mode = configured?.mode ?? (seen === 'absent' ? 'Disabled' : undefined);
  const atBoot =
    'unknown' in next
      ? next
      : configured?.hasBlank && isOld
        ? {
            unknown: `${'/etc/selinux/config'} has a blank after \`SELINUX=\`, which the libselinux of this release may not skip: remove it`,
          }
        : !mode && !hasPolicy
          ? { unknown: '/etc/selinux/config has no mode that libselinux understands, and no policy is installed' }
          : next.map((words) => modeAtBoot(words, mode));
  return {
    live: live as Mode,
    atBoot,
    configured,
    type: valuesOf('type')[0] ?? 'targeted',
    hasPolicy,
    isKnownToKernel: valuesOf('kernel').length > 0,
    seen,
  };
}

function remedyOf({ mode, scope }: SelinuxCheck, observed: SelinuxObserved): Remedy {
  const { live, atBoot, configured, hasPolicy, type, seen } = observed;
  const wrong = scope === 'Live' || 'unknown' in atBoot ? undefined : atBoot.find((one) => one.mode !== mode);
  const turnsOnOrOff = mode !== live && (mode === 'Disabled' || live === 'Disabled');
  if (wrong?.byArgument)
    return manual(
      `run \`grubby --update-kernel=ALL --remove-args="${wrong.byArgument.replace(/=.*/, '')}"\`, remove \`${wrong.byArgument}\` from GRUB_CMDLINE_LINUX in /etc/default/grub and from /etc/kernel/cmdline, and reboot`,
    );
  if (scope !== 'Live' && mode !== 'Disabled' && !hasPolicy)
    return manual(
      `no policy is installed for SELINUXTYPE=${type}, and in enforcing mode the host does not boot without one: install selinux-policy-${type}`,
    );
  const all: Change[] = [];
  if (wrong) {
    if (!seen.startsWith('f:'))
      return manual(
        `${config} is missing or not a regular file: set \`SELINUX=${mode.toLowerCase()}\` in it, or in the file that it links to`,
      );
    const put = [`SELINUX=${mode.toLowerCase()}`];
    const edit = configured ? { line: configured.line, drop: true as const, put } : { line: -1, put };
    all.push({ do: 'file', path: config, seen, edits: [edit] });
    // Files that were made without SELinux have no labels.
    if (live === 'Disabled' && mode !== 'Disabled')
      all.push({ do: 'file', path: '/.autorelabel', seen: 'absent', content: '-F\n', newMode: '644' });
  }
  if (scope !== 'Persisted' && mode !== live && !turnsOnOrOff)
    all.push({
      do: 'kernel',
      path: enforce,
      seen: live === 'Enforcing' ? '1' : '0',
      value: mode === 'Enforcing' ? '1' : '0',
    });
  if (all.length) return changes(...all);
  return manual(
    turnsOnOrOff && live === 'Disabled'
      ? 'reboot: SELinux can be turned on only at boot. If the disk has no labels yet, run `fixfiles -F onboot` first, and boot once with `enforcing=0`'
      : 'reboot: SELinux can be turned off only at boot',
  );
}
