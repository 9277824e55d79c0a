import type { FoundSecret } from './known-secret.ts';

/** Finds secrets of known shapes in a text. */
export type SecretFinder = (text: string, file: string) => Promise<FoundSecret[]>;

/** Longer texts are looked at up to here: its patterns are for texts that people write. */
const LONGEST = 1_000_000;

let finder: Promise<SecretFinder> | undefined;

/** The patterns of secretlint's recommended rules; loaded once, when a file is to be searched. */
export function loadSecretlint(): Promise<SecretFinder> {
  finder ??= load();
  return finder;
}

async function load(): Promise<SecretFinder> {
  const { secretLintProfiler } = await import('@secretlint/profiler');
  const [{ lintSource }, { creator: rule }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  // It keeps a mark of each rule of each text, and goes through all of them for each new one.
  secretLintProfiler.mark = () => undefined;
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule, options: {} }] };
  return async (text, file) => {
    const { messages } = await lintSource({
      source: { filePath: file, content: text.slice(0, LONGEST), contentType: 'text', ext: '' },
      options: { config, noPhysicFilePath: true },
    });
    return messages.flatMap(({ ruleId, range: [start, end] }) => {
      const name = ruleId.replace(/^.*secretlint-rule-/, '');
      // Its message has the secret in it.
      const what = WORDS.get(name);
      return what === undefined ? [] : [{ start, end, what }];
    });
  };
}

/** What each of its rules finds. Private keys are ours to find; what is not named here is no secret. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '1password': 'a token of 1Password',
    anthropic: 'an API key of Anthropic',
    aws: 'a secret access key of AWS',
    basicauth: 'a URL with a password',
    'database-connection-string': 'a database URL with a password',
    databricks: 'a token of Databricks',
    docker: 'a token of Docker',
    figma: 'a token of Figma',
    gcp: 'a service account key of Google Cloud',
    github: 'a token of GitHub',
    gitlab: 'a token of GitLab',
    grafana: 'a token of Grafana',
    groq: 'an API key of Groq',
    'hashicorp-vault': 'a token of Vault',
    huggingface: 'a token of Hugging Face',
    linear: 'an API key of Linear',
    notion: 'a token of Notion',
    npm: 'a token of npm',
    openai: 'an API key of OpenAI',
    sendgrid: 'an API key of SendGrid',
    shopify: 'a token of Shopify',
    slack: 'a token of Slack',
    vercel: 'a token of Vercel',
  }),
);
