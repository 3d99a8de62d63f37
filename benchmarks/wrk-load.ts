import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Ask, Loaded, Target } from './load.ts';

export const hasWrk = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'wrk')));

/** As `load` says, by wrk: it takes much less of a machine that it shares with the server than a client in Node. */
export async function wrkLoad(target: Target, ask: Ask): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    writeFileSync(join(folder, 'paths'), ask.paths.join('\n'));
    writeFileSync(script, luaScript(join(folder, 'paths'), target.headers));
    const { stdout } = await promisify(execFile)('wrk', [
      '--threads=1',
      `--connections=${ask.connections}`,
      `--duration=${ask.seconds}s`,
      '--timeout=30s',
      `--script=${script}`,
      target.server.url.href,
    ]);
    const { failed, requests, ...found } = JSON.parse(stdout.slice(stdout.lastIndexOf('{')));
    if (failed > 0) throw new Error(`${failed} of ${requests} requests failed:\n${stdout}`);
    if (ask.once && requests > ask.paths.length) {
      throw new Error(
        `${requests} requests were made, and there are only ${ask.paths.length} pages.`,
      );
    }
    return { ...found, answers: requests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function luaScript(pathsFile: string, headers: Record<string, string>): string {
  return `
local requests = {}
for name, value in pairs({ ${Object.entries(headers)
    .map(([name, value]) => `[ [[${name}]] ] = [[${value}]]`)
    .join(', ')} }) do wrk.headers[name] = value end
function init()
  for path in io.lines([[${pathsFile}]]) do requests[#requests + 1] = wrk.format("GET", path) end
end
local next = 0
function request()
  next = next + 1
  return requests[(next - 1) % #requests + 1]
end
function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"failed":%d,"perSecond":%.3f,"p50Ms":%.4f,"p99Ms":%.4f}',
    summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
`;
}
