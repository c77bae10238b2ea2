/** SELinux: the mode in effect, and the one that the next boot takes from /etc/selinux/config and the kernel's arguments. */
import type { SelinuxCheck } from '../../api/v1alpha1/systemChecks.ts';
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { whyNot } from './shell.ts';
import { manual } from './change.ts';

type Mode = SelinuxCheck['mode'];

export interface SelinuxObserved {
  readonly live: Mode;
  readonly persisted: Mode;
  /** Whether the kernel's arguments decide, whatever the file says. */
  readonly byKernelArgument: boolean;
  /** Whether the file tells a mode. Without one, SELinux stays off. */
  readonly isConfigured: boolean;
}

const modes: Record<string, Mode> = { enforcing: 'Enforcing', permissive: 'Permissive', disabled: 'Disabled' };
const config = '/etc/selinux/config';
const enforce = '/sys/fs/selinux/enforce';

export const selinux: CheckType<'selinux', SelinuxObserved> = {
  key: 'selinux',
  request: () => [],
  script: `${whyNot}
n=$1 live= persisted= arguments= failed=
if [ ! -e ${enforce} ]; then live=disabled
else
  read -r live <${enforce} # which has no end of line, so that read complains
  case $live in 1) live=enforcing ;; 0) live=permissive ;; *) failed='${enforce} cannot be read' ;; esac
fi
if [ ! -e ${config} ]; then
  why_not ${config}
  [ -z "$why" ] || failed="${config} cannot be looked at: $why"
elif [ ! -r ${config} ]; then failed='${config} cannot be read'
else
  while read -r line || [ -n "$line" ]; do
    case $line in SELINUX=*) [ -n "$persisted" ] || persisted=\${line#SELINUX=} ;; esac
  done <${config}
fi
read -r arguments </proc/cmdline
while [ "$n" -gt 0 ] && IFS=$US read -r index; do
  n=$((n - 1))
  if [ -n "$failed" ]; then cannot "$index" "$failed"; else answer "$index" "$live$US$persisted$US$arguments"; fi
done`,
  parse(answer) {
    const [now, next, kernelArguments] = fieldsOf(answer, 3);
    const live = modes[now];
    if (!live) throw new Error('the host told no mode');
    const configured = modes[/^[a-z]*/.exec(next.toLowerCase())?.[0] ?? ''];
    const forced = modeByArguments(kernelArguments.split(' '));
    return {
      live,
      persisted: forced ?? configured ?? 'Disabled',
      byKernelArgument: forced !== undefined,
      isConfigured: configured !== undefined,
    };
  },
  compare({ mode, scope }, { live, persisted, byKernelArgument, isConfigured }) {
    const needsBoot =
      mode === 'Disabled' || live === 'Disabled' ? 'it takes a reboot to turn SELinux on or off' : undefined;
    const why = byKernelArgument
      ? "the kernel's arguments decide: remove `selinux=` and `enforcing=` from them with grubby"
      : isConfigured
        ? undefined
        : `${config} tells no mode: install selinux-policy-targeted`;
    return known([
      scope === 'Persisted' ? undefined : differs('live', mode, live, needsBoot),
      scope === 'Live' ? undefined : differs('persisted', mode, persisted, why),
    ]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

function modeByArguments(words: readonly string[]): Mode | undefined {
  if (words.includes('selinux=0')) return 'Disabled';
  if (words.includes('enforcing=1')) return 'Enforcing';
  return words.includes('enforcing=0') ? 'Permissive' : undefined;
}
