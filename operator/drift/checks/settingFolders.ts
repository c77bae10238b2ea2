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
  return [...new Set([`${path}.d`, `${stem}.d`, ...own, ...foldersAfter(path)])];
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

const rootsOfUnits = ['/etc', '/run', '/usr/local/lib', '/usr/lib'];
const unitPath =
  /^\/etc\/systemd\/(system|user)\/((?:[^/]*[^/-])\.(?:service|socket|mount|automount|swap|target|path|timer|slice|scope))(?:\.d\/[^/]+\.conf)?$/;
/** Programs that read `conf.d` beside their file, or `.d` behind its name, by name, so that the last one counts. */
const byName =
  /^(\/etc\/NetworkManager\/)(?:NetworkManager\.conf|conf\.d\/[^/]+\.conf)$|^(\/etc\/sssd\/)(?:sssd\.conf|conf\.d\/[^/]+\.conf)$/;
const behindName = /^(\/etc\/(?:crio\/crio|containers\/(?:containers|storage))\.conf)(?:\.d\/[^/]+\.conf)?$/;
const ofSystemd = /^(\/etc\/systemd\/[a-z-]+\.conf)\.d\/[^/]+\.conf$/;

/** Folders of which files are read after this one where they come later by name, or all where it is the main file; none where that is not known. */
export function foldersAfter(path: string): readonly string[] {
  const [, kind = '', unit] = unitPath.exec(path) ?? [];
  if (unit !== undefined) {
    const names = namesOfUnit(unit);
    return rootsOfUnits.flatMap((root) => names.map((name) => `${root}/systemd/${kind}/${name}.d`));
  }
  const beside = byName.exec(path)?.slice(1).find(Boolean);
  if (beside !== undefined) return [`${beside}conf.d`];
  const main = behindName.exec(path)?.[1];
  if (main !== undefined) return [`${main}.d`];
  const ofManager = ofSystemd.exec(path)?.[1];
  return ofManager === undefined ? [] : foldersOfSystemd(ofManager);
}

/** The unit, its template, what its name begins with up to each dash, and its type: systemd.unit(5). */
function namesOfUnit(unit: string): readonly string[] {
  const at = unit.lastIndexOf('.');
  const [stem, type] = [unit.slice(0, at), unit.slice(at + 1)];
  const names = stem.includes('@') ? [unit, `${stem.replace(/@.*/, '@')}.${type}`] : [unit];
  const dashes = [...stem].flatMap((sign, place) => (sign === '-' ? [`${stem.slice(0, place + 1)}.${type}`] : []));
  return [...new Set([...names, ...dashes.reverse(), type])];
}

/** What systemd adds up, where several lines set it, unless an empty one takes back what was set before. */
export const addsUpInUnits =
  /^(Exec[A-Z]\w*|Environment(File)?|(Pass|Unset)Environment|Also|Alias|WantedBy|RequiredBy|Upheld(By)?|Upholds|After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Conflicts|On(Success|Failure|Calendar|Boot\w*|Startup\w*|Active\w*|Unit\w*)|Documentation|Condition\w+|Assert\w+|\w+Paths|(Runtime|State|Cache|Logs|Configuration)Directory|SystemCall(Filter|Log|Architectures)|CapabilityBoundingSet|AmbientCapabilities|Device(Allow|Policy)|IPAddress(Allow|Deny)|Restrict(AddressFamilies|FileSystems|NetworkInterfaces)|SocketBind(Allow|Deny)|Listen\w+|SupplementaryGroups|(Set|Load|Import)Credential\w*|Path(Exists|ExistsGlob|Changed|Modified)|DirectoryNotEmpty|Bind(ReadOnly)?Paths|InaccessiblePaths|LogExtraFields|DelegateControllers|SecureBits)$/;
