// Calls a server from a thread of its own, so that what calling costs is not taken for what answering costs.
import { parentPort } from 'node:worker_threads';

export type CallOrder = {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
};
export type CallAnswer = { status: number; etag: string | null; text: string };

parentPort?.on('message', async ({ number, order }: { number: number; order: CallOrder }) => {
  const { url, method, headers, body } = order;
  const answer = (body: CallAnswer) => parentPort?.postMessage({ number, body });
  try {
    const response = await fetch(url, { method, headers, ...(body && { body: body as never }) });
    const text = await response.text();
    const etag = response.headers.get('etag');
    answer({ status: response.status, etag, text: text.slice(0, 500) });
  } catch (error) {
    answer({ status: 0, etag: null, text: String((error as Error).cause) });
  }
});
