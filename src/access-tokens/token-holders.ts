import { type AsOf, asOfNow, CommitMemo } from '../database/commit-memo.ts';
import type { Database } from '../database/database.ts';
import { findOrganizationNow } from '../organizations/organization-store.ts';
import type { AccessTokenKind } from './access-token.ts';
import { findTokenHolder, type TokenHolder } from './access-token-store.ts';

const MAX_KNOWN = 10_000;

/**
 * Whom access tokens stand for, asked of the store once and then known for as long as the organization says that no
 * credential was taken away and no member changed. That is asked after each commit, so what any process revokes is refused
 * at the next request.
 */
export class TokenHolders {
  readonly #database: Database;
  readonly #known = new Map<string, TokenHolder>();
  readonly #now = new CommitMemo<number, Awaited<ReturnType<typeof findOrganizationNow>>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Undefined where the token is unknown, revoked, or its member was removed.
   *
   * @param asOf the state of the store, if the caller has looked at it.
   */
  async find(
    kind: AccessTokenKind,
    token: string,
    asOf: AsOf = asOfNow(this.#database),
  ): Promise<TokenHolder | undefined> {
    const key = `${kind}/${token}`;
    const known = this.#known.get(key);
    if (known) {
      const { id, epoch, accessChanges } = known.organization;
      const now = await this.#now.get(asOf, id, () => findOrganizationNow(this.#database, id));
      if (now?.epoch === epoch && now.accessChanges === accessChanges) {
        return { ...known, organization: { ...known.organization, ...now } };
      }
      this.#known.delete(key);
    }
    const holder = await findTokenHolder(this.#database, kind, token);
    if (holder) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      this.#known.set(key, holder);
    }
    return holder;
  }
}
