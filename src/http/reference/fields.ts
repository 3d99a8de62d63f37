import { type Document, type Parameter, resolve, type Schema } from './document.ts';
import { type Html, html, inline } from './html.ts';

/** A field of a body: the path to it, such as `reports[].` and `id`, and what it holds. */
type Field = { path: string; name: string; schema: Schema; required: boolean };

/** The fields of a body, those within others too. */
export function fieldTable(document: Document, schema: Schema): Html {
  return table(
    fieldsOf(document, schema, '').map(
      ({ path, name, schema, required }) => html`<tr>
<th scope="row"><code><span class="path">${path}</span><wbr>${name}</code></th>
<td class="type">${typeOf(document, schema)}${required ? '' : ', may be absent'}</td>
<td>${inline(schema.description ?? '')}</td>
</tr>`,
    ),
  );
}

/** The parameters of an operation, those in its path first. */
export function parameterTable(document: Document, parameters: Parameter[]): Html {
  const inPath = ({ in: place }: Parameter) => Number(place === 'path');
  return table(
    parameters
      .toSorted((a, b) => inPath(b) - inPath(a))
      .map(
        ({ name, in: place, schema, description }) => html`<tr>
<th scope="row"><code>${name}</code></th>
<td class="type">${place}, ${typeOf(document, schema)}${defaultOf(schema)}</td>
<td>${inline(description)}</td>
</tr>`,
      ),
  );
}

function table(rows: Html[]): Html {
  return html`<table class="fields"><tbody>
${rows}
</tbody></table>`;
}

function fieldsOf(document: Document, given: Schema, path: string): Field[] {
  const { properties = {}, required = [] } = resolve(document, given);
  return Object.entries(properties).flatMap(([name, property]) => {
    const schema = resolve(document, property);
    const items = schema.items && resolve(document, schema.items);
    return [
      { path, name, schema, required: required.includes(name) },
      ...fieldsOf(document, schema, `${path}${name}.`),
      ...(items ? fieldsOf(document, items, `${path}${name}[].`) : []),
    ];
  });
}

function typeOf(document: Document, given: Schema): string {
  const schema = resolve(document, given);
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(document, one)).join(' or ');
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(' or ');
  if (schema.type === 'array') return `array of ${typeOf(document, schema.items ?? {})}s`;
  const types = [schema.type ?? 'any'].flat();
  const words = types.map((type) =>
    type !== 'null' && schema.format === 'date-time' ? 'time' : type,
  );
  return `${words.join(' or ')}${rangeOf(schema)}`;
}

function rangeOf({ minimum, maximum, minLength, maxLength }: Schema): string {
  if (minLength !== undefined) return ` of ${minLength} to ${maxLength} characters`;
  if (minimum === undefined) return '';
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}

function defaultOf(schema: Schema): string {
  return schema.default === undefined ? '' : `, default ${schema.default}`;
}
