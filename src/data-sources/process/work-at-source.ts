import type { Circumstances } from '../engines/engine.ts';
import { withoutNetwork } from '../engines/unreachable.ts';
import type { Answer, Order, Session } from '../query-job.ts';
import { scratchOf } from '../scratch.ts';
import { loadEngine } from './engines.ts';

type SourceOrder = Extract<Order, { connection: unknown }>;

type Parts = Pick<Circumstances, 'sandbox' | 'writer' | 'signal'> & {
  say(answer: Answer): void;
  /** Called when the signal has a server end the query, with what resolves when it has. */
  onStop(ended: Promise<void> | undefined): void;
};

/** Carries out an order that is about a data source, in DuckDBs that are new, and says on the way what happens. */
export async function workAtSource(
  order: SourceOrder,
  { say, onStop, ...parts }: Parts,
): Promise<unknown> {
  const { connection, privateHosts } = order;
  const engine = await loadEngine(connection.adapter);
  const onSession = (session: Session): void => {
    say({ session });
    parts.signal.addEventListener('abort', () => {
      onStop(engine.stop?.(connection, session, circumstances).catch(() => undefined));
    });
  };
  const circumstances: Circumstances = {
    ...parts,
    privateHosts,
    scratch: scratchFor(order),
    looks: 'looks' in order ? order.looks : undefined,
    onLooking: (looking: boolean) => say({ looking }),
    onSession,
  };
  if (order.action === 'stop') return engine.stop?.(connection, order.session, circumstances);
  if (order.action === 'test') return engine.test(connection, circumstances);
  const used =
    order.action === 'describe'
      ? engine.describe(connection, circumstances)
      : engine.run(order, circumstances);
  return used.catch((error) => {
    throw withoutNetwork(error);
  });
}

function scratchFor(order: SourceOrder): string {
  if (order.action === 'run') return scratchOf(order.resultFile);
  return order.action === 'describe' ? order.scratch : '';
}
