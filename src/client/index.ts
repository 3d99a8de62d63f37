/** The typed client: works in Node and in browsers, and needs nothing else of Rollcall. */
export type { Change, ChangeBatch, ChangeOptions, Changes, Deletion } from './changes.ts';
export { type ApiToken, basicOf, bearerOf, type SignatureCredential } from './credentials.ts';
export { RollcallError } from './errors.ts';
export type { RetryEvent } from './exchange.ts';
export type { Page, Pagination } from './page.ts';
export { RestClient, type RestOptions, type Tagged } from './rest-client.ts';
export {
  type CallOptions,
  type ClientOptions,
  type ListOptions,
  RollcallClient,
} from './rollcall-client.ts';
export type {
  Chart,
  ListName,
  Member,
  Query,
  Report,
  ReportStats,
  Rows,
  Space,
} from './rows.ts';
export type {
  CreatedSignatureToken,
  NewSignatureToken,
  SignatureToken,
} from './signature-tokens.ts';
