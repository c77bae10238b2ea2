/** The parts of the page about controls, waivers and findings. Pure. */
import { counted } from '../../lib/text.ts';
import { html, type Html } from './html.ts';
import type { ControlView, EvidenceView, PolicyView } from './view.ts';

/** Beyond that, the file has the rest. */
const mostRows = 2000;
const states = ['NotSatisfied', 'Waived', 'NotEvaluated', 'Satisfied'];
const titles: Readonly<Record<string, readonly [title: string, kind: string]>> = {
  NotSatisfied: ['Not satisfied', 'bad'],
  Waived: ['Waived, not satisfied', 'warn'],
  NotEvaluated: ['Not evaluated', 'warn'],
  Satisfied: ['Satisfied', 'good'],
};

export function frameworkTable({ frameworks, hosts }: PolicyView): Html {
  return html`<table>
      <thead>
        <tr>
          <th>Framework</th>
          <th class="number">Controls</th>
          <th class="number">Satisfied</th>
          <th class="number">Not satisfied</th>
          <th class="number">Waived</th>
          <th class="number">Not evaluated</th>
        </tr>
      </thead>
      <tbody>
        ${frameworks.map(
          ({ id, title, version, counts }) =>
            html`<tr>
              <td><strong>${id}</strong> ${title} ${version}</td>
              <td class="number">${counts.total}</td>
              <td class="number">${counts.satisfied}</td>
              <td class="number">${counts.notSatisfied}</td>
              <td class="number">${counts.waived}</td>
              <td class="number">${counts.notEvaluated}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${hosts ? html`<p>Hosts: ${hosts.seen} of ${hosts.selected} seen, ${hosts.stale} stale, ${hosts.unreachable} unreachable, ${hosts.unknown} unknown.</p>` : ''}`;
}

/** What needs attention first; what no check supports is only counted. */
export function controlRows({ controls }: PolicyView): Html {
  const shown = controls
    .filter(({ state, checks }) => state !== 'NotEvaluated' || checks.length > 0)
    .sort((a, b) => rank(a) - rank(b));
  const rest = controls.length - shown.length;
  const rows = shown.slice(0, mostRows);
  return html`<table>
      <thead>
        <tr>
          <th>Control</th>
          <th>State</th>
          <th>Checks</th>
          <th>Failing, unknown, waived</th>
          <th>Waivers</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (one) =>
            html`<tr>
              <td><strong>${one.framework} ${one.control}</strong><br />${one.title}</td>
              <td>${stateOf(one)}${one.reason ? html`<br /><span class="soft">${one.reason}</span>` : ''}</td>
              <td>${one.checks.join(', ')}</td>
              <td class="number">${one.fail}, ${one.unknown}, ${one.waived}</td>
              <td>${one.waivers.join(', ')}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${shown.length > mostRows ? html`<p>${shown.length - mostRows} more are in the file of the section Policy.</p>` : ''}${rest > 0 ? html`<p class="soft">Not evaluated, because no check supports them: ${counted(rest, 'more control')}.</p>` : ''}`;
}

function rank({ state }: ControlView): number {
  const index = states.indexOf(state);
  return index < 0 ? -1 : index;
}

function stateOf({ state }: ControlView): Html {
  const [title, kind] = titles[state] ?? [state, 'bad'];
  return html`<span class="state ${kind}">${title}</span>`;
}

export function evidencePart({ waivers, findings }: EvidenceView): Html {
  const counts = [...findings].map(([severity, count]) => `${count} ${severity}`).join(', ');
  const table = html`<table>
    <thead>
      <tr>
        <th>Waiver</th>
        <th>Checks</th>
        <th>Reason</th>
        <th>Requested by</th>
        <th>Approved by</th>
        <th>Until</th>
      </tr>
    </thead>
    <tbody>
      ${waivers.slice(0, mostRows).map(
        (one) =>
          html`<tr>
            <td>${one.name}</td>
            <td>${one.checks.join(', ')}</td>
            <td>${one.reason}</td>
            <td>${one.requestedBy}</td>
            <td>${one.approvers.join(', ')}</td>
            <td class="nowrap">${one.until.slice(0, 10)}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
  return html`<h2>Findings and waivers</h2>
    <p>Open findings: ${counts || 'none'}.</p>
    ${waivers.length > 0 ? table : html`<p>No waiver is in force.</p>`}`;
}
