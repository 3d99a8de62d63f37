import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import { hashesAreEqual, hashSecret } from '../secrets.ts';
import type { Metrics } from './metrics.ts';

/** `GET /metrics`, for whoever has the token of the configuration, where it has one. */
export function addMetricsRoute(
  app: FastifyInstance,
  { metrics, metricsToken }: { metrics: Metrics; metricsToken: string | undefined },
): void {
  if (!metricsToken) return;
  const expected = hashSecret(metricsToken);
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { isForOperators: true } },
    async (request, reply) => {
      const [, given = ''] = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (!hashesAreEqual(hashSecret(given), expected)) {
        reply.header('www-authenticate', 'Bearer');
        throw new ApiError(
          'unauthorized',
          'This needs the metrics token.',
          'Send "Authorization: Bearer " followed by the value of ROLLCALL_METRICS_TOKEN.',
        );
      }
      const { contentType, text } = await metrics.expose();
      return reply.type(contentType).send(text);
    },
  );
}
