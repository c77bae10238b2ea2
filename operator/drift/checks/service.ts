/**
 * Service: whether the boot really starts a unit of systemd, whether it is active now, and whether it is masked. A link that enables a unit
 * is no start: what wants it must itself be part of the boot. And a unit that is not enabled may still be wanted by another.
 */
import type { ServiceCheck } from '../../api/v1alpha1/systemChecks.ts';
import { changes, manual, type Remedy } from './change.ts';
import type { CheckType, Difference } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { parseService, serviceScript, unitName, type ServiceObserved } from './serviceProbe.ts';

const isActive = ['active', 'reloading', 'refreshing', 'maintenance'];
const isEnabled = ['enabled', 'enabled-runtime'];
const hasNoInstall: Record<string, string> = {
  static: 'it has no [Install] section and is started by other units: declare the one that starts it',
  indirect: 'it is enabled through other units: declare those that its [Install] section names in `Also=`',
  generated: 'a generator creates it at boot: change what it is generated from',
  transient: 'it was created by a command and lasts only until the next boot: install a unit file',
};

export const service: CheckType<'service', ServiceObserved> = {
  key: 'service',
  request: (declared) => [unitName(declared)],
  script: serviceScript,
  parse: (answer, declared) => parseService(answer, unitName(declared)),
  compare({ enabled, running, masked }, observed) {
    const { load, unitFile } = observed;
    if (['error', 'bad-setting', 'merged', 'stub'].includes(load) && enabled === false)
      return unknown(
        `systemd cannot read the unit (${load}): check \`systemctl status ${observed.id}\`, and fix the unit file`,
      );
    const found = [
      enabled === undefined ? undefined : enabled ? toStart(observed) : notToStart(observed),
      running === undefined ? undefined : runningDifference(running, observed),
      masked === undefined ? undefined : maskedDifference(masked, load, unitFile),
    ];
    if (enabled && observed.isStale && !found.some(Boolean))
      return unknown(
        `the files of ${observed.id} have changed since systemd read them, and it is unknown what the next boot makes of them: run \`systemctl daemon-reload\``,
      );
    return known(found);
  },
  remedy: remedyOf,
  claims(declared) {
    const unit = unitName(declared);
    const { enabled, running, masked } = declared;
    const decided = { enabled: masked ? false : enabled, running, masked: enabled || running ? false : masked };
    return Object.fromEntries(
      Object.entries(decided).flatMap(([what, is]) => (is === undefined ? [] : [[`${what} of unit ${unit}`, `${is}`]])),
    );
  },
};

/** What keeps the next boot from starting it. */
function toStart({ id, load, unitFile, isHeldBack, boot }: ServiceObserved): Difference | undefined {
  const not = (actual: string, message?: string) => differs('enabled', 'enabled', actual, message);
  if (load === 'not-found') return not('no such unit', 'there is no such unit: install the package that provides it');
  if (load !== 'loaded') return not(load === 'masked' ? unitFile || load : load);
  const starts = boot.linked ?? (['disabled', 'enabled-runtime'].includes(unitFile) ? undefined : boot.wanted);
  if (starts && isHeldBack)
    return not(
      `${unitFile}, but a condition prevented it from starting`,
      `one of its conditions was not met: check \`systemctl status ${id}\``,
    );
  if (starts) return undefined;
  if (unitFile === 'enabled' || unitFile === 'alias')
    return not(
      `${unitFile}, but nothing that is started at boot wants it`,
      boot.wants.length ? `it is wanted only by ${boot.wants.join(', ')}` : undefined,
    );
  if (unitFile === 'enabled-runtime') return not(unitFile, 'this lasts only until the next boot');
  return not(unitFile || 'no unit file', hasNoInstall[unitFile]);
}

/** What may make the next boot start it. */
function notToStart({ load, unitFile, boot }: ServiceObserved): Difference | undefined {
  const not = (actual: string, message?: string) => differs('enabled', 'disabled', actual, message);
  if (load === 'not-found' || unitFile === 'masked') return undefined;
  if (unitFile === 'masked-runtime')
    return boot.linked ? not(unitFile, 'the mask lasts only until the next boot') : undefined;
  if (isEnabled.includes(unitFile)) return not(unitFile);
  const starter = boot.linked ?? boot.wanted;
  if (starter) return not(`${unitFile || 'no unit file'}, but started by ${starter}`);
  const [trigger] = boot.triggers;
  return trigger ? not(`${unitFile || 'no unit file'}, but started by ${trigger}`) : undefined;
}

function runningDifference(
  running: boolean,
  { id, load, active, sub, type, isFlapping, listening, mayEnd }: ServiceObserved,
): Difference | undefined {
  const not = (actual: string, message?: string) =>
    differs('running', running ? 'active' : 'inactive', actual, message);
  if (!running) {
    if (isActive.includes(active) || !['inactive', 'failed'].includes(active)) return not(active);
    return listening[0]
      ? not(`${active}, but ${listening[0].replace(':', ' as ')} can start it at any time`)
      : undefined;
  }
  if (load === 'not-found') return not('no such unit', 'there is no such unit: install the package that provides it');
  if (!isActive.includes(active)) return not(active);
  if (isFlapping) return not('active, but keeps restarting', `check \`journalctl -u ${id}\` for the cause`);
  // Such a service says that it is active though no process of it is left.
  if (sub === 'exited' && type !== 'oneshot' && type !== '' && !mayEnd)
    return not('active (exited)', 'none of its processes is running');
  return undefined;
}

function maskedDifference(masked: boolean, load: string, unitFile: string): Difference | undefined {
  if (masked) return unitFile === 'masked' ? undefined : differs('masked', 'masked', unitFile || load);
  return load === 'masked' || unitFile.startsWith('masked')
    ? differs('masked', 'not masked', unitFile || load)
    : undefined;
}

function remedyOf(declared: ServiceCheck, observed: ServiceObserved): Remedy {
  const { load, unitFile, active, sub, type, boot, listening, isFlapping, isHeldBack } = observed;
  const enabled =
    declared.enabled === undefined ? undefined : declared.enabled ? toStart(observed) : notToStart(observed);
  const running = declared.running === undefined ? undefined : runningDifference(declared.running, observed);
  const masked = declared.masked === undefined ? undefined : maskedDifference(declared.masked, load, unitFile);
  if (load === 'not-found' && (declared.enabled || declared.running))
    return manual('there is no such unit on this host: install the package that provides it');
  if (enabled) {
    const reason = declared.enabled ? cannotEnable(observed) : cannotDisable(observed);
    if (reason) return manual(reason);
  }
  if (running) {
    if (declared.running && active === 'active' && !isFlapping)
      return manual(
        `systemd considers it active, but none of its processes is running: check \`journalctl -u ${observed.id}\` for the cause, and restart it`,
      );
    if (declared.running && isFlapping)
      return manual(`it keeps restarting: check \`journalctl -u ${observed.id}\` for the cause`);
    if (declared.running && active === 'activating' && !sub.startsWith('auto-restart') && type !== 'oneshot')
      return manual(
        `it is still starting (${sub}), and Holdfast does not interrupt that: check \`journalctl -u ${observed.id}\` for what it waits for`,
      );
    if (declared.running && type === 'oneshot' && active !== 'failed' && !isHeldBack)
      return manual('it runs once and exits (`Type=oneshot`): declare only `enabled`');
    if (!declared.running && listening[0] && ['inactive', 'failed'].includes(active))
      return manual(
        listening[0].startsWith('D-Bus:')
          ? `whoever asks D-Bus for ${listening[0].slice(6)} starts it: declare \`masked: true\` if nothing may start it`
          : `it can be started at any time by ${listening.join(', ')}: declare \`running: false\` for that too`,
      );
  }
  if (boot.triggers[0] && enabled && !declared.enabled && !isEnabled.includes(unitFile) && !boot.linked && !boot.wanted)
    return manual(`it would be started by ${boot.triggers.join(', ')}: declare \`enabled: false\` for that too`);
  // What is masked is a name: a mask for another name of a unit, such as ctrl-alt-del.target, must not hit the unit itself.
  const isOtherName = observed.id !== unitName(declared) && load !== 'not-found';
  if (masked && isOtherName && (enabled || running))
    return manual(
      `${unitName(declared)} is another name for ${observed.id}, and a mask for the one does not mask the other: declare \`enabled\` and \`running\` for ${observed.id}`,
    );
  return changes({
    do: 'unit',
    unit: load === 'not-found' || masked ? unitName(declared) : observed.id,
    ...(enabled && { enabled: declared.enabled }),
    ...(running && { active: declared.running }),
    ...(masked && { masked: declared.masked }),
    seen: `${load}:${unitFile}:${active}`,
  });
}

function cannotEnable({ id, load, unitFile, boot, isHeldBack }: ServiceObserved): string | undefined {
  if (load === 'masked') return undefined;
  if (load !== 'loaded') return `systemd cannot read the unit: check \`systemctl status ${id}\`, and fix the unit file`;
  if (isHeldBack && (boot.linked ?? boot.wanted))
    return `a condition of the unit prevents it from starting: check \`systemctl status ${id}\``;
  if (['enabled', 'alias'].includes(unitFile) && boot.wants.length)
    return `it is enabled for ${boot.wants.join(', ')}, which the boot does not reach: make default.target want it, or set another default with \`systemctl set-default\``;
  if (unitFile === 'enabled')
    return 'it is enabled under another name or for a target that no boot reaches: add `WantedBy=multi-user.target` to its [Install] section';
  if (['disabled', 'linked', 'linked-runtime', 'enabled-runtime'].includes(unitFile)) return undefined;
  return hasNoInstall[unitFile] ?? `systemctl cannot enable a unit that is ${unitFile || 'without a unit file'}`;
}

function cannotDisable({ unitFile, boot, load }: ServiceObserved): string | undefined {
  if (isEnabled.includes(unitFile) || unitFile === 'masked-runtime' || load === 'masked') return undefined;
  const starter = boot.linked ?? boot.wanted;
  return starter
    ? `${starter} starts it although it is not enabled: declare \`masked: true\` if nothing may start it`
    : undefined;
}
