import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { publicKeyIn } from '../../evidence/verify/signature.ts';
import {
  addPack,
  addSegment,
  cluster,
  makeStore,
  signedAt,
  store,
  write,
  type Made,
} from '../../../test/evidence/packs.ts';
import { dispose } from '../../evidence/retention/dispose.ts';
import { dispositions, type Chain } from '../../evidence/retention/plan.ts';
import { signStatement } from '../../evidence/statement/signStatement.ts';
import { folderTree } from '../../evidence/verify/folderTree.ts';
import type { Tree } from '../../evidence/verify/tree.ts';
import { verifyTree } from '../../evidence/verify/verify.ts';
import { sha256 } from '../../lib/digest.ts';
import { rfc8785 } from '../../lib/rfc8785.ts';
import { newFile } from '../newFile.ts';
import { Failure, type Io } from '../command.ts';
import { oscalSections, type AssessmentResults, type OscalBack, type Plan } from '../../../test/builders/oscal.ts';
import { LockedStore } from '../../../test/evidence/lockedStore.ts';
import { runExport, type Export } from './export.ts';
import { ioWith } from '../../../test/builders/io.ts';
import { dispatch } from '../dispatch.ts';
import { commands } from '../commands.ts';

let folder: string;
let made: Made;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-export-'));
  made = await makeStore(join(folder, 'store'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const said = { stdout: '', stderr: '' };
const io = {
  stdout: (text: string) => void (said.stdout = text),
  stderr: (text: string) => void (said.stderr = text),
  createFile: newFile,
} as unknown as Io;

const keys = () => [publicKeyIn(made.manifest.keys[0]!.publicKey)];
const everything = { packs: [], sections: [], frameworks: [] } as const;

async function exported(
  name: string,
  given: Partial<Export> = {},
): Promise<{ code: number; bytes: Buffer; files: Map<string, string> }> {
  const output = join(folder, name);
  const tree = folderTree(join(folder, 'store'));
  const code = await runExport(
    {
      tree,
      trust: { keys: keys() },
      wish: everything,
      output,
      replaces: false,
      evenIfBroken: false,
      actor: 'bob',
      ...given,
    },
    io,
  );
  const bytes = readFileSync(output);
  return { code, bytes, files: await entriesIn(bytes) };
}

async function entriesIn(bytes: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Readable.from([bytes]).pipe(extract())) {
    const { name, mtime, uid, gid, mode, uname, gname } = entry.header;
    expect({ uid, gid, mode, uname, gname, mtime }).toEqual({
      uid: 0,
      gid: 0,
      mode: 0o644,
      uname: '',
      gname: '',
      mtime: new Date('2026-11-05T02:01:30Z'),
    });
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    files.set(name, Buffer.concat(parts).toString());
  }
  return files;
}

async function unpacked(files: Map<string, string>, name: string): Promise<Tree> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), text);
  }
  return folderTree(join(folder, name));
}

describe('the archive', () => {
  // pcp #540, mkosi #1982, node-tar #395: times, owners and the order of a directory make archives differ.
  test('is the same, byte by byte, and in the order of names', async () => {
    const one = await exported('1.tar');
    const two = await exported('2.tar');
    expect(one.bytes.equals(two.bytes)).toBe(true);
    expect([...one.files.keys()]).toEqual([...one.files.keys()].sort());
    expect([...one.files.keys()].filter((path) => !/^(packs|journal|keys)\//.test(path))).toEqual([
      'README.txt',
      'SHA256SUMS',
      'controls.csv',
      'index.html',
      'store.json',
      'verify.sh',
    ]);
    expect(one.code).toBe(0);
  });

  test('has the digest of each file', async () => {
    const { files } = await exported('1.tar');
    const sums = files.get('SHA256SUMS')!;
    files.delete('SHA256SUMS');
    expect(sums).toBe([...files].map(([path, text]) => `${sha256(text)}  ${path}\n`).join(''));
  });

  test('is verified like the store', async () => {
    const { files } = await exported('1.tar');
    expect(await verifyTree(await unpacked(files, 'x'), { keys: keys() })).toMatchObject({ is: 'Verified' });
  });

  test('of a part of the time is verified by the numbers that README has', async () => {
    const wish = { ...everything, from: new Date('2026-11-03T02:00:00Z'), to: new Date('2026-11-05T02:00:00Z') };
    const { files } = await exported('1.tar', { wish });
    expect(
      [...files.keys()].filter((path) => path.endsWith('.sigstore.json') && path.startsWith('packs')),
    ).toHaveLength(2);
    expect(files.get('README.txt')).toContain('evidence verify . --from 3 --to 4 --key TRUSTED.pub');
    expect(await verifyTree(await unpacked(files, 'x'), { keys: keys(), from: 3, to: 4 })).toMatchObject({
      is: 'Verified',
    });
  });

  test('of no pack is not written', async () => {
    const wish = { ...everything, from: new Date('2027-01-01T00:00:00Z') };
    await expect(exported('1.tar', { wish })).rejects.toThrow(
      'No pack is of that time; check --from, --to and --pack.',
    );
    expect(await readdir(folder)).toEqual(['store']);
  });

  test('prints the record of the export', async () => {
    const { bytes } = await exported('1.tar');
    expect(JSON.parse(said.stdout)).toMatchObject({
      event: 'Exported',
      actor: 'bob',
      object: { kind: 'EvidenceStore', ...store },
      facts: {
        archive: { sha256: sha256(bytes), bytes: bytes.length },
        packs: [{ sequence: 1 }, {}, {}, {}],
        verdict: 'Verified',
      },
    });
  });
});

describe('OSCAL', () => {
  const frameworks = ['NIST-800-53'];

  /** A fifth pack, with sections as the operator makes them. */
  async function addReal(): Promise<void> {
    await addPack(join(folder, 'store'), {
      number: 5,
      previous: made.packs[3]!,
      segment: await addSegment(join(folder, 'store'), 5, made.segments[3]),
      signer: made.key,
      contents: await oscalSections(),
      facts: { time: signedAt(4).toISOString() },
    });
  }

  test('is made of the newest pack, and names its files as they are in the archive', async () => {
    await addReal();
    const one = await exported('1.tar');
    expect((await exported('2.tar')).bytes.equals(one.bytes)).toBe(true);
    const results = JSON.parse(one.files.get('oscal/assessment-results.json')!) as AssessmentResults & OscalBack;
    const plan = JSON.parse(one.files.get('oscal/plan-of-action-and-milestones.json')!) as Plan;
    expect(results['assessment-results'].metadata.version).toBe('nightly/5');
    expect(plan['plan-of-action-and-milestones']['poam-items'][0]!.title).toBe('PolicyWaiver legacy-root');
    const named = results['assessment-results']['back-matter'].resources.flatMap(({ rlinks = [] }) => rlinks);
    expect(named).toHaveLength(2);
    for (const { href, hashes } of named)
      expect(hashes[0]!.value).toBe(sha256(one.files.get(join('oscal', decodeURIComponent(href)))!));
    expect(one.files.get('README.txt')).toContain('OSCAL, of pack 5 of nightly; derived, not signed');
    expect(await verifyTree(await unpacked(one.files, 'x'), { keys: keys() })).toMatchObject({ is: 'Verified' });
  });

  test('has the controls of the frameworks that were asked for alone', async () => {
    await addReal();
    const all = await exported('1.tar');
    const some = await exported('2.tar', { wish: { ...everything, frameworks } });
    const count = ({ files }: typeof all): number =>
      (JSON.parse(files.get('oscal/assessment-results.json')!) as AssessmentResults)['assessment-results'].results[0]!
        .findings.length;
    expect(count(some)).toBe(287);
    expect(count(all)).toBeGreaterThan(287);
    const none = await exported('3.tar', { wish: { ...everything, frameworks: ['NONE'] } });
    expect([...none.files.keys()].filter((path) => path.startsWith('oscal/'))).toEqual([]);
    expect(none.files.get('README.txt')).toContain('is not here: pack 5 of nightly has no control of NONE');
  });

  test('is not made of a part, of what cannot be read, or of what is broken, and the archive says so', async () => {
    const unread = await exported('1.tar');
    expect(unread.files.get('README.txt')).toContain(
      'is not here: the section Policy of pack 4 of nightly cannot be read',
    );
    await addReal();
    const part = await exported('2.tar', { wish: { ...everything, sections: ['Policy'], frameworks } });
    const why = 'it is made from the sections Evidence and Policy, and Evidence is left out of this export';
    expect(part.files.get('README.txt')).toContain(`is not here: ${why}`);
    expect(part.files.get('REDACTED.json')).toContain(`no OSCAL: ${why}`);
    rmSync(join(folder, 'store/journal/000000000002.ndjson'));
    const broken = await exported('3.tar', { evenIfBroken: true });
    expect(broken.files.get('README.txt')).toContain('is not here: it is not made from evidence that could not be');
    for (const { files } of [unread, part, broken])
      expect([...files.keys()].some((path) => path.startsWith('oscal/'))).toBe(false);
  });
});

describe('what is left out', () => {
  const wish = { ...everything, sections: ['Policy'] as const, frameworks: ['SOX'] };

  test('is listed with the digest that was signed, and the rest is verified', async () => {
    const { files } = await exported('1.tar', { wish });
    const { files: listed } = JSON.parse(files.get('REDACTED.json')!) as { files: { path: string; sha256: string }[] };
    expect(listed).toHaveLength(4);
    for (const { path, sha256: digest } of listed) {
      expect(files.has(path)).toBe(false);
      expect(digest).toBe(sha256(readFileSync(join(folder, 'store', path))));
    }
    expect([...files.keys()].some((path) => path.startsWith('journal/'))).toBe(false);
    const verdict = await verifyTree(await unpacked(files, 'x'), { keys: keys() });
    expect(verdict.is).toBe('Partial');
    expect(JSON.stringify(verdict)).toContain('it was left out of this export; its digest is the one that was signed');
  });

  test('is no way to remove or change a file', async () => {
    const { files } = await exported('1.tar', { wish });
    const redacted = JSON.parse(files.get('REDACTED.json')!) as { files: { sha256: string }[] };
    redacted.files[0]!.sha256 = sha256('other');
    files.set('REDACTED.json', JSON.stringify(redacted));
    expect(await verifyTree(await unpacked(files, 'x'), { keys: keys() })).toMatchObject({ is: 'Refused' });
    await write(join(folder, 'store'), 'REDACTED.json', '{"files":[]}');
    rmSync(join(folder, 'store/journal'), { recursive: true });
    expect(await verifyTree(folderTree(join(folder, 'store')), { keys: keys() })).toMatchObject({ is: 'Partial' });
  });
});

describe('what is broken', () => {
  const breakIt = (): void => {
    const path = join(
      folder,
      'store/packs/nightly',
      made.packs[1]!.statement.predicate.folder,
      made.packs[1]!.statement.subject[0]!.name,
    );
    writeFileSync(path, readFileSync(path, 'utf8').replace('sshd', 'sshx'));
  };

  test('is not exported', async () => {
    await expect(exported('2.tar', { trust: { keys: [] } })).rejects.toThrow(
      'It was not verified: give the public key with --key.',
    );
    breakIt();
    await expect(exported('1.tar')).rejects.toThrow(
      /Do not rely on it: .* Nothing was exported; to hand it over as it is, use --even-if-broken\.$/,
    );
    expect(await readdir(folder)).toEqual(['store']);
  });

  test('is exported only so that it says so', async () => {
    breakIt();
    const { code, files } = await exported('1.tar', { evenIfBroken: true });
    expect(code).toBe(2);
    expect(files.get('index.html')).toContain('Broken: do not rely on it.');
    expect(files.get('index.html')).toContain('it was changed: its digest is not the one that was signed');
    expect(files.get('README.txt')).toContain('IT COULD NOT BE VERIFIED WHEN IT WAS EXPORTED.');
    expect(said.stderr).toContain('It is broken, and says so.');
  });

  test('a file that changes after it was verified is noticed, and nothing is left', async () => {
    const tree = folderTree(join(folder, 'store'));
    const stream: Tree['stream'] = async function* (path) {
      for await (const part of tree.stream(path)) yield path.includes('evidence-') ? Buffer.from(part).fill('x') : part;
    };
    const failed = exported('1.tar', { tree: { ...tree, stream } });
    await expect(failed).rejects.toThrow(Failure);
    await expect(failed).rejects.toThrow(/evidence-.* was changed while it was exported; find out by whom/);
    expect(await readdir(folder)).toEqual(['store']);
  });
});

test('what a pack says of itself reaches neither the markup nor the terminal', async () => {
  const nasty = '<script>alert(1)</script>\u001b[2J=1+1';
  await addPack(join(folder, 'store'), {
    number: 5,
    previous: made.packs[3]!,
    segment: await addSegment(join(folder, 'store'), 5, made.segments[3]),
    signer: made.key,
    contents: {
      evidence: rfc8785({ section: 'Evidence', waivers: [{ name: nasty }] }),
      policy: rfc8785({ section: 'Policy', controls: [{ framework: 'F', control: nasty, checks: [{}] }] }),
    },
    facts: { time: signedAt(4).toISOString(), missing: [{ what: nasty, reason: nasty }] },
  });
  const { files } = await exported('1.tar');
  expect(files.get('index.html')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[2J=1+1');
  expect(files.get('index.html')).not.toMatch(/<script|\u001b/);
  expect(files.get('controls.csv')).not.toMatch(/\u001b|,=/);
  expect(said.stdout + said.stderr).not.toMatch(/\u001b/);
});

describe('after the oldest were deleted', () => {
  const now = new Date('2026-11-06T00:00:00Z');

  /** The chain as it is in the folder, with classes that are over. */
  function chain(): Chain {
    const parts = made.packs.map(({ statement: { subject, predicate }, digest }) => ({
      sequence: predicate.sequence,
      sha256: digest,
      time: new Date('2026-01-01T00:00:00Z'),
      start: new Date(0),
      end: new Date('2026-01-01T00:00:00Z'),
      class: 'Telemetry',
      objects: [
        ...subject.map(({ name }) => `${predicate.folder}/${name}`),
        `${String(predicate.sequence).padStart(8, '0')}.sigstore.json`,
      ].map((name) => ({
        key: `packs/nightly/${name}`,
        sha256: sha256(name),
      })),
    }));
    return {
      chain: { kind: 'Pack', name: 'nightly' },
      records: [],
      parts: parts.map((part, index) => (index < 2 ? part : { ...part, class: 'Audit', time: now })),
    };
  }

  async function disposed(): Promise<string> {
    const { steps } = dispositions([chain()], { store, cluster, holds: [], version: '1', hint: made.key.hint, now });
    const copy = new LockedStore(now);
    const root = join(folder, 'store');
    const sign = async (statement: Parameters<typeof signStatement>[0]): Promise<Uint8Array> =>
      (await signStatement(statement, made.key)).bundle;
    const { record } = await dispose(
      steps[0]!,
      { store: copy, sign, proceed: () => Promise.resolve() },
      new AbortController().signal,
    );
    await write(root, record, copy.objects.get(record)![0]!.body);
    for (const { key } of steps[0]!.objects) unlinkSync(join(root, key));
    return join(root, record);
  }

  test('the chain begins at the record', async () => {
    const record = await disposed();
    const verdict = await verifyTree(folderTree(join(folder, 'store')), { keys: keys() });
    expect(verdict.checks.filter(({ is }) => is === 'Failed')).toEqual([]);
    expect(verdict).toMatchObject({ is: 'Verified', packs: [{ sequence: 3 }, { sequence: 4 }] });
    const { files } = await exported('1.tar');
    expect(files.get('packs/nightly/disposition-00000001.sigstore.json')).toBe(readFileSync(record, 'utf8'));
    expect(files.get('index.html')).toContain('are the signed records of that, at which the chain begins.');
  });

  test('and nothing less: without it, with one of another key, or changed, it does not', async () => {
    const record = await disposed();
    const body = readFileSync(record);
    const verdict = () => verifyTree(folderTree(join(folder, 'store')), { keys: keys() });
    unlinkSync(record);
    expect((await verdict()).is).toBe('Refused');
    writeFileSync(record, body.toString().replace(/"sig":"../, '"sig":"AA'));
    expect((await verdict()).is).toBe('Refused');
    writeFileSync(record, body);
    expect((await verdict()).is).toBe('Verified');
    unlinkSync(join(folder, 'store/packs/nightly/00000003.sigstore.json'));
    const found = await verdict();
    expect(found.is).toBe('Refused');
    expect(JSON.stringify(found)).toContain('pack 3 is missing');
  });

  test('what is deleted is asked for: it says so', async () => {
    await disposed();
    const verdict = await verifyTree(folderTree(join(folder, 'store')), { keys: keys(), from: 1 });
    expect(verdict.is).toBe('Partial');
    expect(JSON.stringify(verdict)).toContain('packs before 3 were deleted when their retention was over');
  });
});

test('an identity without its issuer is refused, and not ignored', async () => {
  const io = ioWith({});
  const code = await dispatch(['evidence', 'export', 'DIR', '-o', 'FILE.tar', '--identity', 'a'], commands, io);
  expect({ code, err: io.err }).toMatchObject({ code: 1, err: expect.stringContaining('belong together') as unknown });
});
