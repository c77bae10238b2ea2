/**
 * What `net.ipv4.conf.all` and `net.ipv6.conf.all` mean for an interface: the kernel combines the two values in a way that differs from
 * parameter to parameter (ip-sysctl in its documentation, include/linux/inetdevice.h in its source). Pure.
 */
import { differs } from './comparison.ts';
import { settingAtBoot, type Setting } from './sysctlSettings.ts';
import type { Difference } from './checkType.ts';

/** An interface whose own value is not the declared one. */
export interface InterfaceValue {
  readonly name: string;
  readonly value: string;
  /** Whether packets are forwarded from it, where that matters. */
  readonly forwards: boolean;
}

type Rule = 'or' | 'and' | 'max' | 'min' | 'own' | 'redirects';

const ipv4: Readonly<Record<string, Rule>> = {
  accept_local: 'or',
  accept_redirects: 'redirects',
  accept_source_route: 'and',
  arp_accept: 'max',
  arp_announce: 'max',
  arp_filter: 'or',
  arp_ignore: 'max',
  arp_notify: 'max',
  bc_forwarding: 'and',
  bootp_relay: 'and',
  disable_policy: 'or',
  disable_xfrm: 'or',
  drop_gratuitous_arp: 'or',
  drop_unicast_in_l2_multicast: 'or',
  forwarding: 'own',
  ignore_routes_with_linkdown: 'or',
  log_martians: 'or',
  mc_forwarding: 'and',
  promote_secondaries: 'or',
  proxy_arp: 'or',
  route_localnet: 'or',
  rp_filter: 'max',
  secure_redirects: 'or',
  send_redirects: 'or',
  shared_media: 'or',
  src_valid_mark: 'or',
};
/** There, `all` is but a value of its own, save for these. */
const ipv6: Readonly<Record<string, Rule>> = { accept_source_route: 'min', accept_dad: 'max' };

/** What is written to `all` the kernel writes to all others at once. */
const spread = new Set([
  'forwarding',
  'disable_ipv6',
  'proxy_ndp',
  'addr_gen_mode',
  'ignore_routes_with_linkdown',
  'disable_policy',
]);

const mostShown = 4;

/** The interfaces on which the declared value of `all` is not what is in effect, and what is. */
export function wrongInterfaces(
  name: string,
  value: string,
  interfaces: readonly InterfaceValue[],
): (InterfaceValue & { readonly path: string; readonly effective: number })[] {
  const { version, leaf, rule } = ruleOf(name);
  if (rule === undefined) return [];
  return interfaces.flatMap((one) => {
    const effective = combined(rule, Number(value), one);
    const path = `/proc/sys/net/${version}/conf/${one.name}/${leaf}`;
    return effective === Number(value) ? [] : [{ ...one, path, effective }];
  });
}

export function interfaceDifference(
  name: string,
  value: string,
  interfaces: readonly InterfaceValue[],
): Difference | undefined {
  const wrong = wrongInterfaces(name, value, interfaces);
  const [first] = wrong;
  if (!first) return undefined;
  const names = wrong.slice(0, mostShown).map((one) => one.name);
  const rest = wrong.length > names.length ? ` and ${wrong.length - names.length} more` : '';
  const message = `the kernel combines \`all\` with the interface's own value: declare \`${name.replace('.all.', '.default.')}\` too, which new interfaces inherit`;
  return differs(`live on ${names.join(', ')}${rest}`, value, `${first.effective}`, message);
}

/** Of which interfaces the next boot makes something else than the declared value of `all`, by lines of sysctl.d for them or for all of them. */
export function wrongAtBoot(
  name: string,
  value: string,
  settings: readonly Setting[],
): { readonly interface: string; readonly effective: number; readonly setting: Setting } | undefined {
  const { version, leaf, rule } = ruleOf(name);
  if (rule === undefined) return undefined;
  const pathFor = (one: string) => `net/${version}/conf/${one}/${leaf}`;
  const named = settings.flatMap(({ key }) => {
    const [, one = ''] = /^net[/]ipv[46][/]conf[/]([^/]+)[/][^/]+$/.exec(key) ?? [];
    return key === pathFor(one) && !['all', 'default', 'lo'].includes(one) ? [one] : [];
  });
  // Any other is as patterns make it, or as new ones are. That packets are forwarded is known of none yet.
  for (const one of [...named.filter((each) => !/[*?[]/.test(each)), anyInterface]) {
    const ofNew = spread.has(leaf) ? undefined : settingAtBoot(pathFor('default'), settings);
    const setting = settingAtBoot(pathFor(one), settings) ?? ofNew;
    if (setting?.value === undefined || !/^-?[0-9]+$/.test(setting.value)) continue;
    const effective = combined(rule, Number(value), { name: one, value: setting.value, forwards: false });
    if (effective !== Number(value)) return { interface: one, effective, setting };
  }
  return undefined;
}

/** Stands for those that no line names. */
export const anyInterface = 'interfaces';

function ruleOf(name: string): { version: string; leaf: string; rule?: Rule | undefined } {
  const [, version = '', leaf = ''] = /^net[.](ipv[46])[.]conf[.]all[.]([a-z0-9_]+)$/.exec(name) ?? [];
  return { version, leaf, rule: version === 'ipv6' ? (ipv6[leaf] ?? 'own') : version ? ipv4[leaf] : undefined };
}

function combined(rule: Rule, all: number, { value, forwards }: InterfaceValue): number {
  const own = Number(value);
  if (rule === 'own') return own;
  if (rule === 'max') return Math.max(all, own);
  if (rule === 'min') return Math.min(all, own);
  const isOr = rule === 'or' || (rule === 'redirects' && !forwards);
  return isOr ? Number(all !== 0 || own !== 0) : Number(all !== 0 && own !== 0);
}
