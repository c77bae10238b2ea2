import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { foldersBeside } from './settingFolders.ts';
import { formats } from './settingFormats.ts';
import { hasForm } from './settingForms.ts';

const lines = [
  '',
  '# a',
  '  ; a',
  'a = b',
  'A_1="b c" # d',
  "export A='b'",
  'A=$(x) B=1',
  '[main]',
  ' [main] # x',
  '[ma]in]',
  'a',
  ' indented',
  'minlen = 15',
  'minlength = 15',
  'MINLEN==15 # c',
  'enforce_for_root',
  'max_log_file = 8',
  'max_log_file = 8 MB',
  'MAX_LOG_FILE=8',
  'space_left_action = exec /bin/x',
  'space_left_percent = 1',
  '<VirtualHost *:80>',
  'server {',
  '{',
  'a = {b}',
  'a = "b{" ',
];

test('what is written is looked at as awk looks at what is there', () => {
  for (const [name, { form }] of Object.entries(formats)) {
    if (form === undefined) continue;
    const { stdout } = spawnSync('awk', [`{ print ($0 ~ /${form.replaceAll('/', '\\/')}/) }`], {
      input: `${lines.join('\n')}\n`,
    });
    const seen = stdout.toString().trimEnd().split('\n');
    expect(lines.map((line) => [name, line, hasForm(form, line)])).toEqual(
      lines.map((line, at) => [name, line, seen[at] === '1']),
    );
  }
});

test('drop-ins lie beside a file in these ways', () => {
  expect(['/etc/sssd/sssd.conf', '/etc/hf.conf', '/etc/my.cnf', '/etc/x/conf.d/a.conf'].map(foldersBeside)).toEqual([
    ['/etc/sssd/sssd.conf.d', '/etc/sssd/sssd.d', '/etc/sssd/conf.d'],
    ['/etc/hf.conf.d', '/etc/hf.d'],
    ['/etc/my.cnf.d', '/etc/my.d'],
    ['/etc/x/conf.d/a.conf.d', '/etc/x/conf.d/a.d'],
  ]);
});
