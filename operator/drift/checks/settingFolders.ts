/** Where the readers of configuration files look besides, what they refuse to read, and which words they know. Pure. */
import type { Seen } from './change.ts';

/** As systemd.syntax(7) and journald.conf(5), "Configuration directories and precedence", say. */
export function foldersOfSystemd(path: string): readonly string[] {
  const inside = `${path.replace(/^\/etc\//, '')}.d`;
  return ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((root) => `${root}/${inside}`);
}

/** Where programs have drop-ins of a file: `x.conf.d`, `x.d`, or `conf.d` beside it where the folder is the program's own. */
export function foldersBeside(path: string): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const stem = path.replace(/\.[A-Za-z]+$/, '');
  const own =
    /^\/etc\/[^/]/.test(folder) && !folder.endsWith('.d') && !folder.endsWith('/conf.d') ? [`${folder}/conf.d`] : [];
  return [...new Set([`${path}.d`, `${stem}.d`, ...own])];
}

const anything = /^/;

/** Lines by which programs read other files, in the spellings that they have for it. */
export const including = [
  'include',
  'include_if_exists',
  'include_try',
  'includedir',
  'include_dir',
  'includeconfig',
  'includeoptional',
].flatMap((one) => ['', '!', '@', '@@', '%', '$', '.'].map((sign) => [`${sign}${one}`, anything] as const));

/** load_config() of auditd-config.c. */
export function refusedByAuditd(seen: Seen): string | undefined {
  const [kind, mode = '', uid] = seen.split(':');
  if (kind === 'l') return 'is a symbolic link, which auditd does not follow';
  if (uid !== '0') return 'does not belong to root, so auditd does not read it';
  return /[2367]$/.test(mode) ? 'can be written by any account, so auditd does not read it' : undefined;
}

/** Directives of chrony.conf(5), of all releases; `maxpoll` and the like are options of a source. */
export const ofChrony =
  /^(acquisitionport|allow|authselectmode|bind(acq|cmd)?(address|device)|broadcast|clientloglimit|cmdallow|cmddeny|cmdport|cmdratelimit|combinelimit|commandkey|confdir|corrtimeratio|deny|driftfile|dscp|dump(dir|onexit)|fallbackdrift|generatecommandkey|hwclockfile|hwts?(imestamp|timeout)|include|initstepslew|keyfile|leapsec(mode|list|tz)|linux_(freq_scale|hz)|local|lock_all|log|log(banner|change|dir)|mailonchange|makestep|manual|max(change|clockerror|distance|drift|jitter|ntsconnections|samples|slewrate|txbuffers|updateskew)|min(samples|sources)|nocerttimecheck|noclientlog|nosystemcert|ntpsigndsocket|nts(aeads|cachedir|dumpdir|ntpserver|port|processes|ratelimit|refresh|rotate|servercert|serverkey|trustedcerts)|opencommands|peer|pidfile|pool|port|ptp(domain|port)|ratelimit|refclock|refresh|reselectdist|rtc(autotrim|device|file|onutc|sync)|sched_priority|server|smoothtime|sourcedir|stratumweight|tempcomp|user)$/i;
