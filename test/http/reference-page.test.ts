import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openWorkplace } from '../support/workplace.ts';

const FILES = ['/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css', '/docs/reference.js'];

describe('the API reference', () => {
  test('consists of files of the server, with nothing inline', async () => {
    const { server } = await openWorkplace();
    const { body, headers, statusCode } = await server.inject('/docs');
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'"]),
    );
    expect(policy).toContain("connect-src 'self'");
    expect(body).not.toMatch(/<script(?! type="module" src| src)|<style|\sstyle=|\son\w+=/);
    const targets = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target);
    expect(targets).toEqual(expect.arrayContaining(FILES));
    for (const target of targets) {
      expect(target).toMatch(/^\/[^/]|^\/$/);
      expect((await server.inject(target)).statusCode, target).toBe(200);
    }
    expect((await server.inject('/docs/')).body).toBe(body);
    expect((await server.inject('/docs/index.html')).statusCode).toBe(404);
  });

  test('is sent compressed, with a tag by which nothing is sent again', async () => {
    const { server } = await openWorkplace();
    for (const url of ['/docs', '/openapi.json', ...FILES]) {
      const plain = await server.inject(url);
      const etag = String(plain.headers.etag);
      const compressed = await server.inject({ url, headers: { 'accept-encoding': 'br' } });
      expect(compressed.headers['content-encoding']).toBe('br');
      expect(String(compressed.headers.vary).toLowerCase()).toBe('accept-encoding');
      expect(compressed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
      expect(brotliDecompressSync(compressed.rawPayload).equals(plain.rawPayload)).toBe(true);
      const again = await server.inject({ url, headers: { 'if-none-match': `"x", ${etag}` } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      const other = await server.inject({ url, headers: { 'if-none-match': '"x"' } });
      expect(other.statusCode).toBe(200);
    }
  });
});
