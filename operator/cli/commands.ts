/** The one list of commands: reading it is reading what `kubectl holdfast` can do. */
import type { Command } from './command.ts';
import { actCommands } from './acts.ts';
import { check } from './check.ts';
import { complete, completion } from './completion.ts';
import { decisionCommands } from './decisions.ts';
import { doctor } from './doctor.ts';
import { evidenceExport } from './evidenceExport.ts';
import { evidenceVerify } from './evidenceVerify.ts';
import { importInventory } from './import/inventory/index.ts';
import { explain } from './explain.ts';
import { importOcm } from './import/ocm/index.ts';
import { importSlo } from './import/slo/index.ts';
import { plan } from './plan.ts';
import { results } from './results.ts';
import { rolloutCommands } from './rollout.ts';
import { runCommands } from './runs.ts';
import { status } from './status.ts';
import { supportBundle } from './supportBundle.ts';
import { tree } from './tree.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';
import { why } from './why.ts';
import { windows } from './windows.ts';

export const commands: readonly Command[] = [
  ...actCommands,
  ...decisionCommands,
  check,
  complete,
  completion,
  doctor,
  evidenceExport,
  evidenceVerify,
  importInventory,
  explain,
  importOcm,
  importSlo,
  plan,
  results,
  ...rolloutCommands,
  ...runCommands,
  status,
  supportBundle,
  tree,
  validate,
  version,
  why,
  windows,
];
