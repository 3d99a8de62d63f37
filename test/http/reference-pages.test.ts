import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { errors } from '../../src/errors.ts';
import type { Document } from '../../src/http/reference/document.ts';
import { html, prose } from '../../src/http/reference/html.ts';
import { openWorkplace } from '../support/workplace.ts';

describe('the reference pages', () => {
  test('show every operation, its fields, its errors and a line that calls it', async () => {
    const { server } = await openWorkplace({ publicUrl: 'https://reports.example.com' });
    const page = (await server.inject('/docs')).body;
    const document = (await server.inject('/openapi.json')).json<Document>();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const { operationId, summary, responses } of Object.values(operations)) {
        const section = page.split(`id="${operationId}"`)[1]?.split('</section>')[0] ?? '';
        expect(section).toContain(summary);
        expect(section).toContain(`<code>${path}</code>`);
        expect(section).toContain('https://reports.example.com/');
        for (const status of Object.keys(responses)) expect(section).toContain(`>${status}<`);
      }
    }
    for (const field of ['last_successfully_run_at', 'recent_manual_run_creators_emails']) {
      expect(page).toContain(`<wbr>${field}</code>`);
    }
    for (const id of Object.keys(errors)) expect(page).toContain(`<code>${id}</code>`);
  });

  test('refer to themselves and nowhere else', async () => {
    const { server } = await openWorkplace();
    const { body, headers, statusCode } = await server.inject('/docs');
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
    for (const [, target] of body.matchAll(/(?:href|src)="([^"]*)"/g)) {
      if (target?.startsWith('#')) expect(body).toContain(`id="${target.slice(1)}"`);
      else expect((await server.inject(String(target))).statusCode).toBe(200);
    }
    const ids = [...body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const style = await server.inject('/docs/style.css');
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(style.body).toContain('prefers-color-scheme: dark');
    expect(style.body).not.toMatch(/url\(|@import/);
  });

  test('are made once: compressed, with a tag by which nothing is sent again', async () => {
    const { server } = await openWorkplace();
    for (const url of ['/docs', '/docs/style.css', '/openapi.json']) {
      const plain = await server.inject(url);
      const etag = String(plain.headers.etag);
      const headers = { 'accept-encoding': 'br' };
      const compressed = await server.inject({ url, headers });
      expect(compressed.headers['content-encoding']).toBe('br');
      expect(compressed.headers.vary).toBe('Accept-Encoding');
      expect(compressed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
      expect(brotliDecompressSync(compressed.rawPayload).equals(plain.rawPayload)).toBe(true);
      const again = await server.inject({ url, headers: { 'if-none-match': `"x", ${etag}` } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      const other = await server.inject({ url, headers: { 'if-none-match': '"x"' } });
      expect(other.statusCode).toBe(200);
    }
  });

  test('of another address have another tag, and are right though many addresses were asked', async () => {
    const { server } = await openWorkplace();
    const at = (host: string) => server.inject({ url: '/docs', headers: { host } });
    const first = await at('one.example');
    for (let n = 0; n < 20; n++)
      expect((await at(`${n}.example`)).body).toContain(`//${n}.example/`);
    expect((await at('two.example')).headers.etag).not.toBe(first.headers.etag);
    expect((await at('one.example')).headers.etag).toBe(first.headers.etag);
  });

  test('take nothing from a hostile Host header', async () => {
    const { server } = await openWorkplace();
    const headers = { host: `evil"><script>'$(id)` };
    const { body } = await server.inject({ url: '/docs', headers });
    expect(body).not.toContain('evil');
    const asked = await server.inject({ url: '/docs', headers: { host: '10.0.0.5:4146' } });
    expect(asked.body).toContain('http://10.0.0.5:4146/batch/acme/reports?');
  });
});

describe('html', () => {
  const text = (content: { text: string }) => content.text;

  test('escapes every value that is not HTML already', () => {
    const value = `<b title="x">'&`;
    expect(text(html`<p>${value}</p>`)).toBe('<p>&lt;b title=&quot;x&quot;&gt;&#39;&amp;</p>');
    expect(text(html`${html`<i>${[1, '<']}</i>`}${undefined}`)).toBe('<i>1&lt;</i>');
  });

  test('keeps backslashes as they are', () => {
    expect(text(html`${'a\\n'}`)).toBe('a\\n');
  });

  test('reads paragraphs and code', () => {
    expect(prose('One `<a>`.\n\nTwo.').map(text)).toEqual([
      '<p>One <code>&lt;a&gt;</code>.</p>',
      '<p>Two.</p>',
    ]);
  });
});
