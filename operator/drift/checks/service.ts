/** Service: whether a unit of systemd starts at boot, and whether it is active now. */
import type { CheckType, Difference } from './checkType.ts';
import { differs, known } from './comparison.ts';
import { manual } from './change.ts';

export interface ServiceObserved {
  /** `loaded`, `not-found`, `masked`, … */
  readonly load: string;
  /** `enabled`, `disabled`, `static`, … */
  readonly unitFile: string;
  /** `active`, `inactive`, `failed`, … */
  readonly active: string;
}

/** States of a unit file under which the next boot starts the unit. `enabled-runtime` is not one: it ends with this boot. */
const startsAtBoot = ['enabled', 'alias', 'generated'];
const isActive = ['active', 'reloading', 'refreshing', 'maintenance'];
const unitSuffix = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** Why `enabled` means little for some units. */
const whyNotEnabled: Record<string, string> = {
  static: 'the unit has no [Install] section: other units start it; remove `enabled` from the check',
  indirect: 'the unit is enabled through others: check the ones that its [Install] section names in `Also=`',
  generated: 'a generator makes the unit at boot: change what it is generated from',
};

export const service: CheckType<'service', ServiceObserved> = {
  key: 'service',
  request: ({ name }) => [unitName(name)],
  // One systemctl for all, which prints them in order; one each when it refuses a name.
  script: `n=$1 requests= NL='
'
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index unit; do
  n=$((n - 1)) requests="$requests $index$US$unit"
  set -- "$@" "$unit"
done
show() { systemctl show --property=Names,LoadState,UnitFileState,ActiveState -- "$@" 2>&1 </dev/null; }
if units=$(show "$@"); then
  for request in $requests; do
    answer "\${request%%"$US"*}" "\${units%%"$NL$NL"*}"
    units=\${units#*"$NL$NL"}
  done
else
  for request in $requests; do
    if unit=$(show "\${request#*"$US"}"); then answer "\${request%%"$US"*}" "$unit"
    else cannot "\${request%%"$US"*}" "systemctl failed: \${unit##*"$NL"}"; fi
  done
fi`,
  parse(answer, { name }) {
    const properties = new Map(
      answer.split('\n').map((line) => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]),
    );
    const [names, load, unitFile, active] = ['Names', 'LoadState', 'UnitFileState', 'ActiveState'].map((key) =>
      properties.get(key),
    );
    if (!load || !active || unitFile === undefined) throw new Error('systemctl told no state');
    if (!names?.split(' ').includes(unitName(name))) throw new Error(`systemctl spoke of ${names ?? 'another unit'}`);
    return { load, unitFile, active };
  },
  compare({ enabled, running }, { load, unitFile, active }) {
    if (load === 'not-found') {
      const message = 'there is no such unit: install what has it';
      const missing = (path: string, wanted: string) => differs(path, wanted, 'no such unit', message);
      return known([
        enabled ? missing('enabled', 'enabled') : undefined,
        running ? missing('running', 'active') : undefined,
      ]);
    }
    return known([enabledDifference(enabled, unitFile), runningDifference(running, active)]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

function unitName(name: string): string {
  return unitSuffix.test(name) ? name : `${name}.service`;
}

function enabledDifference(enabled: boolean | undefined, unitFile: string): Difference | undefined {
  if (enabled === undefined || enabled === startsAtBoot.includes(unitFile)) return undefined;
  return differs('enabled', enabled ? 'enabled' : 'disabled', unitFile || 'no unit file', whyNotEnabled[unitFile]);
}

function runningDifference(running: boolean | undefined, active: string): Difference | undefined {
  const isRight = running ? isActive.includes(active) : !isActive.includes(active) && active !== 'activating';
  return running === undefined || isRight ? undefined : differs('running', running ? 'active' : 'inactive', active);
}
