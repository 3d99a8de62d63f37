import { resolve } from 'node:path';
import { quoted, UserError } from './errors.ts';
import { parsePublicUrl } from './public-url.ts';

/** An option of the server: one entry here is its environment variable, its flag, its check and its documentation. */
type Option<Value> = {
  /** The environment variable. Its flag and its entry have the same name: ROLLCALL_DATA_DIR, --data-dir, dataDir. */
  variable: string;
  /** The default as the documentation shows it; undefined where there is none. */
  default: string | undefined;
  help: string;
  /** What the flag's value is called in help. */
  placeholder: string;
  /** Never shown or logged. */
  secret?: true;
  /** The value that a text stands for. Throws an Error that says what is accepted. */
  parse: (text: string, directory: string) => Value;
};

const option = <Value>(description: Option<Value>): Option<Value> => description;

function parseDays(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days === 0) throw new Error('it must be a whole number of days, from 1 to 99999');
  return days;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Error('it must be a whole number from 0 to 65535');
  return port;
}

/** Takes a whole number within a range. */
const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new Error(`it must be a whole number from ${least} to ${most}`);
    }
    return number;
  };

/** Hosts that are this machine, to which what is sent is read by nobody on the way. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Takes one of some words. */
function oneOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new Error(`it must be one of ${words.join(', ')}`);
  return word;
}

const PRIVATE_HOSTS = ['allow', 'refuse', 'all'] as const;

const EMAIL_TRUST = ['claim', 'assume'] as const;
export type EmailTrust = (typeof EMAIL_TRUST)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every option there is. `docs/configuration.md` lists them; a test holds the two together. */
export const options = {
  dataDir: option<string>({
    variable: 'ROLLCALL_DATA_DIR',
    default: './rollcall-data',
    help: 'Folder for all data; created if it does not exist, readable by its owner only.',
    placeholder: 'DIR',
    parse: (text, directory) => {
      if (text === '') throw new Error('it must be the path of a folder');
      return resolve(directory, text);
    },
  }),
  databaseUrl: option<string | undefined>({
    variable: 'ROLLCALL_DATABASE_URL',
    default: undefined,
    help: 'PostgreSQL database (15 or newer, in UTF8) for the whole store, postgres://USER:PASSWORD@HOST:PORT/DATABASE; without it, SQLite in the data folder.',
    placeholder: 'URL',
    secret: true,
    parse: (text) => {
      if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
        throw new Error('it must be a URL that begins with postgres://');
      }
      return text;
    },
  }),
  databaseConnections: option<number>({
    variable: 'ROLLCALL_DATABASE_CONNECTIONS',
    default: '10',
    help: 'Maximum number of connections to PostgreSQL per process; half of them are for writing.',
    placeholder: 'NUMBER',
    parse: (text) => {
      const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
      if (!(number >= 2 && number <= 1000)) {
        throw new Error('it must be a whole number from 2 to 1000');
      }
      return number;
    },
  }),
  storeWaitSeconds: option<number>({
    variable: 'ROLLCALL_STORE_WAIT_SECONDS',
    default: '60',
    help: 'Number of seconds that a starting server or worker waits for PostgreSQL, from 0 to 86400.',
    placeholder: 'SECONDS',
    parse: wholeNumber(0, 86_400),
  }),
  readOnly: option<string | undefined>({
    variable: 'ROLLCALL_READ_ONLY',
    default: undefined,
    help: 'Reason why nothing can be changed during maintenance, such as "PostgreSQL is being upgraded until 22:00". The server then only serves reads, refuses everything else with this text, and runs no reports.',
    placeholder: 'TEXT',
    parse: (text) => {
      if (text.trim() === '' || text.length > 300) {
        throw new Error(
          'it must be a text of up to 300 characters, for people who want to change something',
        );
      }
      return text.trim();
    },
  }),
  keepChangesDays: option<number>({
    variable: 'ROLLCALL_KEEP_CHANGES_DAYS',
    default: '90',
    help: 'Number of days for which deletions are remembered for clients that follow the changes.',
    placeholder: 'DAYS',
    parse: parseDays,
  }),
  filesDir: option<string | undefined>({
    variable: 'ROLLCALL_FILES_DIR',
    default: undefined,
    help: 'Folder with a folder per organization, named after its username, for the files that data sources can read; by default `files` in the data folder.',
    placeholder: 'DIR',
    parse: (text, directory) => resolve(directory, text),
  }),
  privateHosts: option<(typeof PRIVATE_HOSTS)[number]>({
    variable: 'ROLLCALL_PRIVATE_HOSTS',
    default: 'allow',
    help: 'Whether data sources can be on this machine or on private networks: allow or refuse; all also allows link-local addresses and the metadata services of clouds.',
    placeholder: 'WORD',
    parse: (text) => oneOf(PRIVATE_HOSTS, text),
  }),
  secretKey: option<string | undefined>({
    variable: 'ROLLCALL_SECRET_KEY',
    default: undefined,
    help: 'Text of at least 32 characters that encrypts the passwords of data sources; by default, a key is created in the data folder.',
    placeholder: 'KEY',
    secret: true,
    parse: (text) => {
      if (!/^[\x21-\x7e]{32,}$/.test(text)) {
        throw new Error('it must have at least 32 characters, without spaces');
      }
      return text;
    },
  }),
  secretKeyFile: option<string | undefined>({
    variable: 'ROLLCALL_SECRET_KEY_FILE',
    default: undefined,
    help: 'File that contains the secret key instead.',
    placeholder: 'FILE',
    parse: (text, directory) => resolve(directory, text),
  }),
  runsAtOnce: option<number>({
    variable: 'ROLLCALL_RUNS_AT_ONCE',
    default: '2',
    help: 'Number of runs that this process executes at the same time; 0 to leave them to others.',
    placeholder: 'NUMBER',
    parse: wholeNumber(0, 100),
  }),
  organizationRuns: option<number>({
    variable: 'ROLLCALL_ORGANIZATION_RUNS',
    default: '4',
    help: 'Number of runs of one organization at the same time, in all processes; the others wait.',
    placeholder: 'NUMBER',
    parse: wholeNumber(1, 1000),
  }),
  waitingRuns: option<number>({
    variable: 'ROLLCALL_WAITING_RUNS',
    default: '10000',
    help: 'Maximum number of waiting runs of one organization; further ones are refused.',
    placeholder: 'NUMBER',
    parse: wholeNumber(1, 10_000_000),
  }),
  querySeconds: option<number>({
    variable: 'ROLLCALL_QUERY_SECONDS',
    default: '600',
    help: 'Time limit of a query.',
    placeholder: 'SECONDS',
    parse: wholeNumber(1, 86_400),
  }),
  queryMemoryMegabytes: option<number>({
    variable: 'ROLLCALL_QUERY_MEMORY_MEGABYTES',
    default: '1024',
    help: 'Memory limit of a query’s process.',
    placeholder: 'MB',
    parse: wholeNumber(64, 1_000_000),
  }),
  resultRows: option<number>({
    variable: 'ROLLCALL_RESULT_ROWS',
    default: '1000000',
    help: 'Maximum number of rows of a result; a longer result is truncated.',
    placeholder: 'ROWS',
    parse: wholeNumber(1, 100_000_000),
  }),
  resultMegabytes: option<number>({
    variable: 'ROLLCALL_RESULT_MEGABYTES',
    default: '256',
    help: 'Maximum size of a result, compressed; a larger result is truncated.',
    placeholder: 'MB',
    parse: wholeNumber(1, 100_000),
  }),
  keepResultsDays: option<number>({
    variable: 'ROLLCALL_KEEP_RESULTS_DAYS',
    default: '30',
    help: 'Number of days for which results are kept.',
    placeholder: 'DAYS',
    parse: parseDays,
  }),
  keepRunsDays: option<number>({
    variable: 'ROLLCALL_KEEP_RUNS_DAYS',
    default: '365',
    help: 'Number of days for which runs are kept. A report’s last run and its last successful one are kept as long as the report.',
    placeholder: 'DAYS',
    parse: parseDays,
  }),
  host: option<string>({
    variable: 'ROLLCALL_HOST',
    default: '127.0.0.1',
    help: 'Address to listen on; 0.0.0.0 or :: for all networks of the machine.',
    placeholder: 'ADDRESS',
    parse: (text) => {
      if (!/^[\w.:-]+$/.test(text)) throw new Error('it must be an IP address or a host name');
      return text;
    },
  }),
  port: option<number>({
    variable: 'ROLLCALL_PORT',
    default: '4146',
    help: 'Port to listen on; 0 for any free port.',
    placeholder: 'PORT',
    parse: parsePort,
  }),
  workerPort: option<number | undefined>({
    variable: 'ROLLCALL_WORKER_PORT',
    default: undefined,
    help: 'Port on which a worker serves /healthz, /readyz and, with the token, /metrics; none by default.',
    placeholder: 'PORT',
    parse: parsePort,
  }),
  publicUrl: option<URL | undefined>({
    variable: 'ROLLCALL_PUBLIC_URL',
    default: undefined,
    help: 'URL of the server for people and tools, if it is not its own address; it can have a path.',
    placeholder: 'URL',
    parse: parsePublicUrl,
  }),
  cacheMegabytes: option<number>({
    variable: 'ROLLCALL_CACHE_MEGABYTES',
    default: '64',
    help: 'Memory for the cache of compressed pages. Plain pages are sent straight from the files of the lists.',
    placeholder: 'MB',
    parse: (text) => {
      const megabytes = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isNaN(megabytes))
        throw new Error('it must be a whole number of megabytes, 0 for none');
      return megabytes;
    },
  }),
  mapFiles: option<boolean>({
    variable: 'ROLLCALL_MAP_FILES',
    default: 'on',
    help: 'Whether pages are sent straight from memory-mapped files, on or off. Without it they are copied, which is slower. Turn it off if the data folder is on a network file system.',
    placeholder: 'on|off',
    parse: (text) => {
      if (text !== 'on' && text !== 'off') throw new Error('it must be on or off');
      return text === 'on';
    },
  }),
  corsOrigins: option<string[]>({
    variable: 'ROLLCALL_CORS_ORIGINS',
    default: '',
    help: 'Origins whose pages can call the APIs with credentials, separated by commas; none by default.',
    placeholder: 'ORIGINS',
    parse: (text) => {
      const origins = text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      for (const origin of origins) {
        if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
          throw new Error(
            `${quoted(origin)} is not an origin such as https://app.example.com, without a path`,
          );
        }
      }
      return origins;
    },
  }),
  trustProxy: option<string[]>({
    variable: 'ROLLCALL_TRUST_PROXY',
    default: '',
    help: 'Addresses or networks of proxies whose X-Forwarded headers are trusted, separated by commas.',
    placeholder: 'ADDRESSES',
    parse: (text) => {
      const addresses = text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      for (const address of addresses) {
        if (!/^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(address)) {
          throw new Error(
            `${quoted(address)} is not an address such as 10.0.0.1 or a network such as 10.0.0.0/8`,
          );
        }
      }
      return addresses;
    },
  }),
  tlsCert: option<string | undefined>({
    variable: 'ROLLCALL_TLS_CERT',
    default: undefined,
    help: 'File with the TLS certificate (PEM, with its chain); turns on HTTPS.',
    placeholder: 'FILE',
    parse: (text, directory) => resolve(directory, text),
  }),
  tlsKey: option<string | undefined>({
    variable: 'ROLLCALL_TLS_KEY',
    default: undefined,
    help: 'File with the private key of the TLS certificate (PEM).',
    placeholder: 'FILE',
    parse: (text, directory) => resolve(directory, text),
  }),
  rateLimit: option<number | undefined>({
    variable: 'ROLLCALL_RATE_LIMIT',
    default: undefined,
    help: 'Maximum number of requests per client and minute; unlimited by default.',
    placeholder: 'REQUESTS',
    parse: (text) => {
      const requests = /^\d{1,9}$/.test(text) ? Number(text) : 0;
      if (requests === 0) throw new Error('it must be a whole number of requests, from 1');
      return requests;
    },
  }),
  sessionIdleDays: option<number>({
    variable: 'ROLLCALL_SESSION_IDLE_DAYS',
    default: '14',
    help: 'Number of days without a request after which a session ends.',
    placeholder: 'DAYS',
    parse: parseDays,
  }),
  sessionDays: option<number>({
    variable: 'ROLLCALL_SESSION_DAYS',
    default: '90',
    help: 'Number of days after which a session ends, even if it is used.',
    placeholder: 'DAYS',
    parse: parseDays,
  }),
  signInLinkHours: option<number>({
    variable: 'ROLLCALL_SIGN_IN_LINK_HOURS',
    default: '24',
    help: 'Number of hours for which a sign-in link works.',
    placeholder: 'HOURS',
    parse: (text) => {
      const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      if (hours === 0) throw new Error('it must be a whole number of hours, from 1 to 9999');
      return hours;
    },
  }),
  oidcIssuer: option<string | undefined>({
    variable: 'ROLLCALL_OIDC_ISSUER',
    default: undefined,
    help: 'URL of an OpenID Connect provider for signing in; none by default.',
    placeholder: 'URL',
    parse: (text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      const isLocal = url !== undefined && LOOPBACK.test(url.hostname);
      if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal)) {
        throw new Error(
          'it must be a URL that begins with https://, or with http:// on this machine',
        );
      }
      return text;
    },
  }),
  oidcClientId: option<string | undefined>({
    variable: 'ROLLCALL_OIDC_CLIENT_ID',
    default: undefined,
    help: 'Client ID of this server at the provider.',
    placeholder: 'ID',
    parse: (text) => text,
  }),
  oidcClientSecret: option<string | undefined>({
    variable: 'ROLLCALL_OIDC_CLIENT_SECRET',
    default: undefined,
    help: 'Client secret of this server at the provider.',
    placeholder: 'SECRET',
    secret: true,
    parse: (text) => text,
  }),
  oidcDomains: option<string[]>({
    variable: 'ROLLCALL_OIDC_DOMAINS',
    default: '',
    help: 'Email domains that can sign in at the provider, separated by commas; all by default.',
    placeholder: 'DOMAINS',
    parse: (text) => {
      const domains = text
        .split(',')
        .map((part) => part.trim().toLowerCase())
        .filter((part) => part !== '');
      for (const domain of domains) {
        if (!/^[a-z0-9.-]+$/.test(domain)) {
          throw new Error(`${quoted(domain)} is not a domain such as example.com`);
        }
      }
      return domains;
    },
  }),
  oidcEmailVerified: option<EmailTrust>({
    variable: 'ROLLCALL_OIDC_EMAIL_VERIFIED',
    default: 'claim',
    help: 'Which email addresses of the provider are trusted: claim, those with the claim email_verified; assume, also those without that claim.',
    placeholder: 'WORD',
    parse: (text) => oneOf(EMAIL_TRUST, text),
  }),
  oidcJoin: option<string | undefined>({
    variable: 'ROLLCALL_OIDC_JOIN',
    default: undefined,
    help: 'Username of the organization that people join when they first sign in at the provider; none by default.',
    placeholder: 'USERNAME',
    parse: (text) => text,
  }),
  metricsToken: option<string | undefined>({
    variable: 'ROLLCALL_METRICS_TOKEN',
    default: undefined,
    help: 'Secret of at least 16 characters that GET /metrics requires; without it, that path does not exist.',
    placeholder: 'TOKEN',
    secret: true,
    parse: (text) => {
      if (!/^[\x21-\x7e]{16,}$/.test(text)) {
        throw new Error('it must have at least 16 characters, without spaces');
      }
      return text;
    },
  }),
  logLevel: option<LogLevel>({
    variable: 'ROLLCALL_LOG_LEVEL',
    default: 'info',
    help: `Log level: ${LOG_LEVELS.join(', ')}.`,
    placeholder: 'LEVEL',
    parse: (text) => oneOf(LOG_LEVELS, text),
  }),
  bearer: option<string | undefined>({
    variable: 'ROLLCALL_BEARER',
    default: undefined,
    help: 'Authorization header for the server that `import --from` and `crawl` read: "Bearer ..." as shown when the token was created.',
    placeholder: 'BEARER',
    secret: true,
    parse: (text) => text,
  }),
} as const;

export type OptionName = keyof typeof options;
export type Config = { [Name in OptionName]: ReturnType<(typeof options)[Name]['parse']> };

/** The name of an option's flag: `--data-dir`. */
export function flagOf(name: OptionName): string {
  return `--${options[name].variable.replace('ROLLCALL_', '').toLowerCase().replaceAll('_', '-')}`;
}

export type Sources = {
  environment: Record<string, string | undefined>;
  flags?: Partial<Record<OptionName, string>>;
  /** Instead of the defaults that the options have. */
  defaults?: Partial<Record<OptionName, string>>;
  /** The folder that relative paths are relative to. */
  directory: string;
};

/**
 * The configuration as a whole: flags win over the environment, the environment over defaults.
 *
 * @throws UserError that tells every problem at once.
 */
export function readConfig({ environment, flags = {}, defaults = {}, directory }: Sources): Config {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const name of Object.keys(options) as OptionName[]) {
    const { variable, default: otherwise, parse, secret } = options[name];
    const fromFlag = flags[name];
    // An empty variable is one that is not set, as it is for a shell's ${NAME:-default}.
    const text = fromFlag ?? (environment[variable] || (defaults[name] ?? otherwise));
    if (text === undefined) continue;
    try {
      config[name] = parse(text, directory);
    } catch (error) {
      const source = fromFlag === undefined ? variable : flagOf(name);
      problems.push(
        `${source} is ${secret ? 'not usable' : quoted(text)}; ${(error as Error).message}.`,
      );
    }
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    problems.push('ROLLCALL_TLS_CERT and ROLLCALL_TLS_KEY belong together; set both, or neither.');
  }
  if (config.secretKey !== undefined && config.secretKeyFile !== undefined) {
    problems.push(
      'ROLLCALL_SECRET_KEY and ROLLCALL_SECRET_KEY_FILE are both set; set one of them.',
    );
  }
  const oidc = [config.oidcIssuer, config.oidcClientId, config.oidcClientSecret];
  if (oidc.includes(undefined) && oidc.some((value) => value !== undefined)) {
    problems.push(
      'ROLLCALL_OIDC_ISSUER, ROLLCALL_OIDC_CLIENT_ID and ROLLCALL_OIDC_CLIENT_SECRET belong together; set all, or none.',
    );
  }
  if (config.oidcJoin !== undefined && (config.oidcDomains as string[]).length === 0) {
    problems.push(
      'ROLLCALL_OIDC_JOIN admits everybody whom the provider knows; restrict it with ROLLCALL_OIDC_DOMAINS.',
    );
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return config as Config;
}
