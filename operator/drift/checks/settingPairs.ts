/** Settings that a program only takes together. Pure. */
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import type { Format } from './settingFormats.ts';
import { inOrder, occurrencesOf } from './settingReading.ts';
import type { ToldFile } from './toldLines.ts';

/**
 * Why the reader would give up: a number that has to be larger than another is not, with the declared value or, without one, as the files are.
 * Nothing where one of them is no plain number.
 */
export function whyNotLarger(format: Format, declared: SettingCheck, files: readonly ToldFile[]): string | undefined {
  const { larger } = format;
  const key = declared.key.toLowerCase();
  if (!larger?.includes(key)) return undefined;
  const valueOf = (name: string): string =>
    name === key && declared.value !== undefined
      ? declared.value
      : (occurrencesOf(format, { path: declared.path, key: name }, inOrder(format, files)).at(-1)?.value ?? '0');
  const [name, than] = larger;
  const [value, bound] = [valueOf(name), valueOf(than)];
  if (!/^[0-9]+$/.test(value) || !/^[0-9]+$/.test(bound) || Number(value) > Number(bound)) return undefined;
  return `${format.reader} does not start unless ${name} (${value}) is larger than ${than} (${bound}): change ${key === name ? than : name} first`;
}
