import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
} from 'node:zlib';

/** The encodings that answers are sent in, the one we like best first. */
const encodings = ['zstd', 'br', 'gzip', 'identity'] as const;
export type Encoding = (typeof encodings)[number];

const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

const encoders = {
  zstd: (plain: Buffer) => promisify(zstdCompress)(plain, zstdOptions),
  br: (plain: Buffer) => promisify(brotliCompress)(plain, brotliOptions),
  gzip: (plain: Buffer) => promisify(gzip)(plain, { level: 6 }),
  identity: async (plain: Buffer) => plain,
};

/** The bytes in an encoding, made in a thread of their own. */
export function encode(encoding: Encoding, plain: Buffer): Promise<Buffer> {
  return encoders[encoding](plain);
}

/** A stream that encodes what passes; undefined where nothing is to be done. */
export function encoder(encoding: Encoding): Transform | undefined {
  if (encoding === 'zstd') return createZstdCompress(zstdOptions);
  if (encoding === 'br') return createBrotliCompress(brotliOptions);
  if (encoding === 'gzip') return createGzip({ level: 6 });
  return undefined;
}

/**
 * The encoding for an answer, from the Accept-Encoding header (RFC 9110, 12.5.3): the one of the highest weight, among
 * equals the one we like best; `identity` where none is acceptable, since a page is better than none.
 */
export function chooseEncoding(header: string | string[] | undefined): Encoding {
  if (header === undefined || header === '') return 'identity';
  const weights = new Map<string, number>();
  for (const part of String(header).toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : Number(weight) || 0);
  }
  const weightOf = (encoding: Encoding): number =>
    weights.get(encoding) ?? weights.get('*') ?? (encoding === 'identity' ? 0.001 : 0);
  let best: Encoding = 'identity';
  for (const encoding of encodings.toReversed()) {
    if (weightOf(encoding) > 0 && weightOf(encoding) >= weightOf(best)) best = encoding;
  }
  return best;
}
