/** The one list of commands: reading it is reading what `kubectl holdfast` can do. */
import type { Command } from './command.ts';
import { importOcm } from './import/ocm/index.ts';

export const commands: readonly Command[] = [importOcm];
