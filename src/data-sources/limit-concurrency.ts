/** Lets so many works run at once, and has the others wait for their turn, first come first served. */
export function limitConcurrency(
  atOnce: number,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** The same for each of many, so that none waits for another's works. */
export function limitConcurrencyEach(
  atOnce: number,
): (id: number) => ReturnType<typeof limitConcurrency> {
  const turns = new Map<number, ReturnType<typeof limitConcurrency>>();
  return (id) => {
    const inTurn = turns.get(id) ?? limitConcurrency(atOnce);
    turns.set(id, inTurn);
    return inTurn;
  };
}
