import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type ErrorId, errors } from '../errors.ts';
import { errorBody } from './error-response.ts';

const causes: Record<string, { id: ErrorId; reason: string; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    id: 'headers_too_large',
    reason: 'Request Header Fields Too Large',
    message: 'The request line and headers are limited to 16 KiB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    id: 'request_timeout',
    reason: 'Request Timeout',
    message: 'The request took too long to arrive.',
  },
};

const otherwise = {
  id: 'bad_request',
  reason: 'Bad Request',
  message: 'The request is not valid HTTP/1.1.',
} as const;

/**
 * Answers what never became a request, in the same shape as every other error, and hangs up.
 *
 * @param always headers of every answer; names and values in turns.
 */
export function answerRawErrors(always: readonly string[]) {
  const headers = always.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
  return function answer(
    this: FastifyInstance,
    error: NodeJS.ErrnoException,
    socket: Socket,
  ): void {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const { id, reason, message } = causes[error.code ?? ''] ?? otherwise;
    this.log.debug({ code: error.code }, 'client error');
    const body = JSON.stringify(errorBody(id, message));
    if (socket.writable) {
      socket.write(
        `HTTP/1.1 ${errors[id].status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n${headers}Connection: close\r\n\r\n${body}`,
      );
    }
    socket.destroySoon();
  };
}
