import { ApiError, quoted } from '../errors.ts';
import type { ConnectionOptions } from './data-source.ts';
import { wireNames } from './data-source-bodies.ts';
import { type Adapter, kindOf } from './kinds.ts';
import { isPathBelow } from './organization-files.ts';

/** Options as they are sent, each of the right type; see `optionFields`. */
export type WireOptions = Record<string, string | number | null | undefined>;

/** Options by our names for them, as they become where some are given: null takes one away. */
export function withWireOptions(before: ConnectionOptions, given: WireOptions): ConnectionOptions {
  const ours = new Map(Object.entries(wireNames).map(([option, wire]) => [wire, option]));
  const options = { ...before };
  for (const [name, value] of Object.entries(given)) {
    const option = ours.get(name) ?? name;
    if (value === null) delete options[option];
    else if (value !== undefined) options[option] = value;
  }
  return options;
}

/**
 * Holds the options of a connection to those that its adapter takes.
 *
 * @throws ApiError bad_request that names the option, and those that the adapter takes.
 */
export function checkOptions(adapter: Adapter, options: ConnectionOptions): void {
  const { wireName, connection, pathOption } = kindOf(adapter);
  const { properties, required } = connection;
  const taken = Object.keys(properties).filter((option) => option !== 'adapter');
  const field = (option: string) => `data_source.${wireNames[option] ?? option}`;
  const takes = `${wireName} takes ${taken.map((option) => wireNames[option] ?? option).join(', ')}.`;
  for (const option of Object.keys(options)) {
    if (taken.includes(option)) continue;
    throw new ApiError(
      'bad_request',
      `Field ${field(option)} is not supported by this adapter.`,
      takes,
    );
  }
  for (const option of required as readonly string[]) {
    if (option === 'adapter' || option in options) continue;
    throw new ApiError('bad_request', `Field ${field(option)} is missing.`, takes);
  }
  const path = pathOption && options[pathOption];
  if (path === undefined || isPathBelow(String(path))) return;
  throw new ApiError(
    'bad_request',
    `Field ${field(pathOption as string)} is ${quoted(path)}; it must be a path in the folder of the organization's files.`,
    'Write it without a leading slash and without "..", such as sales/2026.',
  );
}
