import { systemUser } from '../actor.ts';

/** Where a database is, and how it is spoken to. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** As libpq names it. */
  readonly sslmode: string;
  /** Paths of PEM files. */
  readonly sslrootcert: string | undefined;
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
}

const SSL_MODES: readonly string[] = ['disable', 'require', 'verify-ca', 'verify-full'];

/** A setting as `name = value`, where a value with spaces stands in single quotes. */
const SETTING = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gy;

/**
 * Read a connection string as sops's client does (lib/pq): a URL, or settings as `host=… user=…`. Without `sslmode` there
 * has to be TLS. What it does not say is not taken from variables: whoever sets these must not say where records go.
 *
 * @throws Error that does not show the string, which has a password in it
 */
export function readConnection(text: string): Connection {
  const settings = /^postgres(?:ql)?:\/\//.test(text) ? inUrl(text) : inSettings(text);
  const of = (name: string): string | undefined => {
    const value = settings.get(name);
    return value === '' ? undefined : value;
  };
  const user = of('user') ?? systemUser().name;
  const sslmode = of('sslmode') ?? 'require';
  const port = Number(of('port') ?? '5432');
  if (!SSL_MODES.includes(sslmode))
    throw new Error(`connection_string: sslmode is one of ${SSL_MODES.join(', ')}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('connection_string: no such port');
  return {
    host: of('host') ?? 'localhost',
    port,
    user,
    password: of('password'),
    database: of('dbname') ?? user,
    sslmode,
    sslrootcert: of('sslrootcert'),
    sslcert: of('sslcert'),
    sslkey: of('sslkey'),
  };
}

function inUrl(text: string): Map<string, string> {
  if (!URL.canParse(text)) throw new Error('connection_string is no URL');
  const { username, password, hostname, port, pathname, searchParams } = new URL(text);
  const settings = new Map<string, string>([
    ['user', decoded(username)],
    ['password', decoded(password)],
    ['host', hostname.replace(/^\[|\]$/g, '')],
    ['port', port],
    ['dbname', decoded(pathname.replace(/^\//, ''))],
  ]);
  for (const [name, value] of searchParams) settings.set(name, value);
  return settings;
}

function inSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let end = 0;
  for (const [all, name = '', quoted, bare = ''] of text.matchAll(SETTING)) {
    settings.set(name, (quoted ?? bare).replace(/\\(.)/g, '$1'));
    end += all.length;
  }
  if (text.slice(end).trim() !== '') throw new Error('connection_string is neither a URL nor name=value');
  return settings;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('connection_string: a % is written %25');
  }
}

/** A connection string that can be shown. */
export function withoutPassword(text: string): string {
  return text
    .replace(/^(postgres(?:ql)?:\/\/[^/?#]*?:)[^/?#]*@/, '$1xxxxx@')
    .replace(/(\bpassword\s*=\s*)(?:'(?:[^'\\]|\\.)*'|(?:[^\s'\\&]|\\.)*)/g, '$1xxxxx');
}
