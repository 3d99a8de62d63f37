import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import type { PublicUrl } from '../../src/public-url.ts';

/** Fails the test where an answer, whatever it is, does not tell browsers how to guard it. */
export function checkSecurityHeaders(
  { headers }: Pick<LightMyRequestResponse, 'headers'>,
  publicUrl: PublicUrl,
): void {
  expect(headers['x-content-type-options']).toBe('nosniff');
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'(;|$)/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*('unsafe|\*|data:|https?:)/);
  const expected = publicUrl?.protocol === 'https:' ? 'max-age=31536000' : undefined;
  expect(headers['strict-transport-security']).toBe(expected);
}
