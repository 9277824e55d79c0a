/** A name, and what is to be known of it. */
export type Row = readonly [name: string, text: string];

/** Variables that have no flag; those that have one are declared with it. */
export const VARIABLES: readonly Row[] = [
  ['SOPS_AGE_KEY', 'Identities of age, between white space.'],
  ['SOPS_AGE_KEY_FILE', 'The name of a file of identities, one a line; behind # are comments.'],
  ['SOPS_AGE_KEY_CMD', 'A command that prints identities. It gets the recipient in SOPS_AGE_RECIPIENT.'],
  ['SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'The name of a private SSH key, instead of those in ~/.ssh.'],
  [
    'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
    'A command that prints a private SSH key. It gets the recipient in SOPS_AGE_RECIPIENT.',
  ],
  [
    'CREDENTIALS_DIRECTORY',
    'As systemd sets it: the credentials sotto-key and age-key are files of identities. Not under the name sops.',
  ],
  ['SOPS_GPG_EXEC', 'The program for PGP keys, instead of gpg.'],
  ['GNUPGHOME, GPG_TTY', 'As gpg has them.'],
  [
    'GIT_DIR, GIT_INDEX_FILE, GIT_CONFIG_COUNT',
    'As git has them, which is run for all that is about a repository.',
  ],
  [
    'SOTTO_REVEAL, GIT_PAGER_IN_USE, CI',
    'Whether textconv shows values: 1 always, 0 never; else on a pager of git that is not in a pipeline.',
  ],
  [
    'SOPS_EDITOR, VISUAL, EDITOR',
    'The editor; the first of them that is set counts. Under the name sops, VISUAL does not.',
  ],
  ['COMSPEC', 'On Windows, the shell that runs an editor that is a batch file, as code.cmd is.'],
  [
    'SOTTO_POLICY',
    'A file that says how old values may become, besides .sops.yaml and /etc/sotto/policy.yaml.',
  ],
  [
    'SOTTO_TRUST_OWNER',
    'The number of another user whose .sops.yaml counts above the repository of a file; 1 is everybody.',
  ],
  ['TMPDIR', 'Where private folders for the editor and for exec-file are made.'],
  ['XDG_RUNTIME_DIR', 'Where they are made without TMPDIR, before /dev/shm: in memory.'],
  [
    'XDG_CONFIG_HOME, APPDATA',
    'The folder of your configuration, in which sops/age/keys.txt is looked for; APPDATA on Windows.',
  ],
  [
    'XDG_STATE_HOME, LOCALAPPDATA',
    'The folder in which sotto/hooks notes which programs may run for renew, and sotto/audit.jsonl is the audit log that a repository asks for; ~/.local/state unless it is set; LOCALAPPDATA on Windows.',
  ],
  ['NO_COLOR', 'Without colours, where it is not empty.'],
  ['AWS_REGION, AWS_DEFAULT_REGION', 'The region of the buckets of S3 that publish writes to.'],
  ['VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE', 'The server that publish writes to, and the right to.'],
  [
    'VAULT_CACERT, VAULT_CACERT_BYTES, VAULT_CAPATH, VAULT_TLS_SERVER_NAME, VAULT_SKIP_VERIFY',
    'How the certificate of that server is checked.',
  ],
  ['VAULT_CLIENT_CERT, VAULT_CLIENT_KEY', 'The own certificate for that server.'],
  ['VAULT_CLIENT_TIMEOUT, VAULT_MAX_RETRIES', 'How long, and how often, that server is asked.'],
  [
    'GOOGLE_CREDENTIALS, GOOGLE_OAUTH_ACCESS_TOKEN, GOOGLE_APPLICATION_CREDENTIALS, CLOUDSDK_CONFIG',
    'The right to use keys of Google Cloud: credentials or a file of them, a token, and where gcloud left its own.',
  ],
  [
    'SOPS_GCP_KMS_ENDPOINT, SOPS_GCP_KMS_UNIVERSE_DOMAIN, SOPS_GCP_KMS_CLIENT_TYPE',
    'Where the service of keys of Google Cloud is, and how it is spoken to.',
  ],
  [
    'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, AWS_CA_BUNDLE',
    'The right to use keys of AWS, and authorities for it; all other variables of its SDK count, too.',
  ],
  ['AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE', 'Where profiles of AWS are; in ~/.aws unless set.'],
  ['VAULT_AGENT_ADDR', 'An agent of Vault in front of the server of a key.'],
  [
    'SOPS_HC_VAULT_ALLOWLIST',
    'Beginnings of addresses of Vault, with commas between them, that may get your token though only a file names them; all, none.',
  ],
  ['SOTTO_KMS_TIMEOUT', 'How many seconds a service of keys is waited for; 30 unless set.'],
  [
    'HTTPS_PROXY, HTTP_PROXY, NO_PROXY',
    'The proxy to services and servers, and for which hosts there is none. In a CGI program (REQUEST_METHOD) HTTP_PROXY does not count.',
  ],
  [
    'SSL_CERT_FILE, SSL_CERT_DIR, NODE_EXTRA_CA_CERTS',
    'Authorities that are believed: those of this file in place of those of the system; those in these folders, and those of this file, as well.',
  ],
];

/** Files that are looked for without being named. */
export const FILES: readonly Row[] = [
  [
    '.sops.yaml',
    'Who can read which files: looked for in the working folder, in that of the file, and above.',
  ],
  [
    '~/.config/sops/age/keys.txt',
    'Identities of age, where sops looks for them, too; keygen writes it. On macOS it is in ~/Library/Application Support.',
  ],
  ['/etc/sops/audit.yaml', 'What is recorded of files that are opened or changed on this machine.'],
  ['~/.local/state/sotto/audit.jsonl', 'Your own record of that, where .sops.yaml asks for it.'],
  ['/etc/sotto/policy.yaml', 'How old values may become on this machine, whatever a repository says.'],
  ['~/.ssh/id_ed25519, ~/.ssh/id_rsa', 'SSH keys, for files that have SSH recipients.'],
  ['~/.vault-token', 'The token that logging in to Vault or OpenBao left, for publish.'],
];
