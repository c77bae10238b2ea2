/** Devices: how many are not well, and why most of them. */
import { counted, shortened } from '../../../../lib/text.ts';
import { fail, pass, warn, type Check, type Verdict } from '../check.ts';
import type { Census } from '../census.ts';

export const devices: Check = {
  name: 'devices',
  async judge({ census }) {
    return devicesVerdict(await census());
  },
};

export function devicesVerdict({ devices: total, ill }: Pick<Census, 'devices' | 'ill'>): Verdict {
  if (total === 0) return pass('there are none');
  const [most] = [...ill].sort(([, a], [, b]) => b.count - a.count);
  if (!most) return pass(`${total === 1 ? 'it is' : `all ${total} are`} reachable and Ready`);
  const [reason, { count, example, message }] = most;
  const sum = [...ill.values()].reduce((all, one) => all + one.count, 0);
  const [namespace = '', name = ''] = example.split('/');
  const say = sum === total ? fail : warn;
  return say(
    `${sum} of ${counted(total, 'Device')} ${sum === 1 ? 'is' : 'are'} not reachable or not Ready, ${count} for ${reason}, such as Device ${example}: ${shortened(message, 300)}`,
    `kubectl -n ${namespace} describe device ${name}`,
  );
}
