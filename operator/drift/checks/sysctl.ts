/**
 * Sysctl: the live value of a kernel parameter, and the one that systemd-sysctl sets at the next boot. A value for all interfaces must be
 * in effect on each. Where IPv6 is off, its parameters are not applicable.
 */
import type { SysctlCheck } from '../../api/v1alpha1/systemChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { changes, manual, type Remedy } from './change.ts';
import type { CheckType, Difference } from './checkType.ts';
import { differs, fieldsOf, known, notApplicable, unknown } from './comparison.ts';
import { visible } from './shown.ts';
import {
  anyInterface,
  interfaceDifference,
  wrongAtBoot,
  wrongInterfaces,
  type InterfaceValue,
} from './sysctlInterfaces.ts';
import { sysctlScript } from './sysctlScript.ts';
import { onlyTells, setLate, whyOutdone, type SetLate, type Tuned } from './sysctlTuned.ts';
import { placedFor } from './placed.ts';
import { seenOf } from './shell.ts';
import {
  allDropIns,
  inNames,
  inOrder,
  pathOf,
  persisted,
  settingAtBoot,
  type Setting,
  type SettingsFile,
  type SettingsRead,
} from './sysctlSettings.ts';

export interface SysctlObserved extends SettingsRead {
  /** Absent when the kernel has no such parameter. */
  readonly live?: string;
  /** Whether that is because it has no IPv6. */
  readonly lacksIpv6: boolean;
  /** Interfaces with another value of their own, where the value of all was asked. */
  readonly interfaces: readonly InterfaceValue[];
  /** Whether systemd-sysctl is masked, so that nothing is set. */
  readonly isMasked: boolean;
  /** What TuneD sets after that. */
  readonly late?: SetLate;
  /** The file that changes when it runs and what it does. */
  readonly changedBy?: string | undefined;
}

export const sysctl: CheckType<'sysctl', SysctlObserved> = {
  key: 'sysctl',
  request: ({ name, value }) => [pathOf(name), words(value) || '-'],
  shares: [placedFor(() => [...allDropIns, '/etc/sysctl.conf'])],
  functions: [seenOf],
  script: sysctlScript,
  parse: parseSysctl,
  compare({ name, value, scope }, observed, conceal) {
    const { live, interfaces, isMasked, lacksIpv6 } = observed;
    if (lacksIpv6 && scope !== 'Persisted') return notApplicable('IPv6 is disabled in the kernel of this host');
    if (onlyTells.test(name) && scope !== 'Live' && (scope === 'Persisted' || live === words(value)))
      return unknown(
        'the kernel lets nobody set this parameter, so sysctl.d does not decide what it is after the next boot: declare `scope: Live`',
      );
    const atBoot = valueAtBoot(name, observed);
    if (scope !== 'Live' && observed.changedBy && atBoot === words(value))
      return unknown(
        `${observed.changedBy} changes when systemd-sysctl runs, or what it does: it is unknown whether it sets this at boot`,
      );
    if (scope === 'Persisted' && live === undefined && atBoot === words(value))
      return unknown('the kernel does not have this parameter now, so it is unknown whether the boot can set it');
    const show = isSecret(name) ? (text: string) => conceal(sha256(text)) : visible;
    const wanted = show(words(value));
    const lacking =
      'the kernel of this host does not have this parameter: load the module that provides it, or remove the check';
    const liveDifference =
      live === undefined ? differs('live', wanted, 'absent', lacking) : differs('live', wanted, show(live));
    const late = observed.late && observed.late.value !== settingAtBoot(pathOf(name), observed.settings)?.value;
    const masked = late
      ? `TuneD sets it after systemd-sysctl, as ${observed.late?.file ?? ''} says`
      : isMasked
        ? 'systemd-sysctl.service is masked, so nothing is set'
        : undefined;
    const persistedDifference = differs('persisted', wanted, atBoot === undefined ? 'not set' : show(atBoot), masked);
    return known([
      ...(scope === 'Persisted' ? [] : [liveDifference, interfaceDifference(name, words(value), interfaces)]),
      ...(scope === 'Live' ? [] : [persistedDifference, atBootDifference(name, words(value), observed)]),
    ]);
  },
  remedy: remedyOf,
  claims: ({ name, value, scope }) => ({
    ...(scope !== 'Persisted' && { [`live sysctl ${oneName(name)}`]: words(value) }),
    ...(scope !== 'Live' && { [`sysctl ${oneName(name)} at boot`]: words(value) }),
  }),
};

/** What lines for interfaces make of it, though that for all of them says what is declared. */
function atBootDifference(name: string, value: string, { isMasked, settings }: SysctlObserved): Difference | undefined {
  const wrong = isMasked ? undefined : wrongAtBoot(name, value, settings);
  if (!wrong) return undefined;
  const place = `line ${wrong.setting.line} of ${wrong.setting.file}`;
  return differs(`persisted on ${wrong.interface}`, value, `${wrong.effective} (${place})`);
}

function parseSysctl(answer: string, { name }: SysctlCheck): SysctlObserved {
  const [first = '', ...lines] = answer.split('\n');
  if (!['absent', 'no ipv6'].includes(first) && !first.startsWith('='))
    throw new Error('the host did not report the live value');
  const settings: Setting[] = [];
  const interfaces: InterfaceValue[] = [];
  const files = new Map<string, SettingsFile>();
  let tuned: Tuned | undefined;
  for (const line of lines) {
    const [kind, ...rest] = line.split('\x1f');
    const text = rest.join('\x1f');
    if (kind === 's') {
      const [file, number, key, sign, value] = fieldsOf(text, 5);
      const isLenient = sign.startsWith('-');
      const own = oneName(key) === oneName(pathOf(name)) ? pathOf(name) : key;
      settings.push({
        file,
        line: Number(number),
        key: own,
        spelling: key,
        isLenient,
        ...(sign.endsWith('=') && { value: words(value) }),
      });
    } else if (kind === 'i') {
      const [name, value, forwards] = fieldsOf(text, 3);
      interfaces.push({ name, value, forwards: forwards !== '0' });
    } else if (kind === 'f') {
      const [file, path, seen] = fieldsOf(text, 3);
      files.set(file, { path, seen });
    } else if (kind === 'tunes') {
      tuned = { reapplies: text === 'reapplies' };
    } else if (kind === 't') {
      const [file, set] = fieldsOf(text, 2);
      const at = set.indexOf('=');
      if (tuned && pathOf(set.slice(0, at).trim()) === pathOf(name))
        tuned = { ...tuned, profile: { file, value: words(set.slice(at + 1)) } };
    } else if (kind !== 'masked' && kind !== 'changed')
      throw new Error('the host reported something unexpected about sysctl.d');
  }
  if (settings.length > mostSettings)
    throw new Error(`sysctl.d has ${settings.length} lines that may set ${name}: remove those that are not needed`);
  const late = tuned && setLate(tuned, pathOf(name), inNames(settings));
  return {
    ...(first.startsWith('=') && { live: words(first.slice(1)) }),
    lacksIpv6: first === 'no ipv6',
    interfaces,
    ...(late && { late }),
    isMasked: lines.includes('masked'),
    changedBy: lines.find((line) => line.startsWith('changed\x1f'))?.slice('changed\x1f'.length),
    settings: inOrder(settings),
    files,
  };
}

/** Lines for each interface and patterns for several are compared one by one. */
const mostSettings = 1000;
/** A host with more is one of containers, which come and go. */
const mostInterfaces = 16;

/** The live value first: what the kernel refuses is not left for the next boot. */
function remedyOf({ name, value: declared, scope }: SysctlCheck, observed: SysctlObserved): Remedy {
  const { live, interfaces, isMasked, settings } = observed;
  const value = words(declared);
  if (onlyTells.test(name))
    return manual(
      'the kernel lets nobody set this parameter: it depends on what the kernel is and was started with, such as `fips=1`',
    );
  const setLive = scope !== 'Persisted' && live !== value;
  const persist = scope !== 'Live' && valueAtBoot(name, observed) !== value;
  if (setLive && live === undefined)
    return manual(
      'load the module that provides the parameter (`modprobe`, and a file in /etc/modules-load.d), or remove the check',
    );
  if (persist && name === 'kernel.modules_disabled' && value !== '0')
    return manual(
      'setting it early in the boot may block modules that are still needed: have a unit set it once the system is up',
    );
  if (setLive && isOneWay(name, value))
    return manual(
      `once set, it cannot be changed back before the next boot, so Holdfast does not set it now: declare \`scope: Persisted\` and reboot, or run \`sysctl -w ${name}=${value}\``,
    );
  if (persist && isMasked)
    return manual('run `systemctl unmask systemd-sysctl.service`; while it is masked, nothing is set at boot');
  const wrong = scope === 'Persisted' ? [] : wrongInterfaces(name, value, interfaces);
  if (wrong.length > mostInterfaces)
    return manual(
      `${wrong.length} interfaces have a different value of their own, too many to set one by one: declare \`${name.replace('.all.', '.default.')}\` and reboot, or set them manually`,
    );
  const late = persist ? whyOutdone(observed.late, settingAtBoot(pathOf(name), settings)) : undefined;
  if (late !== undefined) return manual(late);
  const change = persist ? persisted(name, value, observed, isSecret(name)) : undefined;
  if (change && 'tooLate' in change)
    return manual(
      `it is set in ${change.tooLate}, which is read after all other files and which Holdfast does not edit: change it there`,
    );
  const atBoot = scope === 'Live' ? undefined : wrongAtBoot(name, value, settings);
  if (atBoot && atBoot.interface !== anyInterface)
    return manual(
      `line ${atBoot.setting.line} of ${atBoot.setting.file} gives ${atBoot.interface} a different value: remove it if that is not wanted`,
    );
  const ofAll = atBoot && persisted(name.replace('.all.', '.*.'), value, observed, false);
  if (ofAll && 'tooLate' in ofAll)
    return manual(
      `${ofAll.tooLate} gives interfaces a different value, and is read after all other files: change it there`,
    );
  return changes(
    setLive ? { do: 'kernel', path: `/proc/sys/${pathOf(name)}`, seen: live ?? '', value } : undefined,
    ...wrong.map(({ path, value: seen }) => ({ do: 'kernel' as const, path, seen, value })),
    change,
    ofAll,
  );
}

function valueAtBoot(name: string, { settings, isMasked, live, late }: SysctlObserved): string | undefined {
  const set = isMasked ? undefined : settingAtBoot(pathOf(name), settings)?.value;
  const value = late?.value ?? set;
  return value === undefined || live === undefined ? value : asKernelReads(value, live);
}

/** Where the kernel has numbers it takes those of C, and leaves what comes after them: `0x1 # why` is 1. */
function asKernelReads(value: string, live: string): string {
  const count = live.split(' ').length;
  const parts = value.split(' ').slice(0, count);
  const isNumber = (part: string) => /^-?(0x[0-9a-f]+|[0-9]+)$/i.test(part);
  if (parts.length < count || !live.split(' ').every(isNumber) || !parts.every(isNumber)) return value;
  return parts.map((part) => `${numberOf(part)}`).join(' ');
}

function numberOf(part: string): bigint {
  const [, sign, digits = ''] = /^(-?)(.*)$/.exec(part) ?? [];
  const size = BigInt(
    /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : /^[1-9]|^0x|^0$/i.test(digits) ? digits : '0',
  );
  return sign ? -size : size;
}

/** Parameters whose values are keys. */
function isSecret(name: string): boolean {
  return /[.](stable_secret|tcp_fastopen_key)$/.test(name);
}

/** Values that the kernel lets nobody change again. */
function isOneWay(name: string, value: string): boolean {
  return (
    (/^kernel[.](modules_disabled|kexec_load_disabled)$/.test(name) && value !== '0') ||
    (name === 'kernel.unprivileged_bpf_disabled' && value === '1') ||
    (name === 'kernel.yama.ptrace_scope' && value === '3')
  );
}

/** Of the two names of one parameter, as names or as paths, the usual one. */
function oneName(name: string): string {
  return name.replace(/^net([./])ipv4[./]conf[./]all[./]forwarding$/, 'net$1ipv4$1ip_forward');
}

function words(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}
