/** For the schemas of texts that are sent to us: PostgreSQL takes no zero byte in a text. */
export const PLAIN_TEXT = { pattern: '^[^\\u0000]*$' } as const;
