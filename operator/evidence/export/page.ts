/** `index.html` of an export: what is in it and what it says, for people. Without scripts, links and anything from elsewhere. Pure. */
import { counted } from '../../lib/text.ts';
import type { PackPredicate } from '../statement/types.ts';
import { html, Html } from './html.ts';
import { controlRows, evidencePart, frameworkTable } from './pageControls.ts';
import type { SelectedPack, Selection } from './selection.ts';
import { style } from './style.ts';
import type { EvidenceView, PolicyView } from './view.ts';

export interface PageInput extends Selection {
  readonly verdict: PageVerdict;
  readonly frameworks: readonly string[];
  /** What the files of a pack say, by the digest of the pack; absent where they were left out or could not be read. */
  readonly policies: ReadonlyMap<string, PolicyView>;
  readonly evidence: ReadonlyMap<string, EvidenceView>;
  /** What people type to verify it. */
  readonly commands: readonly string[];
  /** Hints of the keys that signed, with the names of their files. */
  readonly keys: readonly { readonly hint: string; readonly file: string }[];
  /** Of each part that begins after a record of a disposition. Sentences. */
  readonly notes: readonly string[];
}

export interface PageVerdict {
  readonly is: 'Verified' | 'Partial' | 'Refused' | 'Unverifiable';
  readonly message: string;
  readonly checks: readonly {
    readonly is: string;
    readonly title: string;
    readonly message: string;
    readonly problems: readonly { readonly where: string; readonly message: string }[];
  }[];
}

export function page(input: PageInput): string {
  const { packs, verdict, leftOut } = input;
  const first = packs[0]?.predicate;
  const periods = packs.map(({ predicate }) => predicate.period);
  const title = `Evidence of ${first ? `${first.store.namespace}/${first.store.name}` : 'no store'}`;
  const start = periods.map((one) => one.start).sort()[0] ?? '';
  const end =
    periods
      .map((one) => one.end)
      .sort()
      .at(-1) ?? '';
  const body = html`<h1>${title}</h1>
    <p class="soft">
      ${counted(packs.length, 'pack')}, ${day(start)} to ${day(end)} (UTC), cluster
      <code>${first?.cluster.id ?? ''}</code>
    </p>
    ${banner(verdict)}
    ${leftOut.length > 0 ? html`<div class="banner warn"><strong>${counted(leftOut.length, 'file')} left out.</strong> <code>REDACTED.json</code> lists them with the digests that were signed, so that each can be verified when it is provided later.</div>` : ''}
    ${input.notes.map((note) => html`<p class="soft">${note}</p>`)} ${latest(input)}
    <h2>Packs</h2>
    ${packs.map((pack) => packPart(pack, input))}
    <h2>How it was verified</h2>
    ${checksTable(verdict)}
    <h2>How to verify it yourself</h2>
    <p>
      Nothing on this page is signed: it was derived from the signed files beside it. Get the public key from someone
      you trust, not from this archive, and run one of these here:
    </p>
    <pre>${input.commands.join('\n')}</pre>
    <table>
      <thead>
        <tr>
          <th>Key</th>
          <th>File</th>
        </tr>
      </thead>
      <tbody>
        ${input.keys.map(
          ({ hint, file }) =>
            html`<tr>
              <td><code>${hint}</code></td>
              <td><code>${file}</code></td>
            </tr> `,
        )}
      </tbody>
    </table> `;
  return document(title, body);
}

function document(title: string, body: Html): string {
  const head = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `;
  return head.text;
}

function banner({ is, message }: PageVerdict): Html {
  const kinds = { Verified: 'good', Partial: 'warn', Unverifiable: 'bad', Refused: 'bad' } as const;
  const titles = {
    Verified: 'Verified when it was exported.',
    Partial: 'Verified when it was exported, with gaps.',
    Unverifiable: 'Not verified when it was exported.',
    Refused: 'Broken: do not rely on it.',
  };
  return html`<div class="banner ${kinds[is]}"><strong>${titles[is]}</strong> ${message}</div>`;
}

/** Of the newest pack of each name. */
function latest({ packs, policies, evidence, frameworks }: PageInput): Html[] {
  const newest = new Map(packs.map((pack) => [pack.predicate.pack.name, pack]));
  return [...newest.values()].map(({ digest, predicate: { pack, sequence, period } }) => {
    const policy = policies.get(digest);
    const found = evidence.get(digest);
    const of = frameworks.length > 0 ? html` of ${frameworks.join(', ')}` : '';
    return html`<h2>Controls${of}</h2>
      <p class="soft">
        As pack ${sequence} of EvidencePack <code>${pack.name}</code> says, to ${minute(period.end)}. A waived control
        is not satisfied; a control without a current result is not evaluated.
      </p>
      ${policy ? html`${frameworkTable(policy)}${controlRows(policy)}` : html`<p>The section Policy is not in this archive.</p>`}
      ${found ? evidencePart(found) : ''}`;
  });
}

function packPart({ predicate, files, digest, bundle }: SelectedPack, { policies }: PageInput): Html {
  const { pack, sequence, period, time, completeness } = predicate;
  const policy = policies.get(digest);
  return html`<h3>${pack.name} ${sequence}</h3>
    <p>
      ${minute(period.start)} to ${minute(period.end)}, signed ${minute(time)}.
      ${complete(predicate)}${policy ? html` ${summaryOf(policy)}` : ''}
    </p>
    ${
      completeness.missing.length > 0
        ? html`<ul>
            ${completeness.missing.slice(0, 50).map(({ what, reason }) => html`<li>${what}: ${reason}</li>`)}${completeness.missing.length > 50 ? html`<li>and ${completeness.missing.length - 50} more</li>` : ''}
          </ul>`
        : ''
    }
    <table>
      <thead>
        <tr>
          <th>Section</th>
          <th>File</th>
          <th>Status</th>
          <th class="number">Records</th>
          <th class="number">Bytes</th>
          <th>SHA-256</th>
        </tr>
      </thead>
      <tbody>
        ${files.map(
          (file) =>
            html`<tr>
              <td>${file.section}</td>
              <td class="nowrap">${file.isLeftOut ? html`${file.name} (left out)` : file.name}</td>
              <td>${state(file.status)}</td>
              <td class="number">${file.records}</td>
              <td class="number">${file.size}</td>
              <td><code>${file.digest.sha256}</code></td>
            </tr> `,
        )}
      </tbody>
    </table>
    <p class="soft">Bundle <code>${bundle}</code>, statement <code>${digest}</code></p> `;
}

function summaryOf({ frameworks }: PolicyView): string {
  return frameworks.map(({ id, counts }) => `${id}: ${counts.satisfied} of ${counts.total} satisfied.`).join(' ');
}

function complete({ completeness }: PackPredicate): Html {
  return completeness.complete ? state('complete') : state('partial');
}

const kinds: Readonly<Record<string, string>> = {
  complete: 'good',
  Passed: 'good',
  partial: 'warn',
  Partial: 'warn',
  NotChecked: 'warn',
};

function state(is: string): Html {
  return html`<span class="state ${kinds[is] ?? 'bad'}">${is}</span>`;
}

function checksTable({ checks }: PageVerdict): Html {
  return html`<table>
    <thead>
      <tr>
        <th>Check</th>
        <th>Result</th>
        <th>Details</th>
      </tr>
    </thead>
    <tbody>
      ${checks.map(
        ({ title, is, message, problems }) =>
          html`<tr>
            <td>${title}</td>
            <td>${state(is)}</td>
            <td>
              ${message}${problems.slice(0, 20).map((one) => html`<br />${one.where}: ${one.message}`)}${problems.length > 20 ? html`<br />and ${problems.length - 20} more` : ''}
            </td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function day(time: string): string {
  return time.slice(0, 10);
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
