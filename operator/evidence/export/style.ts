/** How the page of an export looks, on the screen and on paper. Pure. */
export const style = `
:root { color-scheme: light; --line: #d0d7de; --soft: #57606a; --good: #1a7f37; --bad: #b3261e; --warn: #8a5a00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem 4rem; color: #1f2328; background: #fff;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; }
.soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; background: #f6f8fa; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.nowrap { white-space: nowrap; }
code, pre { font: .85em/1.5 ui-monospace, "Liberation Mono", Menlo, monospace; }
pre { background: #f6f8fa; border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.banner { border: 1px solid; border-left-width: 6px; border-radius: 6px; padding: .7rem 1rem; margin: 1rem 0; }
.banner.good { border-color: var(--good); } .banner.warn { border-color: var(--warn); } .banner.bad { border-color: var(--bad); }
.banner strong { display: block; }
.good strong, .state.good { color: var(--good); } .bad strong, .state.bad { color: var(--bad); } .warn strong, .state.warn { color: var(--warn); }
.state { font-weight: 600; white-space: nowrap; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; } tr, .banner { break-inside: avoid; } thead { display: table-header-group; }
  th { background: none; }
  @page { margin: 18mm 15mm; }
}
`;
