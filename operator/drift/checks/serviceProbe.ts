/** How systemd is asked of units, and how its answer is read. Pure. */
import type { ServiceCheck } from '../../api/v1alpha1/systemChecks.ts';

export interface ServiceObserved {
  /** The name of the unit itself, which may have been asked by another of its names. */
  readonly id: string;
  /** `loaded`, `not-found`, `masked`, … */
  readonly load: string;
  /** `enabled`, `disabled`, `static`, …; empty where there is no unit file. */
  readonly unitFile: string;
  /** `active`, `inactive`, `failed`, …, and what of: `running`, `exited`, `dead`, `auto-restart`, … */
  readonly active: string;
  readonly sub: string;
  /** `simple`, `oneshot`, …; empty where it is no service. */
  readonly type: string;
  /** Whether it died again and again within the last minute. */
  readonly isFlapping: boolean;
  /** Whether a condition kept it from starting when that was last tried. */
  readonly isHeldBack: boolean;
  /** Whether its files have changed since systemd read them. */
  readonly isStale?: boolean;
  /** Whether its processes need not stay, as it says itself. */
  readonly mayEnd?: boolean;
  /** Active sockets and paths that start it, and its name on D-Bus, where who asks for that starts it: `D-Bus:org.example`. */
  readonly listening: readonly string[];
  /** What is known of the next boot. */
  readonly boot: Boot;
}

export interface Boot {
  /** The unit by which the boot, as systemd knows it now, comes to start it. */
  readonly wanted?: string;
  /** The unit, part of the boot, below which there is a link to it on the disk. */
  readonly linked?: string;
  /** Sockets, paths and timers that the boot starts, and that start it. */
  readonly triggers: readonly string[];
  /** Units that want it, whether or not the boot starts them. */
  readonly wants: readonly string[];
}

const facts =
  'Id,Names,LoadState,UnitFileState,ActiveState,SubState,Type,NRestarts,ActiveEnterTimestampMonotonic,ConditionResult,ConditionTimestampMonotonic,TriggeredBy,WantedBy,RequiredBy,BoundBy,UpheldBy,BusName,NeedDaemonReload,GuessMainPID';

/**
 * Whether the boot starts a unit: whether a chain of units that want the next one leads from default.target to it. Reads units in blocks, links
 * `L US FOLDER US NAME US TARGET` with those first that override others, and questions `Q US INDEX US UNIT`. Prints `need UNIT…`
 * while it lacks units of a chain; then `done`, and for each question `INDEX US WANTED US LINKED US TRIGGERS US WANTS US LISTENING US` and the
 * properties of the unit, each with GS behind it.
 */
const reaching = `function flush(  i, n, names) {
  # A block that breaks off is asked for again.
  if (id == "" || !("WantedBy" in fact) || !("RequiredBy" in fact) || !("TriggeredBy" in fact) || !("ConditionTimestampMonotonic" in fact)) {
    id = text = ""; split("", fact); return
  }
  have[id] = 1; facts[id] = text; n = split(fact["Names"], names, " ")
  for (i = 1; i <= n; i++) idof[names[i]] = id
  up[id] = fact["WantedBy"] " " fact["RequiredBy"] " " fact["BoundBy"] " " fact["UpheldBy"]
  trig[id] = fact["TriggeredBy"]; act[id] = fact["ActiveState"]; named[id] = fact["Names"]
  id = text = ""; split("", fact)
}
function idOf(unit) { return unit in idof ? idof[unit] : unit }
function reach(unit, depth,  i, n, parents, parent) {
  unit = idOf(unit)
  if (unit == top) return "default.target"
  if (unit in reached) return reached[unit]
  if (!(unit in have)) { if (!(unit in asked)) { asked[unit] = 1; need = need " " unit }; return "" }
  reached[unit] = ""
  n = split(up[unit], parents, " ")
  for (i = 1; i <= n; i++) {
    parent = parents[i]
    if (reach(parent, depth + 1) != "") { reached[unit] = parent; return parent }
  }
  # A link that systemd has not heard of counts at the next boot.
  parent = linkOf(unit)
  if (parent != "") { reached[unit] = parent; return parent }
  if (depth > 0) delete reached[unit]
  return ""
}
function linkOf(unit,  i, n, above) {
  n = split(links[unit], above, " ")
  for (i = 1; i <= n; i++) if (reach(above[i], 1) != "") return above[i]
  return ""
}
BEGIN { FS = "\\037" }
$1 == "L" {
  folder = $2; sub(".*/", "", folder); key = folder "/" $3
  if (key in linked) next
  linked[key] = 1
  if ($4 != "/dev/null") { sub("[.](wants|requires|upholds)$", "", folder); links[$3] = links[$3] " " folder }
  next
}
$1 == "Q" { asks++; index_[asks] = $2; unit_[asks] = $3; next }
$0 == "" { flush(); next }
{ at = index($0, "="); key = substr($0, 1, at - 1); fact[key] = substr($0, at + 1); text = text $0 "\\035"; if (key == "Id") id = fact[key] }
END {
  flush()
  top = idOf("default.target")
  if (!(top in have)) { print "need default.target"; exit }
  for (k = 1; k <= asks; k++) {
    unit = idOf(unit_[k]); wanted = reach(unit, 0); disk = ""; triggers = ""; listening = ""
    n = split(named[unit] == "" ? unit : named[unit], names, " ")
    for (i = 1; i <= n; i++) if (disk == "") disk = linkOf(names[i])
    stem = unit
    if (sub("[.]service$", "", stem)) maybe = stem ".socket " stem ".path " stem ".timer"; else maybe = ""
    split("", told)
    n = split(trig[unit] " " maybe, names, " ")
    known = split(trig[unit], ignored, " ")
    for (i = 1; i <= n; i++) {
      one = names[i]
      if (one in told) continue
      told[one] = 1
      if (i <= known && reach(one, 0) != "" || linkOf(one) != "") triggers = triggers " " one
      if (i <= known && idOf(one) in have && act[idOf(one)] == "active" && one !~ /[.]timer$/) listening = listening " " one
      if (i <= known && !(idOf(one) in have) && !(idOf(one) in asked)) { asked[idOf(one)] = 1; need = need " " idOf(one) }
    }
    line[k] = index_[k] FS wanted FS disk FS triggers FS up[unit] FS listening FS facts[unit]
  }
  if (need != "") { print "need" need; exit }
  print "done"
  for (k = 1; k <= asks; k++) print line[k]
}`;

/**
 * Through these the boot starts nearly all; others are asked for when a chain leads to them. To ask for all that there are would have systemd
 * tell of some forty.
 */
const targets =
  'default.target multi-user.target graphical.target basic.target sysinit.target sockets.target timers.target paths.target initrd.target';

/** One systemctl for all units and these targets, and one each when it refuses a name; one find for links, and one awk that puts them together. */
export const serviceScript = `n=$1 requests= questions= graph= failed=
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index unit; do
  n=$((n - 1)) requests="$requests $index$US$unit"
  set -- "$@" "$unit"
done
# What may start them by another way, so that it need not be asked for once it is known.
for unit; do
  for kind in socket path timer; do
    for folder in /etc/systemd/system /usr/lib/systemd/system; do
      [ ! -e "$folder/\${unit%.service}.$kind" ] || { set -- "$@" "\${unit%.service}.$kind"; break; }
    done
  done
done
# FACTS: sets $bus to the name on D-Bus for which one of the names of the unit is started.
on_bus() {
  name=\${1#*"\${GS}BusName="} name=\${name%%"$GS"*}
  names=\${1#*Names=} names=" \${names%%"$GS"*} "
  for folder in /etc/dbus-1 /usr/local/share/dbus-1 /usr/share/dbus-1; do
    [ -r "$folder/system-services/$name.service" ] || continue
    while read -r line; do
      case $line in SystemdService=*) case $names in *" \${line#*=} "*) bus=D-Bus:$name ;; esac ;; esac
    done <"$folder/system-services/$name.service"
    return
  done
}
show() { systemctl show --all --property=${facts} -- "$@" 2>&1 </dev/null; }
if graph=$(show "$@" ${targets}); then
  for request in $requests; do questions="\${questions}Q$US$request$NL"; done
else
  graph=
  for request in $requests; do
    if unit=$(show "\${request#*"$US"}"); then
      graph="$graph$unit$NL$NL" questions="\${questions}Q$US$request$NL"
    else
      cannot "\${request%%"$US"*}" "systemctl failed: \${unit##*"$NL"}"
    fi
  done
  [ -z "$questions" ] || targets=$(show ${targets}) || failed="systemctl failed: \${targets##*"$NL"}"
  graph="$graph$targets"
fi
if [ -n "$questions" ]; then
  set --
  for folder in /etc/systemd/system /run/systemd/generator.early /run/systemd/generator /run/systemd/generator.late /usr/local/lib/systemd/system /usr/lib/systemd/system; do
    [ ! -d "$folder" ] || set -- "$@" "$folder"
  done
  links=$(find "$@" -mindepth 2 -maxdepth 2 -type l -printf "L$US%h$US%f$US%l\\n" </dev/null 2>&1) || failed="the links of units cannot be read: \${links##*"$NL"}"
  # The last folder has these everywhere.
  case $links in *"$US/usr/lib/systemd/system/sysinit.target.wants$US"*) ;; *) failed=\${failed:-'find did not report all links of units'} ;; esac
  rounds=0 result=
  while [ -z "$failed" ]; do
    result=$(printf '%s\\n\\n%s\\n%s' "$graph" "$links" "$questions" | awk '${reaching}' 2>&1) || failed="awk failed: \${result##*"$NL"}"
    case $result in
      done*) break ;;
      'need '*) ;;
      *) failed=\${failed:-"awk printed unexpected output: \${result##*"$NL"}"} ;;
    esac
    rounds=$((rounds + 1))
    [ "$rounds" -lt 16 ] || failed=\${failed:-'systemctl did not report all units that it refers to'}
    [ -n "$failed" ] || more=$(show \${result#need }) || failed="systemctl failed: \${more##*"$NL"}"
    graph="$graph$NL$NL$more"
  done
  read -r uptime rest </proc/uptime || uptime=
  IFS=$NL
  for question in $questions; do
    index=\${question#Q"$US"} index=\${index%%"$US"*} own=
    for line in $result; do case $line in "$index$US"*) own=\${line#"$index$US"} ;; esac; done
    bus=
    case $own in *"\${GS}BusName="[!"$GS"]*) on_bus "$own" ;; esac
    if [ -n "$failed" ]; then cannot "$index" "$failed"; else answer "$index" "$uptime$US$bus$US$own"; fi
  done
fi`;

/** What systemd tells of every unit, whatever its version. */
const always = [
  'Id',
  'Names',
  'LoadState',
  'UnitFileState',
  'ActiveState',
  'SubState',
  'ActiveEnterTimestampMonotonic',
  'ConditionResult',
  'ConditionTimestampMonotonic',
  'TriggeredBy',
  'WantedBy',
  'RequiredBy',
];

export function parseService(answer: string, unit: string): ServiceObserved {
  const [uptime = '', bus, wanted, linked, triggers, wants, listening, block] = answer.split('\x1f');
  if (block === undefined) throw new Error('systemctl did not report enough about the boot');
  const told = new Map(block.split('\x1d').map((line) => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]));
  const lacking = always.filter((key) => !told.has(key));
  if (lacking.length) throw new Error(`systemctl did not report ${lacking.join(', ')} of ${unit}`);
  const [id, names, load, unitFile, active, sub] = always.map((key) => told.get(key) ?? '') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!id || !load || !active || !sub) throw new Error('systemctl did not report a state');
  if (!names.split(' ').includes(unit)) throw new Error(`systemctl reported ${names} instead of ${unit}`);
  const seconds = (key: string) => Number(told.get(key) ?? 0) / 1_000_000;
  const isYoung = Number(uptime) - seconds('ActiveEnterTimestampMonotonic') < 60;
  return {
    id,
    load,
    unitFile,
    active,
    sub,
    type: told.get('Type') ?? '',
    isFlapping: Number(told.get('NRestarts') ?? 0) >= 3 && isYoung,
    isHeldBack: told.get('ConditionResult') === 'no' && seconds('ConditionTimestampMonotonic') > 0,
    ...(told.get('NeedDaemonReload') === 'yes' && { isStale: true }),
    ...(told.get('Type') === 'forking' &&
      told.get('GuessMainPID') === 'no' &&
      unitFile !== 'generated' && { mayEnd: true }),
    listening: [...words(listening), ...words(load === 'loaded' ? bus : '')],
    boot: {
      ...(wanted && { wanted }),
      ...(linked && { linked }),
      triggers: words(triggers),
      wants: words(wants),
    },
  };
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(' ').filter(Boolean);
}

const unitSuffix = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

export function unitName({ name }: ServiceCheck): string {
  return unitSuffix.test(name) ? name : `${name}.service`;
}
