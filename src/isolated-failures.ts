/**
 * Work for one organization after the other. Where it fails for one, whose rows an import holds or are not as they
 * should be, the others have their turn all the same; that one is left out from then on, and its failure is told at the
 * end.
 */
export class IsolatedFailures {
  readonly #failures = new Map<number, unknown>();

  /** The organizations for which it has failed. */
  get leftOut(): number[] {
    return [...this.#failures.keys()];
  }

  async do(organizationId: number, work: () => Promise<void>): Promise<void> {
    if (this.#failures.has(organizationId)) return;
    try {
      await work();
    } catch (error) {
      this.#failures.set(organizationId, error);
    }
  }

  /** Throws the first failure, if there was one. */
  end(): void {
    for (const failure of this.#failures.values()) throw failure;
  }
}
