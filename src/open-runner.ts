import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { equipmentOf, type FindFault } from './data-sources/equipment.ts';
import type { ConnectionParts } from './data-sources/open-connection.ts';
import { filesDirOf } from './data-sources/organization-files.ts';
import { QueryProcesses } from './data-sources/query-processes.ts';
import { secretKeyOf } from './data-sources/secret-key.ts';
import { type Templates, TemplateThread } from './data-sources/templates/templates.ts';
import type { Database } from './database/database.ts';
import type { Identifiers } from './identifiers.ts';
import { logRuns, type RunLog } from './runs/log-runs.ts';
import { openRunWorker } from './runs/open-run-worker.ts';
import type { RunWorker } from './runs/run-worker.ts';
import type { DueSchedule } from './schedules/schedule-store.ts';
import { runScheduler } from './schedules/scheduler.ts';
import type { Metrics } from './telemetry/metrics.ts';

type Parts = {
  database: Database;
  clock: Clock;
  identifiers: Identifiers;
  metrics: Pick<Metrics, 'runEnded' | 'runLost' | 'scheduleStarted'>;
  log: () => RunLog;
  onFault: (error: Error, what: string, facts?: object) => void;
};

/** What executes runs of reports in a process, and starts those that schedules want. */
export type Runner = {
  worker: RunWorker;
  connections: ConnectionParts;
  /** What keeps this process from running queries as others would. */
  findFault: FindFault;
  queryProcesses: QueryProcesses;
  templates: Templates;
  /** A folder of this process alone, for results that are on their way. */
  folder: string;
  start(): void;
  /** Begins nothing any more, and ends or gives back the runs that it has; others may still use the rest. */
  stop(): Promise<void>;
  close(): Promise<void>;
};

/** A runner as the configuration wants it: where it is to execute no runs, others do, and start what is due. */
export function openRunner(
  config: Config,
  { database, clock, identifiers, metrics, log, onFault }: Parts,
): Runner {
  const connections = {
    secretKey: secretKeyOf(config, identifiers),
    filesDir: filesDirOf(config),
  };
  const findFault = equipmentOf(connections, { database, clock, identifiers });
  const isIdle = config.runsAtOnce === 0;
  const queryProcesses = new QueryProcesses({
    spare: isIdle ? 0 : 1,
    privateHosts: config.privateHosts,
    looks: join(config.dataDir, 'file-looks'),
  });
  const templates = new TemplateThread();
  const { worker, folder, closeWorker } = openRunWorker(config, {
    database,
    queryProcesses,
    templates,
    connections,
    findFault,
    clock,
    onFault: (error) => onFault(error, 'running reports failed'),
    ...logRuns(metrics, log),
  });
  let stopScheduling: (() => Promise<void>) | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      await stopScheduling?.();
      await closeWorker();
    })();
    return stopped;
  };
  return {
    worker,
    connections,
    findFault,
    queryProcesses,
    templates,
    folder,
    start() {
      if (config.readOnly !== undefined) return;
      worker.start();
      if (isIdle) return;
      stopScheduling = runScheduler({
        database,
        clock,
        identifiers,
        templates,
        mostWaiting: config.waitingRuns,
        onStarted(lateMs, schedule) {
          metrics.scheduleStarted(lateMs);
          log().info({ ...factsOfDue(schedule), late_ms: lateMs }, 'scheduled run queued');
          worker.wake();
        },
        onFailure: (error, schedule) =>
          onFault(error, 'starting a scheduled run failed', schedule && factsOfDue(schedule)),
      });
    },
    stop,
    async close() {
      await stop();
      await queryProcesses.close();
      await templates.close();
    },
  };
}

const factsOfDue = ({ organizationId, token }: DueSchedule) => ({
  organization_id: organizationId,
  schedule: token,
});
