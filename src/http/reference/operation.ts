import { curl } from './curl.ts';
import {
  bodyOf,
  type Document,
  type Operation,
  type Response,
  resolve,
  type Schema,
} from './document.ts';
import { fieldTable, parameterTable } from './fields.ts';
import { type Html, html, inline, prose } from './html.ts';

/** An operation with where it is found in the document. */
export type Place = { method: string; path: string; operation: Operation };

/** Everything about one operation: who may call it, what it takes, what it answers, how it is called. */
export function operationSection(document: Document, baseUrl: string, place: Place): Html {
  const { method, path, operation } = place;
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const request = bodyOf(requestBody?.content);
  const [success, ...failures] = Object.entries(responses);
  const answer = bodyOf(success?.[1].content);
  return html`
<section class="operation" id="${operationId}">
<div class="told">
<h3><a href="#${operationId}">${summary}</a></h3>
<p class="address"><b>${method.toUpperCase()}</b> <code>${path}</code></p>
${prose(description)}
${callers(document, operation)}
${parameters && html`<h4>Parameters</h4>${parameterTable(document, parameters)}`}
${request && html`<h4>Request body</h4>${fieldTable(document, request.schema)}`}
${
  success &&
  html`<h4>Answer</h4>
<p><b class="status">${success[0]}</b> ${inline(success[1].description)}</p>`
}
${answer && fieldTable(document, answer.schema)}
<h4>Errors</h4>
<table class="errors"><tbody>
${failures.map(([status, response]) => failureRow(status, response))}
</tbody></table>
</div>
<div class="shown">
<figure><figcaption>Call</figcaption><pre tabindex="0">${curl(document, baseUrl, place)}</pre></figure>
${answer && example(document, answer)}
</div>
</section>`;
}

function callers({ components }: Document, { security }: Operation): Html {
  const descriptions = security
    .flatMap((one) => Object.keys(one))
    .map((name) => components.securitySchemes[name]?.description ?? name);
  return descriptions.length > 0
    ? html`<p class="callers"><b>Credential:</b> ${inline(descriptions.join(' Or: '))}</p>`
    : html`<p class="callers"><b>Credential:</b> None; anyone may call it.</p>`;
}

function failureRow(status: string, { description, headers = {} }: Response): Html {
  const more = Object.entries(headers).map(
    ([name, header]) => html`<br><code>${name}</code>: ${inline(header.description)}`,
  );
  return html`<tr>
<th scope="row">${status}</th>
<td>${inline(description)}${more}</td>
</tr>`;
}

function example(
  document: Document,
  { mediaType, schema }: { mediaType: string; schema: Schema },
): Html | undefined {
  const [shown] = resolve(document, schema).examples ?? [];
  if (shown === undefined) return undefined;
  return html`<figure><figcaption>Answer, <code>${mediaType}</code></figcaption><pre tabindex="0">${JSON.stringify(shown, null, 2)}</pre></figure>`;
}
