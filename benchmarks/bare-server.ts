import { writeFileSync } from 'node:fs';
import { answerOf, type Target } from './load.ts';
import { type Running, startServer } from './start-process.ts';

/** What Node itself says of every answer. */
const OF_NODE = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/**
 * A bare Node server for the answer that a target gives to a path: the same bytes and the same headers.
 *
 * @param file where it may keep the bytes.
 * @param rows a file from which it sends as many bytes instead, from anywhere.
 */
export async function bareServer(
  target: Target,
  path: string,
  file: string,
  rows?: string,
): Promise<Running> {
  const { body, headers } = await answerOf(target, path);
  writeFileSync(file, body);
  const same: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2);
    if (!OF_NODE.has(name.toLowerCase())) same.push(name, value);
  }
  const args = ['benchmarks/anchors/bare-server.ts', file, JSON.stringify(same)];
  return startServer(rows === undefined ? args : [...args, rows]);
}
