import type { Database } from '../database/database.ts';
import { Remembered } from '../database/remembered.ts';
import { findOrganizationNow } from '../organizations/organization-store.ts';
import type { AccessTokenKind } from './access-token.ts';
import { findTokenHolder, type TokenHolder } from './access-token-store.ts';

const MAX_KNOWN = 10_000;

/**
 * Whom access tokens stand for, asked of the store once and then remembered for as long as the organization says that
 * no credential was taken away and no member changed. That is asked each time, so what any process revokes is refused
 * at the next request.
 */
export class TokenHolders {
  readonly #database: Database;
  readonly #known = new Map<string, TokenHolder>();
  readonly #now: Remembered<number, Awaited<ReturnType<typeof findOrganizationNow>>>;

  constructor(database: Database) {
    this.#database = database;
    this.#now = new Remembered(database);
  }

  /** Undefined where the token is unknown, revoked, or its member was removed. */
  async find(kind: AccessTokenKind, token: string): Promise<TokenHolder | undefined> {
    const key = `${kind}/${token}`;
    const known = this.#known.get(key);
    if (known) {
      const { id } = known.organization;
      const now = await this.#now.get(id, () => findOrganizationNow(this.#database, id));
      const { epoch, accessChanges } = known.organization;
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
