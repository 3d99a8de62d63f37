import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Gives every path that answers some method an OPTIONS that says what it takes, and a 405 to the other methods.
 * The function that it answers is to be called once all routes are there.
 */
export function rejectOtherMethods(app: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    methodsOf.set(url, methods);
    for (const one of [method].flat()) methods.add(one.toUpperCase());
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const allow = [...METHODS.filter((method) => methods.has(method)), 'OPTIONS'].join(', ');
      app.route({
        method: 'OPTIONS',
        url,
        schema: { hide: true },
        handler: async (_request, reply) => reply.code(204).header('allow', allow).send(),
      });
      app.route({
        method: METHODS.filter((method) => !methods.has(method)),
        url,
        exposeHeadRoute: false,
        schema: { hide: true },
        handler: async (_request, reply) => {
          reply.header('allow', allow);
          throw new ApiError('method_not_allowed', `This path only supports ${allow}.`);
        },
      });
    }
  };
}
