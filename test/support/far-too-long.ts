/**
 * A time, in milliseconds, that only what hangs takes, however busy the machine is. Tests hold what
 * must end against it; how fast things are, the benchmarks say.
 */
export const FAR_TOO_LONG_MS = 60_000;
