/** The scripts in the shells themselves, as keys are pressed; and what kubectl asks. */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const plugin = resolve(import.meta.dirname, '../../../bin/kubectl-holdfast');
let folder: string;
let environment: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-shells-'));
  // Answers as the plugin does, and says with which words it was run.
  const shim = `#!/bin/sh\n[ "$1" = __complete ] && exec '${plugin}' "$@"\nprintf 'RAN'\nprintf ' <%s>' "$@"\necho\n`;
  writeFileSync(join(folder, 'kubectl-holdfast'), shim);
  chmodSync(join(folder, 'kubectl-holdfast'), 0o755);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = spawnSync(plugin, ['completion', shell], { encoding: 'utf8' });
    writeFileSync(join(folder, shell), stdout);
  }
  writeFileSync(join(folder, 'a baseline.yaml'), '');
  // A context is named by whoever wrote the kubeconfig.
  const contexts = ['prod:eu', '$(touch pwned)', '`touch pwned`'].map((name) => `{name: '${name}'}`);
  writeFileSync(join(folder, 'kubeconfig'), `contexts: [${contexts.join(', ')}]\n`);
  environment = {
    ...{ PATH: `${folder}:${process.env['PATH'] ?? ''}`, KUBECONFIG: join(folder, 'kubeconfig'), TERM: 'xterm' },
    ...{ HOME: folder, ZDOTDIR: folder, INPUTRC: '/dev/null', HISTFILE: '/dev/null', PS1: '> ' },
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What was run after the keys were pressed at a terminal. */
function run(shell: string, begin: string, keys: string): Promise<string[]> {
  return new Promise((settle) => {
    const options = { cwd: folder, env: environment, timeout: 50_000 };
    const child = execFile('script', ['-qec', shell, '/dev/null'], options, (_, stdout) =>
      settle(stdout.split(/\r?\n/).flatMap((line) => /RAN.*$/.exec(line)?.[0] ?? [])),
    );
    child.stdin?.end(`${begin}\n${keys}\nexit\n`);
  });
}

const cases: readonly (readonly [string, string])[] = [
  ['stat\t', 'RAN <status>'],
  ['rollout ex\t', 'RAN <rollout> <explain>'],
  ['status --outp\tjs\t', 'RAN <status> <--output> <json>'],
  // https://github.com/spf13/cobra/pull/1146, https://github.com/kislyuk/argcomplete/issues/94: --output=--output=json
  ['status --output=js\t', 'RAN <status> <--output=json>'],
  // https://github.com/clap-rs/clap/issues/6403, https://github.com/spf13/cobra/issues/2376
  ['status --context prod:\t', 'RAN <status> <--context> <prod:eu>'],
  ['check -f a\t', 'RAN <check> <-f> <a baseline.yaml>'],
  ['approve policy\tx', 'RAN <approve> <policywaiver/x>'],
];

const starts = { bash: 'bash --norc --noprofile -i', zsh: 'zsh -f -i' } as const;
const begins = { bash: 'source ./bash', zsh: 'autoload -U compinit && compinit -u -D && source ./zsh' } as const;

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  test.each(cases)('completes %j', async (keys, ran) => {
    expect(await run(starts[shell], begins[shell], `kubectl-holdfast ${keys}`)).toEqual([ran]);
  });

  test('executes nothing that a name says', async () => {
    await run(starts[shell], begins[shell], 'kubectl-holdfast status --context \t\t');
    await run(starts[shell], begins[shell], 'kubectl-holdfast status --context \\$\t');
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});

test.each<[string, string[]]>([
  ['stat', ['status\tShow how hosts and cluster are: what is known of how many, then what is worst']],
  ['status --output=js', ['--output=json']],
  ['status --context prod', ['prod:eu']],
  ['check -f a', ['a baseline.yaml']],
])('fish offers for %j', (line, offered) => {
  const { stdout } = spawnSync('fish', ['--no-config', '-c', `source fish; complete -C 'kubectl-holdfast ${line}'`], {
    ...{ cwd: folder, env: environment, encoding: 'utf8' },
  });
  expect(stdout.split('\n').filter(Boolean)).toEqual(offered);
});

test('kubectl asks for what follows `kubectl holdfast`', () => {
  const path = `${resolve(plugin, '..')}:${environment['PATH'] ?? ''}`;
  const { stdout } = spawnSync('kubectl', ['__complete', 'holdfast', 'status', '-o', 'ya'], {
    ...{ cwd: folder, env: { ...environment, PATH: path }, encoding: 'utf8' },
  });
  expect(stdout.split('\n').slice(0, 2)).toEqual(['yaml', ':4']);
});
