import type { Span } from '../../core/tree/tree.ts';

/** A secret of a known shape, or what looks like one. */
export interface FoundSecret extends Span {
  /** What it is, without any of it. */
  readonly what: string;
  readonly isGuess?: true;
}

/** Shapes that the patterns of secretlint lack. Each begins with letters that are looked for first. */
const SHAPES: readonly {
  readonly sign: string;
  readonly pattern: RegExp;
  readonly what: string;
  readonly isReal?: (text: string) => boolean;
}[] = [
  { sign: 'k_live_', pattern: /\b[sr]k_live_[A-Za-z0-9]{16,}/g, what: 'a live key of Stripe' },
  { sign: 'whsec_', pattern: /\bwhsec_[A-Za-z0-9+/=]{32,}/g, what: 'a webhook secret' },
  {
    sign: 'eyJ',
    pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/g,
    what: 'a signed token (JWT)',
    isReal: isJwt,
  },
  {
    sign: 'AccountKey=',
    pattern: /\bAccountKey=[A-Za-z0-9+/]{86}==/g,
    what: 'an account key of Azure',
    isReal: (text) => !text.includes(AZURITE),
  },
  {
    sign: 'SharedAccessKey=',
    pattern: /\bSharedAccessKey=[A-Za-z0-9+/]{43}=/g,
    what: 'a shared access key of Azure',
  },
];

/** The key of the emulator Azurite, which its documentation tells everybody. */
const AZURITE = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Secrets of the shapes that are ours to know. */
export function knownSecretsIn(text: string): FoundSecret[] {
  return SHAPES.flatMap(({ sign, pattern, what, isReal }) =>
    text.includes(sign)
      ? [...text.matchAll(pattern)]
          .filter(({ 0: found }) => isReal?.(found) !== false)
          .map(({ 0: found, index }) => ({ start: index, end: index + found.length, what }))
      : [],
  );
}

/** The header of a token says how it is signed (RFC 7519). */
function isJwt(text: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString());
    return typeof header === 'object' && header !== null && 'alg' in header && header.alg !== 'none';
  } catch {
    return false;
  }
}

/** `name: value` or `NAME=value` on a line of a file of settings. */
const SETTING =
  /^[ \t]*(?:- |export )?["']?([\w.-]{0,60}(?:password|passwd|secret|token|api_?key|private_?key|credential)[\w.-]{0,20})["']?[ \t]*[:=][ \t]*(["']?)([^\s"'#,;]{12,200})\2[ \t]*,?[ \t\r]*$/gim;
const SETTINGS_FILE =
  /(?:\.(?:ya?ml|json|jsonc|toml|ini|env|properties|conf|cfg|tfvars)|(?:^|\/)\.env[^/]*)$/i;
const PLACEHOLDER =
  /[${}<>()*]|example|change|dummy|sample|placeholder|your|test|xxx|\.\.\.|^(?:\/|\.\/|~|https?:|file:|ref\+)/i;

/** What looks like a secret, by the name of the setting and how mixed its value is. */
export function guessedSecretsIn(text: string, file: string): FoundSecret[] {
  if (!SETTINGS_FILE.test(file)) return [];
  return [...text.matchAll(SETTING)].flatMap(({ 0: line, 2: quote = '', 3: value = '', index }) => {
    if (PLACEHOLDER.test(value) || !isMixed(value)) return [];
    const start = index + line.lastIndexOf(`${quote}${value}`) + quote.length;
    return [
      { start, end: start + value.length, what: 'a value that looks like a secret', isGuess: true as const },
    ];
  });
}

/** Bits of a character, by how often each occurs; English words have 3 at most at such lengths. */
const LEAST_ENTROPY = 3.2;

function isMixed(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(value)).length;
  if (kinds < 2 || !/\d/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy >= LEAST_ENTROPY;
}
