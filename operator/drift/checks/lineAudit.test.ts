import { expect, test } from '@jest/globals';
import { toldFile } from '../../../test/builders/toldFile.ts';
import { audit } from './lineAudit.ts';
import type { ToldFile } from './toldLines.ts';

const path = '/etc/audit/rules.d/10-hf.rules';
const shadow = { path, line: '-w /etc/shadow -p wa' };
const fileOf = (text: string): ToldFile => toldFile('/etc/audit/rules.d/90.rules', text, { isPublic: false });

test.each([
  '-a task,never',
  '-A never,task',
  '-a always,exclude -F msgtype>0',
  '-a exclude,always -F msgtype>=1300 -F msgtype<=1399',
  '-a always,exclude -F msgtype=SYSCALL',
  '-a always,exclude -F msgtype!=CWD',
  '-a never,exit',
  '-A exit,never -F arch=b64 -S all',
  '-e 0',
])('%s voids rules', (text) => {
  expect(audit.effect(shadow, { files: [fileOf(text)], folders: [] })?.is).toBe('unknown');
  expect(audit.reads({ path, line: text })).toBe(false);
});

test.each([
  '-a always,exclude -F msgtype=CWD',
  '-a always,exclude -F msgtype>1300',
  '-a always,exclude -F msgtype>0 -F auid=0',
  '-a never,exclude -F msgtype>0',
  '-a never,exit -F arch=b64 -S all -F exe=/usr/sbin/chronyd',
  '-a never,exit -F arch=b64 -S adjtimex',
  '# -a task,never',
  '-e 1',
  '-e 2',
])('%s leaves others as they are', (text) => {
  expect(audit.effect(shadow, { files: [fileOf(text)], folders: [] })).toBeUndefined();
});
