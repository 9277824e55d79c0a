import { type ErrorCode, EXIT_STATUS } from '../errors.ts';

/** What an error means, beyond its message: `sotto explain`, and docs/errors.md. */
export interface Explanation {
  /** What is the matter, in a few words. */
  readonly title: string;
  /** What leads to it; whole sentences. */
  readonly cause: string;
  /** What to do about it; whole sentences. */
  readonly fix: string;
  /** Exit statuses besides the usual one, and when they are given. */
  readonly also?: { readonly [status: number]: string };
}

/** When what a key management service says ends with another status. */
const ENCRYPTING = 'when a file is being encrypted; and for groups';

/** Every error, sorted by its code. A code of `EXIT_STATUS` without a row here does not compile. */
export const EXPLANATIONS: { readonly [code in ErrorCode]: Explanation } = {
  'address-invalid': {
    title: 'the address of a key service is malformed',
    cause:
      '--keyservice or SOPS_KEYSERVICE names no tcp://HOST:PORT and no unix:///PATH, or keyservice has a --network or --address that does not exist.',
    fix: 'Write it as the hint says.',
  },
  'address-unsafe': {
    title: 'a key service would be open to other machines',
    cause:
      'keyservice was to listen on an address that is not of this machine alone. Its protocol has no TLS: data keys would cross the network in clear.',
    fix: 'Listen on 127.0.0.1 or on a socket, and forward it with ssh; --allow-remote allows it all the same.',
  },
  'already-encrypted': {
    title: 'the file is encrypted, or has an entry with the name of the metadata',
    cause:
      'The file to be encrypted, or the value to be set, has the key "sops" at its top (in dotenv a key that begins with sops_, in INI a section "sops"). That is where the metadata of an encrypted file stands. Or a value is encrypted already (ENC[AES256_GCM,…]), but the file has no such metadata: the key to it is lost with that.',
    fix: 'An encrypted file is changed with "sotto edit" or "sotto set", and gets a new data key from "sotto rotate". An entry of your own needs another name. A file that lost its metadata comes back from git, or its encrypted values are taken out and set anew.',
    also: { 4: 'when the entry is in a later document of a YAML file' },
  },
  'audit-failed': {
    title: 'what was to be done can not be recorded',
    cause:
      '/etc/sops/audit.yaml says that there has to be a record whenever a file is opened or changed, and the file, log or database that takes the records did not, or not in time. Or that file can not be read.',
    fix: 'Nothing was handed out, and nothing written. The message says which one failed, and why; try again, or ask whoever looks after it. With "on_failure: warn" a sink may fail: docs/audit.md.',
  },
  canceled: {
    title: 'the command was canceled',
    cause:
      'Ctrl-C or another signal came while the editor or a hook ran, a text with mistakes was not taken up again, or the input ended before a question was answered.',
    fix: 'Nothing was written; run the command again. A renewal that was begun goes on with "sotto renew --resume". In scripts "updatekeys --yes" asks nothing.',
    also: {
      2: 'when the edited text was left with a mistake; or 23, 92, 203, as that mistake has it',
    },
  },
  'command-failed': {
    title: 'a command could not be started, or failed',
    cause:
      'The operating system refused to start the command of run, or the shell for exec-env or exec-file, mostly because the values are more than an environment can hold. Or a command of on-change ended with another status than 0, or not in time (render --runtime-dir).',
    fix: 'Hand large values over in a file, with "sotto exec-file". A command of on-change is run again by the next "sotto render --runtime-dir"; one that needs longer than five minutes takes a timeout: in the list.',
  },
  'command-missing': {
    title: 'there is no such command to run',
    cause:
      'The first word behind "--" of "sotto run", or of on-change in a list of render --runtime-dir, is no program in the PATH, and no path of one that can be executed.',
    fix: `Check the name and the PATH. run starts no shell: for pipes and such use "sh -c '…'".`,
    also: { 126: 'when it is there, but is a folder or not executable' },
  },
  'config-invalid': {
    title: '.sops.yaml says something that can not be',
    cause:
      'The configuration is no valid YAML, a field has a value of a wrong type, path_regex does not compile, a rule has more than one selector, or names a type or dialect that does not exist.',
    fix: 'Mend the line that the error names. schemas/sops-config.schema.json lets editors check the file while it is written.',
  },
  'config-missing': {
    title: 'nothing says for whom to encrypt, or where to publish',
    cause:
      'There is no .sops.yaml in the working folder, with the file or above them; or there is one, and it has no creation_rules; or the file that --config or SOPS_CONFIG names can not be read. And no flag names a recipient. publish needs a .sops.yaml in any case.',
    fix: 'Write a .sops.yaml with creation_rules in the folder of the repository, or name recipients by --age, --pgp and the like. "sotto keygen" makes a key, and prints its recipient.',
  },
  'config-untrusted': {
    title: 'the configuration belongs to somebody else',
    cause:
      'The .sops.yaml that was found lies above the git repository of the file (or, without one, above the working folder), and belongs neither to you, nor to root, nor to the owner of the file. Whoever can write it decides for whom your files are encrypted.',
    fix: 'Name it with --config if it is meant, put one of your own into the repository, or set SOTTO_TRUST_OWNER to the number of its owner.',
  },
  'conflicts-left': {
    title: 'a conflict of a merge is not settled',
    cause:
      'The text that came back from the editor still has markers (<<<<<<<), both sides deleted or encrypted the file in ways of which one has to be taken, or nobody is there to edit it.',
    fix: 'Take one of the two versions between the markers, and remove the markers; or let "sotto resolve" take a side: --ours, --theirs, --take PATH=ours.',
  },
  'context-invalid': {
    title: 'the encryption context is malformed',
    cause: '--encryption-context is no list of pairs with one colon in each.',
    fix: 'Write it as in --encryption-context key:value,key:value.',
  },
  'dependency-missing': {
    title: 'an optional package is not installed',
    cause:
      'Key services need the package @grpc/grpc-js, and keys of AWS, Google Cloud and Azure those of their clouds; it was left out when sotto was installed.',
    also: { 128: 'when a file with such a key is opened' },
    fix: 'Install it beside sotto with the command that the error has, or install sotto without --omit=optional.',
  },
  'editor-failed': {
    title: 'the editor did not do its work',
    cause:
      'No editor was found, SOPS_EDITOR, VISUAL or EDITOR is blank or has quotes that do not close, the editor could not be started, or it ended with a status other than 0. Or there is no mergetool.NAME.cmd for --tool NAME in your own settings of git or in .git/config; one from a file of the work tree does not count, since it would let a commit run a program.',
    fix: 'Set EDITOR, for example "export EDITOR=nano"; one that opens a window has to wait ("code --wait"). The file is as it was.',
  },
  'encrypt-failed': {
    title: 'the file can not be encrypted as it is',
    cause:
      "The encrypted file would not be read back as this file: a key is not a string, a whole number is larger than sops's, a comment or alias would move what is encrypted into a clear place or the other way round, or the other format reads a value otherwise.",
    fix: 'Do what the hint says about the place that the error names: put the key or number in quotes, move the comment, write the alias out, or choose another selector.',
    also: { 1: 'when a file that is taken for an encrypted one holds such a thing' },
  },
  'environment-invalid': {
    title: 'a value can not become a variable',
    cause:
      'A mapping or list was to be a variable of exec-env, a key is empty or holds "=", a value holds a zero byte, or two values would have the same name. Or the value is in clear, so that nobody vouches for its name, and the name changes what programs load (PATH, LD_PRELOAD, NODE_OPTIONS, …); or it is in clear in a file with mac_only_encrypted, so that anybody can have changed it.',
    fix: '"sotto run" makes a variable of each value of a mapping, and "--map NAME=path" names it. "sotto exec-file" hands over anything. Encrypt the value, or say --allow-special NAME or --include-clear.',
  },
  'file-missing': {
    title: 'the file is not there',
    cause: 'The file to encrypt or decrypt (or, without a verb, to rotate) does not exist.',
    fix: 'Check its name and the working folder. "sotto edit FILE" starts a new one.',
  },
  'file-unchanged': {
    title: 'nothing was changed in the editor',
    cause: 'The editor ended, and the text is as it was.',
    fix: 'Nothing needs to be done; the file was not written. If the editor opens a window and returns at once, let it wait, as in EDITOR="code --wait".',
  },
  'git-failed': {
    title: 'git could not do what it was asked',
    cause:
      'git ended with an error: the repository is damaged, belongs to another user (safe.directory), or a revision or object is not there. The error has what git said first.',
    fix: 'Mend what git names; "git status" and "git fsck" show more. In a shallow or partial clone "git fetch" gets what is missing.',
  },
  'git-missing': {
    title: 'git was not found',
    cause:
      'The command works on a git repository, and the program git is in no folder of PATH that has a full path.',
    fix: 'Install git, or put its folder into PATH.',
  },
  'group-missing': {
    title: 'there is no key group of this number',
    cause:
      'The number for "groups delete" is that of no group of the file. They are counted from 1; under the name sops from 0, as sops does.',
    fix: 'Look at key_groups in the metadata of the file, and count again.',
  },
  'hook-failed': {
    title: 'a program that renews a value failed',
    cause:
      'A hook, or a command that makes values, could not be started, ended with a status other than 0, took too long, or the new value does not open what it is for. Its own words stand above. The old value still counts.',
    fix: 'See to the reason, and run "sotto renew --resume": it tests which value holds, and tries again with the same new value, which is kept in .sotto/renew.',
  },
  'hook-refused': {
    title: 'a program was not allowed to run on this machine',
    cause:
      'The policy in .sops.yaml names a program, and nobody at this machine has said that it may run as it is now: its words, and the scripts of the repository in them. --yes does not say that.',
    fix: 'Look at it with "sotto allow", which shows it and asks. In a pipeline, --allow-hook with its hash lets that one run and no other.',
  },
  'identity-invalid': {
    title: 'a private key is damaged',
    cause:
      'A file, variable or command for identities holds something else than identities, or one that was cut or mistyped; the error says where.',
    fix: 'Copy the identity again, as a whole line AGE-SECRET-KEY-1…; lines that begin with # are comments.',
  },
  'input-invalid': {
    title: 'the file is not valid in its format',
    cause:
      'The text is no valid YAML, JSON, dotenv, INI or TOML, is not in UTF-8, or holds something that would be lost or changed by encrypting it; or a template has a mistake.',
    fix: 'Mend the line that the error names. If the file is of another type than its name says, use --input-type.',
    also: { 1: 'when the file is an encrypted one, and for filestatus' },
  },
  'input-unreadable': {
    title: 'a file or folder can not be read',
    cause: 'It is not there, is a folder, or its permissions forbid it.',
    fix: 'Check the name, the working folder and the permissions.',
    also: { 1: 'for updatekeys, publish, filestatus, and the file of --value-file' },
  },
  internal: {
    title: 'a defect of sotto, or more input than it can take',
    cause:
      'Something happened that should not, the result did not pass its check, or the file is too large or nested too deeply. Results are checked before they are written.',
    fix: 'Nothing was written. Split a very large file; otherwise please report it, with a file without secrets that shows it.',
  },
  'keychain-failed': {
    title: 'the keychain of the system did not take the new identity',
    cause:
      'keygen --keychain keeps an identity with secret-tool (Linux) or security (macOS). The program is missing, the keychain is locked or does not run (as over SSH, or in a container), or it did not give the identity back when it was read again.',
    fix: 'No file was made. Unlock the keychain, or make an identity that a passphrase protects: "sotto keygen --passphrase".',
  },
  'keys-for-missing-file': {
    title: 'keys were to be added to a file that is not there',
    cause: 'rotate has --add-… or --rm-… for a file that does not exist.',
    fix: 'Check the name. "sotto edit FILE" or "sotto encrypt" make a new file for the recipients of its rule.',
  },
  'kms-answer-invalid': {
    title: 'what a key management service answers is no answer',
    cause:
      'The answer broke off, is no JSON, has none of the fields that it should, or what was unwrapped has not the length of a data key. A proxy that answers in place of the service, with a page to log in for one, does that; so does an address (AWS_ENDPOINT_URL, VAULT_ADDR) of another server.',
    fix: 'Look at what answers there, with curl for one, and at HTTPS_PROXY and NO_PROXY. Nothing was written.',
    also: { 1: ENCRYPTING },
  },
  'kms-clock-skew': {
    title: 'a key management service says that the clock is wrong',
    cause:
      'Requests, and tokens, are signed with the time, and the service refuses those that are minutes away from its own.',
    fix: 'Set the clock of this machine (timedatectl set-ntp true); in a virtual machine after it slept. A token of another issuer may be old as well.',
    also: { 1: ENCRYPTING },
  },
  'kms-credentials-expired': {
    title: 'credentials for a key management service have expired',
    cause: 'A login, a session or a token was good for some hours, and these are over.',
    fix: 'Log in again: aws sso login, gcloud auth application-default login, az login, vault login. In a pipeline, get the token in the job that uses it.',
    also: { 1: ENCRYPTING },
  },
  'kms-credentials-invalid': {
    title: 'a key management service does not take the credentials',
    cause:
      'There are credentials, but they are none: a secret that is not that of its access key, an app or an account that is gone, a file that can not be read.',
    fix: 'The error says whose credentials they are, and where they come from. Get new ones, or take the variable away that names the wrong ones.',
    also: { 1: ENCRYPTING },
  },
  'kms-credentials-missing': {
    title: 'there are no credentials for a key management service',
    cause:
      'The file is encrypted with a key of a service, and nothing here says who you are to it: neither variables, nor files of a login, nor the machine itself.',
    fix: 'Log in, or set the variables: docs/clouds.md has them for each service.',
    also: { 1: ENCRYPTING },
  },
  'kms-denied': {
    title: 'a key management service does not let you use a key',
    cause:
      'You are known there, but neither the policy of the key nor your own rights allow you to encrypt or decrypt with it. Some services answer so for a key that does not exist, too.',
    fix: 'The error says who you are there. Ask whoever manages the key for the right that it names, or take another profile, role or account.',
    also: { 1: ENCRYPTING },
  },
  'kms-failed': {
    title: 'a key management service failed',
    cause: 'It answered with a failure of its own, three times, or with one that is not known here.',
    fix: 'Try again later; what it said stands in the error, and its status page may say more.',
    also: { 1: ENCRYPTING },
  },
  'kms-key-deleted': {
    title: 'a key is being deleted',
    cause:
      'Somebody scheduled the key for deletion, or it is deleted already and can still be restored. When that is done, files that only it opens are lost.',
    fix: 'Have the deletion canceled, at once. Then give the files another key, with "sotto updatekeys", before it goes.',
    also: { 1: ENCRYPTING },
  },
  'kms-key-disabled': {
    title: 'a key is disabled',
    cause:
      'The key, or that version of it, is switched off, or not valid at this time; or the service as a whole is off in that project.',
    fix: 'Have it enabled again, or open the file with another of its keys.',
    also: { 1: ENCRYPTING },
  },
  'kms-key-missing': {
    title: 'there is no such key',
    cause:
      'The service knows no key of that name there. Its region, account, project, vault or namespace is a part of what names it, so one that is elsewhere is not found.',
    fix: 'Compare what the error names with what the service lists. VAULT_NAMESPACE, profiles and roles decide where is looked, too.',
    also: { 1: ENCRYPTING },
  },
  'kms-key-wrong': {
    title: 'a data key was wrapped with another key',
    cause:
      'The service says that the wrapped data key is none of that key: the entry in the file was changed, an alias points to another key now, or an encryption context is not as it was.',
    fix: 'Restore the sops block of the file from git, and see where it was changed.',
    also: { 1: ENCRYPTING },
  },
  'kms-throttled': {
    title: 'a key management service is asked too much',
    cause:
      'All who use the account together ask more than it allows in a second. It was asked again three times, and fewer requests were made at once.',
    fix: 'Try again later, or have the quota raised. Over many files one data key is asked for once.',
    also: { 1: ENCRYPTING },
  },
  'kms-timeout': {
    title: 'a key management service did not answer in time',
    cause:
      'There was no connection within 10 seconds, or no answer within 30. Mostly a firewall drops what is sent there, or the network is down.',
    fix: 'Check the network, HTTPS_PROXY and NO_PROXY. SOTTO_KMS_TIMEOUT says how many seconds to wait in all.',
    also: { 1: ENCRYPTING },
  },
  'kms-tls': {
    title: 'a key management service does not prove who it is',
    cause:
      'Its certificate is from no authority that is trusted here, is for another name, or has expired; or no TLS is spoken there. A proxy that looks into TLS shows a certificate of its own.',
    fix: 'SSL_CERT_FILE names a file of authorities to be trusted in place of those of the system, SSL_CERT_DIR folders with more, VAULT_CACERT those of Vault, AWS_CA_BUNDLE those of AWS.',
    also: { 1: ENCRYPTING },
  },
  'kms-unreachable': {
    title: 'a key management service can not be reached',
    cause:
      'The name of its host is not known, the connection is refused or breaks, or the proxy does not let it through.',
    fix: 'Check the network, the name in the error, and HTTPS_PROXY and NO_PROXY. A region or vault that does not exist has no host either.',
    also: { 1: ENCRYPTING },
  },
  'kms-untrusted': {
    title: 'a token is not sent to a server that only a file names',
    cause:
      'Whoever can change an encrypted file can write any server into it. So your token only goes to one that you name yourself.',
    fix: 'If it is your server, set VAULT_ADDR to it, name the key in a rule of .sops.yaml, or list it in SOPS_HC_VAULT_ALLOWLIST. If you do not know it, somebody is after your token.',
    also: { 1: ENCRYPTING },
  },
  'listen-failed': {
    title: 'the key service can not listen there',
    cause:
      'Something else listens on the address, a file is in the way of the socket, or its folder is missing or may not be written to.',
    fix: 'Choose another --address, or remove what is in the way.',
  },
  'mac-mismatch': {
    title: 'the file was changed by somebody who did not have its data key',
    cause:
      'The MAC covers all values of the file (or all encrypted ones, with mac_only_encrypted), and it does not fit: something was edited by hand in the encrypted file, a merge went wrong, or somebody tampered with it.',
    fix: 'Look at what changed with git, and restore the file. If you know that the change is right, "sotto rotate -i --ignore-mac FILE" writes it with a new MAC, as set, unset and edit with --ignore-mac do, also when nothing else changes; a warning tells what the file could not vouch for. decrypt --ignore-mac only reads it.',
  },
  'markup-unvouched': {
    title: 'the file is not written as it was when it was encrypted',
    cause:
      'The MAC covers the values of a file, and the frame (sops.sotto.frame) how they are written: tags, anchors, directives, the spelling of keys and of values in clear. Something else than sotto changed that, or a line of it was put in, and --strict was given; or what sops prints for such a file could not be read back.',
    fix: 'Compare the file with git. Without --strict it is printed as sops prints it, from the values alone. "sotto rotate -i --accept-markup FILE" shows what is written otherwise, and vouches for it; so do set, unset and edit.',
  },
  'metadata-invalid': {
    title: 'the metadata of the file is broken',
    cause:
      'The sops entry of the file lacks something, names no recipients, has a time that can not be read, or names a dialect that this version does not know. Mostly a merge mixed two versions.',
    fix: 'Restore the sops entry from git. For a dialect, use a newer version.',
  },
  'metadata-missing': {
    title: 'the file is not encrypted',
    cause: 'The file has no sops entry, or is read as another type than it was written in.',
    fix: 'Check that it is the encrypted file ("sotto filestatus FILE"); encrypt it with "sotto encrypt -i FILE"; name its type with --input-type.',
  },
  'no-destination': {
    title: 'nothing says where the file is to be published',
    cause:
      'The destination rule that matches the file names no place, two files of a folder would go to the same one, or a file is named only by its suffix.',
    fix: 'Give the rule a vault_path; rename one of the files, or leave omit_extensions out.',
  },
  'no-document': {
    title: 'the file has no content',
    cause: 'A file to be encrypted has no document, not even an empty mapping.',
    fix: 'Write at least {} into it.',
  },
  'no-file': {
    title: 'no file was named',
    cause: 'The command line names no file, or set or unset lack their path or value.',
    fix: 'Name the file behind the flags; "sotto VERB --help" has the order. A flag that takes a value may have swallowed the name.',
  },
  'no-key-fits': {
    title: 'no key of yours opens the file',
    cause:
      'Whoever encrypted the file named the people who can open it, by their public keys, and the private key of none of them (or of too few groups of them) was found here and works. The error names these people as .sops.yaml does, which keys are here, and where else was looked.',
    fix: 'If you have one of the keys, say where it is: SOPS_AGE_KEY_FILE, SOPS_AGE_KEY, ~/.config/sops/age/keys.txt, ~/.ssh, gpg. If not, send your public key ("sotto keygen --show FILE" prints it) to one of the people, who adds it to .sops.yaml and runs "sotto updatekeys". In a pipeline: a pull request from a fork gets no secrets, so SOPS_AGE_KEY is empty there; a key with \\n in it lost its line breaks on the way.',
    also: { 1: 'for groups, as in sops' },
  },
  'no-matching-rule': {
    title: 'no creation rule matches the file',
    cause:
      'There is a .sops.yaml, but the path_regex of none of its creation rules matches the path of the file, relative to the configuration, or that of none of its destination rules the path as it is typed. The error lists the rules that were tried. Recipients in flags do not make up for it, as in sops.',
    fix: 'Add a rule, or one without path_regex at the end for all other files. path_regex is a regular expression and no glob: secrets/*.yaml is written ^secrets/[^/]*\\.yaml$.',
  },
  'no-recipients': {
    title: 'a key group is empty',
    cause: 'The rule, the flags or the command would leave a file, or a key group, that nobody can open.',
    fix: 'Name at least one recipient for each group: in the rule, with --age and the like, or --add-age where others go. A whole group goes with "sotto groups delete".',
  },
  'not-a-repository': {
    title: 'there is no git repository here',
    cause: 'The command works on a git repository with a work tree, and the working folder is in none.',
    fix: 'Go to the repository, or make one with "git init".',
  },
  'not-supported': {
    title: 'sotto does not have this',
    cause:
      'A type of file, a kind of key, a dialect, or a place to publish to is asked for that is not there.',
    fix: 'The hint lists what there is. For what sops has, see docs/differences-from-sops.md.',
    also: { 1: 'for a place to publish to, and for exec-file --background on Windows' },
  },
  'nothing-encrypted': {
    title: 'the selector leaves every value in clear',
    cause:
      'A file was to be encrypted, and no value of it would have been: the selector of the rule or the flags is misspelt, or does not fit the keys of this file.',
    fix: 'Hold the selector against the keys of the file. If the file is to have nothing encrypted for now, add --allow-nothing.',
  },
  'options-conflict': {
    title: 'flags contradict each other',
    cause:
      'Two flags, or a flag and the creation rule, can not hold at once: --in-place with --output, --in-place or a missing --filename-override when reading stdin, two selectors, several files for one --output, an --output that is one of the sources of render.',
    fix: 'Leave one of them out.',
    also: { 1: 'for set with both --value-file and --value-stdin' },
  },
  'order-duplicate': {
    title: 'a kind of key is named twice',
    cause: '--decryption-order or SOPS_DECRYPTION_ORDER names a kind of key more than once.',
    fix: 'Name each once, as in --decryption-order age,pgp.',
  },
  'output-unsupported': {
    title: 'the format can not hold the result',
    cause:
      'The format that is written has no place for something: lists or mappings in dotenv, null in TOML, a second document in JSON, an indentation that is not allowed; in a template a reference to a mapping, a list or bytes that are no text.',
    fix: 'Choose another --output-type, or change the value that the error names. In templates filters print what is no text, as in {{ path | json }}.',
  },
  'output-unwritable': {
    title: 'the result could not be written',
    cause:
      'The folder is missing or may not be written to, the disk is full, the file to be made is there already, it was changed by somebody else meanwhile, or it has hard links, under whose names a text would stay in clear. Or a folder for a file in clear could not be removed; the message names it.',
    fix: 'Check folder, permissions and free space. The old file is as it was.',
  },
  'path-ambiguous': {
    title: 'the path could mean two values',
    cause:
      'The file has a key with a dot, and keys below each other that read the same: "a.b", and "b" in "a".',
    fix: `Take one of the two exact forms that the message names: '["a"]["b"]' is the value b in a, '["a.b"]' the one with the dot.`,
    also: { 7: 'for set and unset' },
  },
  'path-invalid': {
    title: 'the path to a value is malformed',
    cause: 'What was given as the place of a value is neither keys with dots nor parts in brackets.',
    fix: `Write database.password, or list[0] for the first item of a list; a key with dots or brackets of its own is written '["a.b"]', in single quotes for the shell. docs/paths.md has all of it.`,
    also: { 7: 'for set and unset' },
  },
  'path-missing': {
    title: 'there is no value at this path',
    cause:
      'A key or index of the path for --extract, unset or --map, or of a reference in a template, is not in the file.',
    fix: 'Look at the keys of the file; they are readable in the encrypted file, too. unset has --idempotent for values that may be gone.',
  },
  'person-invalid': {
    title: 'a person can not join or leave so',
    cause:
      '"sotto add" or "sotto remove" would write a .sops.yaml that means something else than was asked for: the name is taken or is no name, an anchor is there twice, a team or group would have nobody left, or a recipient stands where it can only be changed by hand.',
    fix: 'The message names the place. Change it by hand, or say it another way; nothing was written.',
  },
  'person-unknown': {
    title: 'nobody has this name',
    cause:
      'No person of .sops.yaml is called so, nor does an anchor, a comment or an SSH key give a recipient this name; or there is no such team.',
    fix: '"sotto who" lists the readers of all files by name.',
  },
  'policy-invalid': {
    title: 'the expression that selects values does not compile',
    cause:
      'encrypted_regex, unencrypted_regex or one of those for comments, in a rule, a flag or the file, is no expression that RE2 understands. sops would encrypt nothing then; sotto stops.',
    fix: 'Mend the expression; RE2 has no look-around and no back references.',
  },
  'publish-failed': {
    title: 'the server did not take the file',
    cause:
      'Vault, OpenBao or a service for buckets gave no answer, refused who asks, or said that the request is wrong. The error has what it said.',
    fix: 'Check the address (vault_address, VAULT_ADDR), the token (VAULT_TOKEN, or log in again), the policy for the path, and vault_kv_version; of a bucket its name, region, and the rights to write and read objects.',
  },
  'recipient-invalid': {
    title: 'a recipient is malformed',
    cause:
      'A name in the flags or the rule is no public key of its kind: it was cut or mistyped, belongs to another kind, or is a private key.',
    fix: 'Copy it again as a whole; "sotto keygen --show FILE" prints the recipient of an identity. A private key that got into a file or a command line is to be replaced.',
  },
  'renewal-invalid': {
    title: 'a value can not be renewed in this way',
    cause:
      'Nothing under sotto: secrets: in .sops.yaml says how the value is renewed; or what is said does not fit: a hook that is not there or names a folder, files with different readers in one renewal, an empty new value. Or the journal of a renewal, in .sotto/renew, is damaged, or was not made by somebody who can open the file.',
    fix: 'Write renew: for the value, as docs/lifecycle.md shows. A journal is an ordinary encrypted file with the old and the new value: look at it with "sotto decrypt", and at who committed it.',
  },
  'renewal-pending': {
    title: 'the value is being renewed',
    cause:
      'A renewal of the value, or of one that is made together with it, has begun and not come to its end; or the old value still holds beside the new one; or another process is just at it.',
    fix: '"sotto renew --resume" goes on with what did not come to its end. "sotto renew --revoke" revokes old values whose time is up; --early revokes others.',
  },
  'renewal-stuck': {
    title: 'neither the old nor the new value holds',
    cause:
      'The hook tested both values, and neither opens what it is for; or somebody has set the value in the file to another one while it was renewed. What holds at the service is not known here.',
    fix: 'Both values are kept in the journal, in .sotto/renew, which "sotto decrypt" shows. Set one of them at the service, by hand, and run "sotto renew --resume": it tests, and goes on from there.',
  },
  'request-invalid': {
    title: 'a request for access does not hold',
    cause:
      'The file in .sotto/requests is not of its form, is for another repository, too old, granted before or from the future, its name is taken, or nothing proves that whoever asks has the key.',
    fix: 'Whoever asks makes a new one with "sotto request". A key of age is proven by a challenge: "sotto approve --challenge NAME" writes one, "sotto request --answer --name NAME" answers it.',
  },
  'rule-differs': {
    title: 'the file and its creation rule disagree',
    cause:
      'The file has another selector, or other recipients, than the rule of .sops.yaml that matches it: because the rule was changed, or because somebody changed the metadata of the file. What was asked for would put a value in clear that the rule encrypts, or wrap a key for somebody whom the rule does not name.',
    fix: 'Find out which of the two is right: "git log -p" shows who changed what. "sotto updatekeys FILE" gives the file the recipients of its rule, "sotto updatekeys --selector FILE" the selector, too; "sotto updatekeys --check FILE" shows all that differs. If the file is right, mend the rule, or say --accept-file.',
  },
  'set-invalid': {
    title: 'the value can not be set there',
    cause:
      'The value for set is no JSON, the path is malformed, or the place can not take it: a single value on the way, or a mapping or list at the place, which would be lost, a key in a list, a key that is there twice, something that the format can not spell.',
    fix: `Texts need quotes of their own: sotto set FILE PATH '"text"'. From stdin a text is taken as it is: sotto set --stdin FILE PATH.`,
  },
  'threshold-invalid': {
    title: 'the threshold does not fit the number of key groups',
    cause: 'More key groups would be needed to open the file than it has, or fewer than 2 of several.',
    fix: 'Set shamir_threshold, or --shamir-secret-sharing-threshold, to a number from 2 to that of the groups.',
  },
  usage: {
    title: 'the command line is not understood',
    cause:
      'A command or flag does not exist or is misspelt, a flag lacks its value, or there are too many or too few words. A word alone is a command or a file that is there: nothing is made of it otherwise.',
    fix: '"sotto --help" lists the commands, "sotto COMMAND --help" has the flags and examples of one. A new file is begun with "sotto edit FILE".',
    also: { 3: 'for help on something that does not exist' },
  },
  'user-invalid': {
    title: 'there is no such user, or you can not become one',
    cause:
      'The name for --user, or for the owner of a file of render --runtime-dir, is not known, you are not root, or the system (Windows) has no such switch.',
    fix: 'Leave --user out, or start sotto as that user. An owner can be a number, too.',
  },
  'value-exposed': {
    title: 'a value would stand in clear text',
    cause:
      'After the change something that was encrypted would be readable: a comment that selects speaks for another value now, a key was renamed, or the value moved. Or set has a new value that the selector (by default the suffix _unencrypted) leaves in clear.',
    fix: 'Leave the value where it is encrypted, or take the comment out together with what it spoke for. If everybody may read it, add --clear to set, edit, or encrypt --onto.',
  },
  'value-undecryptable': {
    title: 'a value does not decrypt',
    cause:
      'The value, or a key on its path, was changed by hand in the encrypted file, was moved or copied from elsewhere, or stands in clear where it should be encrypted.',
    fix: 'Restore it from git. To give it a new value, use "sotto set" or "sotto edit" on the restored file.',
  },
  'vault-invalid': {
    title: 'a setting for Vault can not be used',
    cause:
      'A VAULT_… variable, ~/.vault-token or vault_address is malformed, unsafe or incomplete, or names a file that holds no certificate or key.',
    fix: 'Mend the setting that the error names.',
  },
  'wrap-failed': {
    title: 'the data key could not be encrypted for everyone',
    cause:
      'Encrypting for at least one recipient failed: gpg does not have its key, a plugin is missing or said no, no key service that was named has a key of the cloud, or keys of this machine are switched off by --enable-local-keyservice=false. It is all of them or none.',
    fix: 'Mend the recipient that the error names, or take it out.',
  },
};

/** Every code, in the order of the alphabet. */
export const ERROR_CODES: readonly ErrorCode[] = Object.keys(EXPLANATIONS).filter(isCode).sort();

/** The exit statuses of an error: the usual one, and others with the situation in which they are given. */
export function statusesOf(code: ErrorCode): string {
  const others = Object.entries(EXPLANATIONS[code].also ?? {});
  return [`${EXIT_STATUS[code]}`, ...others.map(([status, when]) => `${status} ${when}`)].join('; ');
}

/** Whether a word is the code of an error. */
export function isCode(word: string): word is ErrorCode {
  return Object.hasOwn(EXIT_STATUS, word);
}
