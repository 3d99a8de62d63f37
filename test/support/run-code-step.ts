import type { Database } from '../../src/database/database.ts';
import type { CodeStep } from '../../src/database/migrations.ts';

/** Applies a migration in code to a store, whether or not it was applied before. */
export async function runCodeStep(database: Database, step: CodeStep): Promise<void> {
  let place: string | undefined;
  do {
    const turn = await database.transaction((store) => step.takeTurn(store, place));
    place = turn?.place;
  } while (place !== undefined);
}
