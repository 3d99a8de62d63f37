import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWorkplace } from '../support/workplace.ts';

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the web pages', () => {
  test('are one file, which answers every address that a browser opens', async () => {
    const { server } = await openWorkplace();
    const { body } = await server.inject({ url: '/', headers: html });
    expect(body).toContain('<div id="root">');
    for (const url of ['/acme', '/acme/reports/bfe4fc361d9f?tab=runs', '/sign-in']) {
      const answer = await server.inject({ url, headers: html });
      expect([url, answer.statusCode, answer.body]).toEqual([url, 200, body]);
    }
  });

  test('stay out of the way of the APIs', async () => {
    const { server } = await openWorkplace();
    for (const url of ['/api/acme/nothing', '/batch/acme/nothing', '/assets/nothing.js']) {
      const answer = await server.inject({ url, headers: html });
      expect([url, answer.statusCode, answer.json().id]).toEqual([url, 404, 'not_found']);
    }
    expect((await server.inject('/acme')).statusCode).toBe(404);
    expect((await server.inject({ url: '/acme', method: 'POST', headers: html })).statusCode).toBe(
      404,
    );
  });

  test('run no script but their own, and are framed by nobody', async () => {
    const { server } = await openWorkplace();
    const { headers, body } = await server.inject({ url: '/', headers: html });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(body).not.toMatch(/<script(?![^>]* src="\/assets\/)/);
  });

  test('consist of files that are kept for ever, and sent compressed', async () => {
    const { server } = await openWorkplace();
    const { body } = await server.inject({ url: '/', headers: html });
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(body) ?? [];
    const plain = await server.inject(script);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const small = await server.inject({ url: script, headers: { 'accept-encoding': 'br' } });
    expect(small.headers['content-encoding']).toBe('br');
    expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  });

  test('are there anew as soon as they were built anew', async () => {
    const { server } = await openWorkplace();
    const built = `built-later-${process.pid}.js`;
    const file = new URL(`../../dist/web/assets/${built}`, import.meta.url);
    const url = `/assets/${built}`;
    expect((await server.inject(url)).statusCode).toBe(404);
    onTestFinished(() => rmSync(file));
    writeFileSync(file, 'later();');
    expect((await server.inject(url)).body).toBe('later();');
  });

  test.each([
    '/assets/',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/.sources',
    '/.sources',
    '/.vite/manifest.json',
  ])('are no way to %s', async (url) => {
    const { server } = await openWorkplace();
    const answer = await server.inject(url);
    expect([403, 404]).toContain(answer.statusCode);
    expect(answer.json()).toHaveProperty('id');
  });
});
