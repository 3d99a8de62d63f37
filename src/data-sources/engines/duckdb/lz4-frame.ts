const MAGIC = 0x184d2204;
const HEADER_BYTES = 7;
const LEAST_MATCH = 4;

/**
 * Decompresses what is in the LZ4 frame format, as Arrow files may be.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 *
 * @param length how many bytes it has to give.
 * @throws Error where it does not, or the frame is broken.
 */
export function decompressLz4Frame(frame: Uint8Array, length: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw broken();
  const flags = view.getUint8(4);
  const hasBlockChecksums = (flags & 0x10) !== 0;
  let at = HEADER_BYTES + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
  const output = new Uint8Array(length);
  let written = 0;
  for (let size = view.getUint32(at, true); size !== 0; size = view.getUint32(at, true)) {
    const start = at + 4;
    const end = start + (size & 0x7fffffff);
    if (end > frame.length) throw broken();
    const block = frame.subarray(start, end);
    written = size >>> 31 ? copyBlock(block, output, written) : readBlock(block, output, written);
    at = end + (hasBlockChecksums ? 4 : 0);
  }
  if (written !== length) throw broken();
  return output;
}

function copyBlock(block: Uint8Array, output: Uint8Array, to: number): number {
  if (to + block.length > output.length) throw broken();
  output.set(block, to);
  return to + block.length;
}

/** Answers where in the output the next block goes. A block may repeat what blocks before it gave. */
function readBlock(block: Uint8Array, output: Uint8Array, start: number): number {
  let from = 0;
  let to = start;
  const next = (): number => {
    const byte = block[from++];
    if (byte === undefined) throw broken();
    return byte;
  };
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (let more = 255; more === 255; length += more) more = next();
    return length;
  };
  while (from < block.length) {
    const token = next();
    const literals = lengthOf(token >> 4);
    const end = from + literals;
    if (end > block.length) throw broken();
    to = copyBlock(block.subarray(from, end), output, to);
    from = end;
    if (from === block.length) break;
    const back = next() | (next() << 8);
    const count = lengthOf(token & 15) + LEAST_MATCH;
    if (back === 0 || back > to || to + count > output.length) throw broken();
    for (const stop = to + count; to < stop; to++) output[to] = output[to - back] as number;
  }
  return to;
}

function broken(): Error {
  return new Error('its compressed data is damaged');
}
