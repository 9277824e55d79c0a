/** How a server proves who it is, and how this side does. All of them are PEM texts. */
export interface TlsSettings {
  /** Certificates of authorities; those of Node unless given. */
  readonly authorities?: readonly string[] | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the server's certificate must have, if it is not that of the URL. */
  readonly serverName?: string | undefined;
  /** Whoever answers is believed. */
  readonly isUnverified?: boolean | undefined;
}

/** A request to a server. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Milliseconds until the answer must be there as a whole. */
  readonly timeout: number;
  /** Bytes that the answer may have; a megabyte unless given, since whoever answers may be a stranger. */
  readonly longest?: number;
  readonly tls?: TlsSettings | undefined;
}

/** What a server answers. Names of headers are in small letters. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: string;
}

/** Codes of failures that may pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['ECONNABORTED', 'the answer broke off'],
  ['ERR_SOCKET_CONNECTION_TIMEOUT', 'no connection in time'],
  ['ETIMEDOUT', 'no answer in time'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name of the host could not be looked up'],
  ['ENETUNREACH', 'network is unreachable'],
  ['EHOSTUNREACH', 'no route to host'],
  ['EPROTO', 'no TLS is spoken there'],
  ['HPE_INVALID_CONSTANT', 'no HTTP is spoken there'],
]);

/** Codes of failures of TLS, as Node and OpenSSL name them. */
const OF_TLS =
  /^(?:EPROTO|ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_|CRL_|ERROR_IN_)/;

/** There was no answer, or only a part of one. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** As Node names it. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(REASONS.get(code) ?? message);
    this.code = code;
  }

  /** What is the matter. */
  get fault(): 'late' | 'tls' | 'broken' | 'unreachable' {
    if (this.code === 'ETIMEDOUT' || this.code === 'ERR_SOCKET_CONNECTION_TIMEOUT') return 'late';
    if (OF_TLS.test(this.code)) return 'tls';
    if (this.code === 'ECONNABORTED' || /^(?:HPE|ERR_HTTP)_/.test(this.code)) return 'broken';
    return 'unreachable';
  }

  /** Whether it may pass by itself. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }
}
