import { errors } from '../../errors.ts';
import { basePathOf } from '../../public-url.ts';
import type { Document } from './document.ts';
import { fieldTable } from './fields.ts';
import { type Html, html, inline, prose } from './html.ts';
import { operationSection, type Place } from './operation.ts';

/** The whole reference as one page. `baseUrl` is where its reader reaches the server. */
export function referencePage(document: Document, baseUrl: string): string {
  const { info, tags } = document;
  const basePath = basePathOf(new URL(baseUrl));
  const places = placesOf(document);
  const withTag = (tag: string) => places.filter(({ operation }) => operation.tags.includes(tag));
  return layout(
    { title: `${info.title} API reference`, basePath },
    html`
<header class="masthead">
<a class="name" href="${basePath}/">${info.title}</a>
<a href="#contents">Contents</a>
</header>
<nav id="contents" aria-label="Contents">
${tags.map(
  (tag) => html`<p><a href="#${anchor(tag.name)}">${tag.name}</a></p>
<ul>
${withTag(tag.name).map(
  ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
)}
</ul>`,
)}
<p><a href="#errors">Errors</a></p>
</nav>
<main>
<h1>API reference</h1>
<p class="lead">${inline(info.description)}</p>
<p>This server is ${info.title} ${info.version} at <code>${baseUrl}</code>. The same as a document for
programs: <a href="${basePath}/openapi.json">openapi.json</a>, OpenAPI 3.1.</p>
${tags.map(
  (tag) => html`<section class="tag" id="${anchor(tag.name)}">
<h2>${tag.name}</h2>
${prose(tag.description)}
${withTag(tag.name).map((place) => operationSection(document, baseUrl, place))}
</section>`,
)}
<section class="tag" id="errors">
<h2>Errors</h2>
<p>Every error has the same shape. With an operation stands what it answers by itself; the limits of the server
and its faults may meet any request.</p>
${fieldTable(document, document.components.schemas.Error ?? {})}
<table class="errors"><tbody>
${Object.entries(errors).map(
  ([id, { status, meaning }]) =>
    html`<tr><th scope="row">${status} <code>${id}</code></th><td>${meaning}</td></tr>`,
)}
</tbody></table>
</section>
</main>`,
  );
}

/** What a person who opens the server's address sees. */
function layout({ title, basePath }: { title: string; basePath: string }, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="${basePath}/docs/style.css">
</head>
<body>${body}
</body>
</html>
`.text;
}

function placesOf({ paths }: Document): Place[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
}

function anchor(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-');
}
