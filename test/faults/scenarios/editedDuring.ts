/** A DeviceBaseline is edited while its run is about to replace the file: what is true in the end is the new declaration. */
import { executedOn, hold, letGo } from '../wire/hosts.ts';
import { beginOnHost, declare, hostOf, onHost, uncorrected } from './onHost.ts';
import { once, type Place, type Scenario } from './scenario.ts';

/** Whether the run stands on the host before what it is to do. */
async function isHeld(place: Place): Promise<boolean> {
  return Object.keys(await executedOn(hostOf(place).host, place.id)).length > 0;
}

export const editedDuring: Scenario = {
  ...onHost,
  name: 'edited',
  begin: async (place) => {
    await beginOnHost(place);
    await hold(hostOf(place).host, place.id);
    await declare(place, 'first\n');
  },
  next: async (place) => {
    if (!place.done.has('edit')) {
      if (!(await isHeld(place))) return 'no run is at work';
      await once(place, 'edit', () => declare(place, 'second\n'));
    }
    if (!place.done.has('let go')) {
      const open = await uncorrected(place, 'second\n');
      if (open === 'the newest generation is not evaluated') return open;
      await once(place, 'let go', () => letGo(hostOf(place).host, place.id));
      return 'the run goes on';
    }
    return uncorrected(place, 'second\n');
  },
};
