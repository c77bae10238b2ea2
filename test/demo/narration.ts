/** How the demo speaks: steps with the time passed, commands as a user would type them, and what they print. */
import { resolve } from 'node:path';
import { mustRun, runCommand } from '../fleet/command.ts';
import type { Kubectl } from '../operator/kubectl.ts';

const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');

const begun = performance.now();
const colour = process.stdout.isTTY;

export function took(): string {
  const seconds = Math.round((performance.now() - begun) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function say(line: string): void {
  console.log(line);
}

export function step(title: string): void {
  say(colour ? `\n\x1b[1m▸ ${title}\x1b[0m  (${took()})` : `\n▸ ${title}  (${took()})`);
}

/** Prints the command and its output. */
export async function show(kubectl: Kubectl, ...args: readonly string[]): Promise<void> {
  say(`  $ kubectl ${args.join(' ')}`);
  say((await kubectl.run(...args)).trimEnd().replaceAll(/^/gm, '    '));
}

/** The same of `kubectl holdfast`. */
export async function showPlugin(kubeconfig: string, ...args: readonly string[]): Promise<void> {
  say(`  $ kubectl holdfast ${args.join(' ')}`);
  const environment = { ...(process.env as Record<string, string>), NODE_OPTIONS: '' };
  const printed = await mustRun([plugin, ...args, '--kubeconfig', kubeconfig], { environment });
  say(printed.trimEnd().replaceAll(/^/gm, '    '));
}

/** The same of what needs no cluster, whatever it ends with. `hidden` is a folder of this machine, which is left out. */
export async function showOffline(hidden: string, ...args: readonly string[]): Promise<number | null> {
  const shown = (text: string): string => text.replaceAll(`${hidden}/`, '');
  say(`  $ kubectl holdfast ${shown(args.join(' '))}`);
  const environment = { ...(process.env as Record<string, string>), NODE_OPTIONS: '' };
  const { code, stdout, stderr } = await runCommand([plugin, ...args], { environment });
  say(shown(`${stdout}${stderr}`).trimEnd().replaceAll(/^/gm, '    '));
  return code;
}
