import type { Context } from './context.ts';
import type { Output } from './output.ts';
import type { Verb } from './verb.ts';

/** A verb: what it is for, how it is used, and where its code is, which is loaded when it is needed. */
export interface VerbEntry {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: (context: Context) => Promise<Output> }>;
}

/** Every verb there is. */
export const VERBS: { readonly [verb in Verb]: VerbEntry } = {
  encrypt: {
    usage: 'encrypt [flags] [FILE...]',
    summary: 'encrypt the values of a file',
    examples: [
      'sotto encrypt -i secrets.yaml',
      'sotto encrypt -i secrets/',
      'sotto encrypt --age age1… values.yaml > values.enc.yaml',
      'cat values.json | sotto encrypt --age age1… --filename-override values.json',
      'sotto encrypt -i --onto secrets.yaml plain.yaml',
    ],
    load: () => import('./encrypt.ts'),
  },
  decrypt: {
    usage: 'decrypt [flags] [FILE...]',
    summary: 'decrypt a file; it comes back byte for byte',
    examples: [
      'sotto decrypt secrets.yaml',
      'sotto decrypt --output plain.yaml secrets.yaml',
      `sotto decrypt --extract '["database"]["password"]' secrets.yaml`,
      'sotto decrypt --output-type json secrets.yaml',
    ],
    load: () => import('./decrypt.ts'),
  },
  edit: {
    usage: 'edit [flags] FILE',
    summary: 'edit an encrypted file in your editor, or start a new one',
    examples: ['sotto edit secrets.yaml', 'EDITOR="code --wait" sotto edit secrets.yaml'],
    load: () => import('./edit.ts'),
  },
  set: {
    usage: 'set [flags] FILE PATH VALUE',
    summary: 'set one value of an encrypted file',
    examples: [
      `sotto set secrets.yaml '["database"]["password"]' '"s3cret"'`,
      `printf '%s\\n' "$TOKEN" | sotto set --stdin secrets.yaml '["token"]'`,
      `sotto set --value-file secrets.yaml '["users"]' users.json`,
      `sotto set secrets.yaml '["hosts"][0]' '"db.internal"'`,
    ],
    load: () => import('./set.ts'),
  },
  unset: {
    usage: 'unset [flags] FILE PATH',
    summary: 'take one value out of an encrypted file',
    examples: [
      `sotto unset secrets.yaml '["database"]["password"]'`,
      `sotto unset --idempotent secrets.yaml '["hosts"][0]'`,
    ],
    load: () => import('./unset.ts'),
  },
  rotate: {
    usage: 'rotate [flags] FILE...',
    summary: 'give files a new data key',
    examples: [
      'sotto rotate -i secrets.yaml',
      'sotto rotate -i --add-age age1… secrets.yaml',
      'sotto rotate -i secrets/',
      'sotto rotate --check secrets/',
    ],
    load: () => import('./rotate.ts'),
  },
  updatekeys: {
    usage: 'updatekeys [flags] FILE...',
    summary: 'give files the recipients that .sops.yaml names',
    examples: [
      'sotto updatekeys --yes secrets.yaml',
      'sotto updatekeys --yes secrets/',
      'sotto updatekeys --check secrets/',
    ],
    load: () => import('./updatekeys.ts'),
  },
  groups: {
    usage: 'groups add|delete [flags]',
    summary: 'change the key groups of a file',
    examples: ['sotto groups add --help', 'sotto groups delete --help'],
    load: () => import('./groups.ts'),
  },
  'groups add': {
    usage: 'groups add [flags] --file FILE',
    summary: 'add a key group to a file',
    examples: ['sotto groups add -i -f secrets.yaml --age age1…'],
    load: () => import('./groups-add.ts'),
  },
  'groups delete': {
    usage: 'groups delete [flags] --file FILE INDEX',
    summary: 'delete a key group, counted from 0, from a file',
    examples: ['sotto groups delete -i -f secrets.yaml 2'],
    load: () => import('./groups-delete.ts'),
  },
  publish: {
    usage: 'publish [flags] FILE',
    summary: 'put the values of a file into Vault or OpenBao',
    examples: [
      'sotto publish --yes secrets.yaml',
      'sotto publish --yes --recursive --omit-extensions secrets/',
    ],
    load: () => import('./publish.ts'),
  },
  filestatus: {
    usage: 'filestatus FILE',
    summary: 'tell whether a file is encrypted',
    examples: ['sotto filestatus secrets.yaml'],
    load: () => import('./filestatus.ts'),
  },
  run: {
    usage: 'run [flags] -f FILE... -- COMMAND [ARGUMENT...]',
    summary: 'run a command with the values of files as variables',
    examples: [
      'sotto run -f secrets.yaml -- node server.js',
      'sotto run -f common.yaml -f production.yaml --only "DB_*" -- ./migrate',
      'sotto run -f secrets.yaml --map PGPASSWORD=database.password -- psql',
    ],
    load: () => import('./run-command.ts'),
  },
  'exec-env': {
    usage: 'exec-env [flags] FILE COMMAND',
    summary: 'run a shell command with the values of a file in its environment',
    examples: [
      `sotto exec-env secrets.env 'psql -h "$DB_HOST"'`,
      `sotto exec-env --pristine secrets.env /usr/bin/env`,
    ],
    load: () => import('./exec-env.ts'),
  },
  'exec-file': {
    usage: 'exec-file [flags] FILE COMMAND',
    summary: 'run a shell command with a decrypted file, which {} stands for',
    examples: [
      `sotto exec-file secrets.json 'jq .name {}'`,
      `sotto exec-file --no-fifo --filename app.yaml secrets.yaml 'server --config {}'`,
    ],
    load: () => import('./exec-file.ts'),
  },
  render: {
    usage: 'render [flags] -f FILE... [TEMPLATE]',
    summary: 'fill the values of files into a text',
    examples: [
      'sotto render -f secrets.yaml --output app.conf app.conf.tmpl',
      'sotto render -f common.yaml -f production.yaml app.conf.tmpl | ssh host "cat > app.conf"',
      `echo 'password = {{ database.password }}' | sotto render -f secrets.yaml`,
      `sotto render -f secrets.yaml --delimiters '<< >>' braces.tmpl`,
    ],
    load: () => import('./render.ts'),
  },
  keyservice: {
    usage: 'keyservice [flags]',
    summary: 'wrap and unwrap data keys for others, with the keys of this machine',
    examples: [
      'sotto keyservice --network unix --address key.sock',
      'sotto keyservice --address 127.0.0.1:5017 --prompt',
    ],
    load: () => import('./keyservice.ts'),
  },
  keygen: {
    usage: 'keygen [flags]',
    summary: 'make an age identity, and print its recipient',
    examples: ['sotto keygen', 'sotto keygen --pq --output ci-key.txt', 'sotto keygen --show ci-key.txt'],
    load: () => import('./keygen.ts'),
  },
  explain: {
    usage: 'explain [flags] [CODE|STATUS]',
    summary: 'say what an error, or an exit status, means, and what to do',
    examples: ['sotto explain', 'sotto explain no-key-fits', 'sotto explain 128'],
    load: () => import('./explain.ts'),
  },
  completion: {
    usage: 'completion bash|zsh|fish|pwsh',
    summary: 'print a script that completes command lines in a shell',
    examples: [
      `bash -c 'source <(sotto completion bash)'`,
      'sotto completion zsh > _sotto',
      'sotto completion fish > sotto.fish',
      'sotto completion pwsh > sotto.ps1',
    ],
    load: () => import('./completion.ts'),
  },
};
