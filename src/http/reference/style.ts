/** Ink on paper: one column of text, hairlines, one accent; the paper turns dark where the reader's system is. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8;
  --shade: #f4f2ec;
  --rule: #dedad0;
  --faint: #6b665c;
  --ink: #1f1d1a;
  --accent: #9a3412;
  --serif: "Source Serif 4", "Iowan Old Style", Charter, "Palatino Linotype", Georgia, "Liberation Serif", serif;
  --sans: Inter, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: "IBM Plex Mono", ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171614;
    --shade: #201f1c;
    --rule: #37342f;
    --faint: #a09a8e;
    --ink: #e8e4da;
    --accent: #f0a58a;
  }
}

* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.6 var(--sans); }
h1, h2, h3, .name, .lead { font-family: var(--serif); font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1 { margin: 0 0 1rem; font-size: 2.25rem; }
h2 { margin: 0 0 .5rem; font-size: 1.625rem; }
h3 { margin: 0 0 .5rem; font-size: 1.25rem; }
h4 { margin: 2rem 0 .5rem; font-size: .8125rem; font-weight: 600; color: var(--faint); }
p { margin: 0 0 .75rem; max-width: 40rem; text-wrap: pretty; }
.lead { font-size: 1.1875rem; font-weight: 400; line-height: 1.5; }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:focus-visible, pre:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
code, pre { font-family: var(--mono); font-size: .8125rem; overflow-wrap: anywhere; }
th code { overflow-wrap: break-word; }

.masthead { display: flex; justify-content: space-between; align-items: center; padding: 0 1.25rem; height: 3.25rem;
  position: sticky; top: 0; background: var(--paper); border-bottom: 1px solid var(--rule); z-index: 1; }
.name { color: inherit; font-size: 1.125rem; text-decoration: none; }
nav { padding: 1.25rem 1.25rem 1.5rem; border-bottom: 1px solid var(--rule); }
nav p { margin: 1rem 0 .25rem; }
nav p:first-child { margin-top: 0; }
nav p a { color: var(--ink); font-weight: 600; text-decoration: none; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .25rem 0; color: var(--faint); text-decoration: none; }
nav a:hover { color: var(--accent); }

main { padding: 2rem 1.25rem 6rem; }
.tag { margin-top: 4rem; }
.operation { margin-top: 2rem; padding-top: 2rem; border-top: 1px solid var(--rule); }
.operation h3 a { color: inherit; text-decoration: none; }
.operation h3 a:hover { color: var(--accent); }
.address { margin-bottom: 1rem; }
.address b { font: 600 .8125rem var(--mono); color: var(--accent); }
.callers b, .status { font-weight: 600; }
.status { font-variant-numeric: tabular-nums; }

table { border-collapse: collapse; width: 100%; max-width: 52rem; border-bottom: 1px solid var(--rule); }
tr { border-top: 1px solid var(--rule); }
th, td { padding: .4375rem 1rem .4375rem 0; text-align: left; vertical-align: baseline; font-weight: 400; }
td:last-child { padding-right: 0; }
.type, .path { color: var(--faint); }
.type { font-size: .8125rem; }
.errors th { white-space: nowrap; font-variant-numeric: tabular-nums; width: 4rem; }
.fields + .errors { margin-top: 2rem; }

figure { margin: 2rem 0 0; }
figcaption { margin-bottom: .5rem; font-size: .8125rem; font-weight: 600; color: var(--faint); }
figcaption code { font-size: .75rem; font-weight: 400; }
pre { margin: 0; padding: .875rem 1rem; background: var(--shade); border-radius: 3px; font-size: .75rem; line-height: 1.6;
  overflow-x: auto; overflow-wrap: normal; tab-size: 2; }

.version { color: var(--faint); font-size: .8125rem; }

@media (max-width: 39.99rem) {
  .fields tr { display: flex; flex-wrap: wrap; column-gap: .75rem; align-items: baseline; padding: .4375rem 0; }
  .fields th, .fields td { padding: 0; }
  .fields td:last-child { flex-basis: 100%; }
  h1 { font-size: 1.875rem; }
}
@media (min-width: 40rem) {
  .fields { table-layout: fixed; }
  .fields th { width: 38%; }
  .fields .type { width: 20%; }
}
@media (min-width: 60rem) {
  html { scroll-padding-top: 2rem; }
  body:has(nav) { display: grid; grid-template-columns: 15rem minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .masthead a:last-child { display: none; }
  .masthead { position: static; border: 0; padding: 0 0 0 2rem; height: auto; margin-top: 2.5rem; }
  nav { display: block; grid-column: 1; padding: 1.5rem 1rem 2rem 2rem; border: 0; position: sticky; top: 0;
    align-self: start; max-height: 100vh; overflow-y: auto; }
  main { padding: 2.5rem 3rem 8rem; grid-column: 2; grid-row: 1 / span 2; }
}
@media (min-width: 82rem) {
  main { max-width: 96rem; }
  .operation { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 30rem); column-gap: 3.5rem; }
  .shown figure:first-child { margin-top: 0; }
  .shown { position: sticky; top: 2rem; align-self: start; }
}
@media print {
  .masthead, nav { display: none; }
}
`;
