import type { Database } from './database.ts';

/** What a store does: single statements that read or write, and whole transactions. */
export type StoreWork = 'read' | 'write' | 'transaction';

/** Told when the store begins with something; the function that it answers is called at its end, with the error if it failed. */
export type StoreObserver = (work: StoreWork) => (error?: unknown) => void;

/** The same store, observed. */
export function measured(database: Database, observe: StoreObserver): Database {
  async function during<Result>(work: StoreWork, run: () => Promise<Result>): Promise<Result> {
    const end = observe(work);
    try {
      const result = await run();
      end();
      return result;
    } catch (error) {
      end(error);
      throw error;
    }
  }
  return {
    ...database,
    all: (sql, values) => during('read', () => database.all(sql, values)),
    allEach: (sql, values) => during('read', () => database.allEach(sql, values)),
    everywhere: (sql, values, among) =>
      during('read', () => database.everywhere(sql, values, among)),
    get: (sql, values) => during('read', () => database.get(sql, values)),
    run: (sql, values) => during('write', () => database.run(sql, values)),
    runEach: (sql, values) => during('write', () => database.runEach(sql, values)),
    transaction: (work) => during('transaction', () => database.transaction(work)),
  };
}
