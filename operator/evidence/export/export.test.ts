import { describe, expect, test } from '@jest/globals';
import { html, Html } from './html.ts';
import { page, type PageInput } from './page.ts';
import { checksums, commandsFor, controlsCsv } from './texts.ts';
import type { SelectedPack } from './selection.ts';
import { evidenceView, policyView, type ControlView } from './view.ts';

const nasty = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&#x27;`;

describe('HTML', () => {
  // testssl.sh #3090, DependencyCheck #2535, hurl #5228, lobster #353: what was scanned is written into the report as it is.
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onload="x`, '&quot; onload=&quot;x'],
    ["' onload='x", '&#39; onload=&#39;x'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['a\u0000\u001b[2Jb\u2028', 'a\\u{0}\\u{1b}[2Jb\\u{2028}'],
    ['a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
    ['half \ud800 of a pair', 'half \\u{d800} of a pair'],
    ['Grüße, 日本', 'Grüße, 日本'],
  ])('%j', (text, escaped) => {
    expect(html`<p>${text}</p>`.text).toBe(`<p>${escaped}</p>`);
    expect(html`<p>${[text, text]}</p>`.text).toBe(`<p>${escaped}${escaped}</p>`);
  });

  test('markup of our own stays, numbers too', () => {
    expect(html`<p>${html`<b>${1}</b>`}${new Html('<i>')}</p>`.text).toBe('<p><b>1</b><i></p>');
  });
});

const pack = (text: string): SelectedPack => ({
  bundle: `packs/${text}/00000001.sigstore.json`,
  late: [],
  place: `packs/${text}/`,
  digest: 'd',
  predicate: {
    pack: { namespace: text, name: text, uid: text },
    store: { namespace: text, name: text },
    cluster: { id: text },
    collector: { name: 'holdfast', version: text },
    sequence: 1,
    period: { start: text, end: text },
    time: text,
    folder: text,
    files: [],
    completeness: { complete: false, expected: [], missing: [{ what: text, reason: text }] },
    key: { hint: text },
    retention: { class: text, mode: 'None' },
  },
  files: [
    {
      name: text,
      section: text as 'Policy',
      mediaType: text,
      size: 1,
      digest: { sha256: text },
      status: text as 'complete',
      records: 1,
      path: text,
      isLeftOut: true,
    },
  ],
});

const everywhere = (text: string): PageInput => {
  const policy = policyView(
    {
      section: 'Policy',
      frameworks: [{ id: text, title: text, version: text, controls: {} }],
      controls: [
        {
          framework: text,
          control: text,
          title: text,
          state: text,
          reason: text,
          checks: [{ source: { name: text }, check: text }],
          waivers: [text],
          targets: {},
        },
      ],
      coverage: { hosts: { selected: text } },
    },
    [],
  )!;
  const evidence = evidenceView({
    section: 'Evidence',
    findings: [{ severity: text }],
    waivers: [
      {
        name: text,
        checks: [text],
        reason: text,
        requestedBy: text,
        until: text,
        approvals: [{ decision: 'Approve', approver: text }],
      },
    ],
  })!;
  return {
    packs: [pack(text)],
    leftOut: [{ path: text, size: 1, sha256: text, pack: text, sequence: 1, section: 'Slo' }],
    verdict: {
      is: 'Refused',
      message: text,
      checks: [{ is: text, title: text, message: text, problems: [{ where: text, message: text }] }],
    },
    frameworks: [text],
    policies: new Map([['d', policy]]),
    evidence: new Map([['d', evidence]]),
    commands: [text],
    keys: [{ hint: text, file: text }],
    notes: [text],
  };
};

describe('the page', () => {
  test('has the same markup whatever the texts are', () => {
    const tags = (text: string): string[] => page(everywhere(text)).match(/<[^>]*>/g)!;
    expect(tags(nasty)).toEqual(tags('x'));
    expect(tags(nasty).join('')).not.toMatch(/<(script|img|iframe|a|link)\b|\son\w+=|javascript:/i);
  });

  test('loads nothing, and says that it is not signed', () => {
    const text = page(everywhere('x'));
    expect(text).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    expect(text).not.toMatch(/https?:|url\(|@import/);
    expect(text).toContain('Nothing on this page is signed');
  });

  test('says that it is broken', () => {
    expect(page(everywhere('x'))).toMatch(/<div class="banner bad"><strong>Broken: do not rely on it\.<\/strong>/);
  });

  test('a waived control is not shown as satisfied', () => {
    const view = policyView(
      { section: 'Policy', controls: [{ framework: 'F', control: 'AC-2', state: 'Waived', checks: [] }] },
      [],
    );
    const text = page({ ...everywhere('x'), policies: new Map([['d', view!]]) });
    expect(text).toMatch(
      /<strong>F AC-2<\/strong><br \/><\/td>\s*<td><span class="state warn">Waived, not satisfied<\/span>/,
    );
  });
});

test('frameworks are those that were asked for', () => {
  const control = (framework: string) => ({ framework, control: 'a', state: 'Satisfied' });
  const document = {
    section: 'Policy',
    controls: [control('SOX'), control('CIS')],
    frameworks: [{ id: 'SOX' }, { id: 'CIS' }],
  };
  const view = policyView(document, ['SOX'])!;
  expect(view.controls.map(({ framework }) => framework)).toEqual(['SOX']);
  expect(view.frameworks.map(({ id }) => id)).toEqual(['SOX']);
});

test.each([[null], ['x'], [[]], [{}], [{ section: 'Slo' }], [{ section: 1 }]])(
  'what is no such document is not shown: %j',
  (document) => {
    expect(policyView(document, [])).toBeUndefined();
    expect(evidenceView(document)).toBeUndefined();
  },
);

const control: ControlView = {
  framework: 'F',
  control: 'AC-2',
  title: '',
  state: 'Satisfied',
  reason: '',
  checks: ['a', 'b'],
  waivers: [],
  fail: 0,
  unknown: 0,
  waived: 0,
};

describe('CSV', () => {
  test.each([
    [`=cmd|' /C calc'!A0`, `"'=cmd|' /C calc'!A0"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"\\u{9}=1"`],
    ['  =1', `"'  =1"`],
    ['＝1', `"'＝1"`],
    ['a "quoted", b', '"a ""quoted"", b"'],
    ['a\r\n=1,2', '"a\\u{d}\\u{a}=1,2"'],
  ])('%j is a text', (title, text) => {
    expect(controlsCsv([{ ...control, title }])).toBe(
      `"framework","control","title","state","reason","fail","unknown","waived","checks","waivers"\r\n"F","AC-2",${text},"Satisfied","",0,0,0,"a b",""\r\n`,
    );
  });
});

test('names in commands are quoted for a shell', () => {
  const commands = commandsFor({ packs: [pack("a'; rm -rf ~ #\n"), pack('b')], leftOut: [] });
  expect(commands[0]).toContain(`verify 'packs/a'\\''; rm -rf ~ #\\u{a}' --from`);
  // One command for all chains, from the top, where REDACTED.json is.
  expect(commands.filter((command) => command.startsWith('sh '))).toEqual(['sh verify.sh . TRUSTED.pub']);
});

test('checksums are in order, and no name adds a line', () => {
  const sha256 = 'a'.repeat(64);
  expect(
    checksums([
      { path: 'b', sha256 },
      { path: 'a\nb', sha256 },
      { path: 'a', sha256 },
    ]),
  ).toBe(`${sha256}  a\n\\${sha256}  a\\nb\n${sha256}  b\n`);
});
