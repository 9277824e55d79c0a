/** How bad a finding is: an error is to be mended before it is committed, a warning soon, a note is to be known. */
export type Level = 'error' | 'warning' | 'note';

/** What a kind of finding is about, in the order of the page on them. */
export const AREAS = {
  file: 'In an encrypted file',
  config: 'In .sops.yaml',
  repository: 'In the repository',
  history: 'Against git',
  lifecycle: 'Life cycle',
} as const;

/** All there is to say of a kind of finding besides where it was found. */
export interface Declaration {
  readonly area: keyof typeof AREAS;
  readonly level: Level;
  /** A phrase without a full stop. */
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  /** A secret may be known to others. */
  readonly isExposure?: true;
  /** Only found with a key. */
  readonly needsKey?: true;
}

/** One row for each kind of finding, in the order of the page on them. */
export const DECLARATIONS = {
  'plaintext-file': {
    area: 'file',
    level: 'error',
    isExposure: true,
    title: 'a file that a rule wants encrypted stands in clear',
    cause:
      'The path_regex of a creation rule matches the file, and it has no sops metadata. Rules without path_regex, and those that match .sops.yaml itself, speak of all files and do not count.',
    fix: '`sotto encrypt -i FILE`. If it was committed already, its values are known to everybody who can read the repository: change them.',
  },
  'value-in-clear': {
    area: 'file',
    level: 'error',
    isExposure: true,
    title: 'a value of an encrypted file stands in clear, though its selector encrypts it',
    cause: 'Somebody pasted the value into the encrypted file with an ordinary editor, or a merge did.',
    fix: '`sotto resolve FILE` encrypts it. Use `sotto edit` or `sotto set` to change values.',
  },
  'conflict-markers': {
    area: 'file',
    level: 'error',
    title: 'git left a conflict in the file',
    cause: 'A merge ended with a conflict, and the file was committed, or is about to be, with its markers.',
    fix: '`sotto resolve FILE` shows the conflicting values, and puts the file together.',
  },
  'comment-in-clear': {
    area: 'file',
    level: 'warning',
    title: 'a comment stands in clear where comments are encrypted',
    cause: 'The comment was added with an ordinary editor. sops encrypts comments as it does values.',
    fix: 'Add it with `sotto edit FILE`, or say it elsewhere.',
  },
  unreadable: {
    area: 'file',
    level: 'error',
    title: 'an encrypted file can not be read',
    cause: 'The text has encrypted values and is no valid file of its type: a merge or an edit broke it.',
    fix: 'Restore it from git, or mend the line that the message names.',
  },
  'metadata-incomplete': {
    area: 'file',
    level: 'error',
    title: 'the sops metadata is missing, broken or incomplete',
    cause: 'A merge or an edit took something of the sops block away: recipients, MAC, date or version.',
    fix: 'Restore the block from git, whole.',
  },
  'token-malformed': {
    area: 'file',
    level: 'error',
    title: 'an encrypted value is damaged',
    cause: 'The token was cut, wrapped or changed: it is no ENC[AES256_GCM,…] that can be decrypted.',
    fix: 'Restore the value from git.',
  },
  'token-moved': {
    area: 'file',
    level: 'error',
    title: 'an encrypted value was copied or moved to another key',
    cause:
      'A token only opens under the keys that it was encrypted for, and the same one stands under others, too.',
    fix: 'Restore the file, and copy the value with `sotto edit`.',
  },
  'token-in-clear-place': {
    area: 'file',
    level: 'warning',
    title: 'an encrypted value stands where the selector leaves values in clear',
    cause:
      'The key was renamed, or the selector changed: the value is not decrypted any more, programs get the token.',
    fix: 'Restore the name of the key or the selector.',
  },
  'iv-reused': {
    area: 'file',
    level: 'error',
    isExposure: true,
    title: 'two different values were encrypted with one IV',
    cause:
      'With the same key and IV, the two texts tell how the values differ, and others can be forged. No sound program writes this.',
    fix: '`sotto rotate -i FILE`, and change both values.',
  },
  'nothing-encrypted': {
    area: 'file',
    level: 'error',
    isExposure: true,
    title: 'an encrypted file has no encrypted value',
    cause: 'Its selector selects nothing: it is misspelt, or does not fit the keys of the file.',
    fix: 'Mend the selector in .sops.yaml, then `sotto sync FILE`.',
  },
  'selector-invalid': {
    area: 'file',
    level: 'error',
    title: 'the expression that selects values does not compile',
    cause:
      'It is no expression of RE2, which has no look-around and no back references. sops encrypts nothing then.',
    fix: 'Mend the expression.',
  },
  'selector-differs': {
    area: 'file',
    level: 'warning',
    title: 'the file has other settings than its rule',
    cause:
      'Its selector, mac_only_encrypted or shamir_threshold is another one: the rule was changed after the file was encrypted, or the metadata of the file was changed by hand.',
    fix: '`sotto sync FILE` gives the file what its rule says.',
  },
  'recipient-missing': {
    area: 'file',
    level: 'warning',
    title: 'somebody whom the rule names can not read the file',
    cause: 'The rule was changed after the file was encrypted.',
    fix: '`sotto sync FILE`',
  },
  'recipient-extra': {
    area: 'file',
    level: 'error',
    title: 'somebody whom no rule names can read the file',
    cause: 'The recipient was taken out of the rule, or was added to the file past it.',
    fix: '`sotto sync FILE` takes the recipient out, and makes a new data key; else add it to the rule.',
  },
  'recipient-unknown': {
    area: 'file',
    level: 'note',
    title: 'a reader of the file is nobody of whom .sops.yaml has a name',
    cause: 'sotto.people names people, and this recipient is none of theirs.',
    fix: 'Find out whose it is, and give it a name in sotto.people.',
  },
  'recipient-malformed': {
    area: 'file',
    level: 'error',
    title: 'a recipient is malformed',
    cause: 'The text is no public key of its kind: it was cut or mistyped, or is a private key.',
    fix: 'Copy it again as a whole.',
  },
  'single-recipient': {
    area: 'file',
    level: 'note',
    title: 'one key alone opens the file',
    cause: 'The file has one recipient. When the key is lost, so are the values.',
    fix: 'Add a recovery key that is kept offline to the rule, then `sotto sync FILE`.',
  },
  'weak-mix': {
    area: 'file',
    level: 'warning',
    title: 'recipients that resist quantum computers are mixed with others that do not',
    cause: 'Whoever keeps the file until there is such a computer opens it through the weaker ones.',
    fix: 'Use post-quantum recipients (age1pq1…) only, or none.',
  },
  'threshold-implied': {
    area: 'config',
    level: 'warning',
    title: 'several key groups, and no threshold',
    cause: 'Without shamir_threshold a key of each group is needed together. Most often one list was meant.',
    fix: 'Put the recipients into one group, or write shamir_threshold.',
  },
  'mac-mismatch': {
    area: 'file',
    level: 'error',
    needsKey: true,
    title: 'the MAC does not fit the values',
    cause: 'Values were changed, removed or added without the data key: a merge of texts, or somebody.',
    fix: '`sotto resolve FILE` after a merge; otherwise restore the file from git.',
  },
  'value-undecryptable': {
    area: 'file',
    level: 'error',
    needsKey: true,
    title: 'a value does not decrypt',
    cause: 'The token was changed, or comes from another file or another key.',
    fix: 'Restore it from git.',
  },
  'comment-tampered': {
    area: 'file',
    level: 'warning',
    needsKey: true,
    title: 'an encrypted comment does not decrypt',
    cause: 'The token of the comment was changed or moved. The MAC does not cover comments.',
    fix: 'Restore it from git.',
  },
  'config-invalid': {
    area: 'config',
    level: 'error',
    title: 'the configuration can not be read',
    cause: 'The file is no valid YAML, or a value has a type that sops does not take there.',
    fix: 'Mend the line that the message names.',
  },
  'config-key-unknown': {
    area: 'config',
    level: 'warning',
    title: 'a key of the configuration means nothing',
    cause: 'It is misspelt, or stands at the wrong level; sops ignores it without a word.',
    fix: 'Mend or remove it.',
  },
  'anchor-twice': {
    area: 'config',
    level: 'error',
    title: 'an anchor is defined twice',
    cause:
      'In YAML the second definition counts for all aliases behind it, so it changes who can read, and nobody sees it.',
    fix: 'Give the second one another name.',
  },
  'rule-shadowed': {
    area: 'config',
    level: 'warning',
    title: 'a rule never counts',
    cause: 'Every file that it matches is matched by a rule above it, and the first one counts.',
    fix: 'Put the narrower rule first.',
  },
  'rule-unused': {
    area: 'config',
    level: 'note',
    title: 'a rule matches no file',
    cause: 'No file of the repository has a path that it matches: it is misspelt, or of no use any more.',
    fix: 'Mend or remove it.',
  },
  'no-rule': {
    area: 'config',
    level: 'warning',
    title: 'an encrypted file has no rule',
    cause: 'No rule of .sops.yaml matches it, so nothing says who should be able to read it.',
    fix: 'Add a rule for it.',
  },
  'person-dangling': {
    area: 'config',
    level: 'error',
    title: 'a team or rule names an anchor that is nobody of sotto.people',
    cause:
      'A name in merge: stands for an anchor elsewhere in the file: the person was renamed or removed there only.',
    fix: 'Define the person under sotto.people, or take the name out.',
  },
  'recipient-twice': {
    area: 'config',
    level: 'warning',
    title: 'a recipient is named twice',
    cause: 'Two people, or two entries of one rule, have the same key.',
    fix: 'Leave one of them.',
  },
  'secret-in-clear': {
    area: 'repository',
    level: 'error',
    isExposure: true,
    title: 'a password or token of a known shape stands in clear',
    cause: 'A file that no rule covers has what looks exactly like a credential of a known service.',
    fix: 'Move it into an encrypted file, and change it if it was ever committed.',
  },
  'private-key': {
    area: 'repository',
    level: 'error',
    isExposure: true,
    title: 'a private key stands in clear',
    cause: 'A file of the repository has an age identity, an SSH or PGP key, or another private key.',
    fix: 'Take it out (`git rm --cached FILE`), keep it outside of the repository, and replace it if it was ever committed.',
  },
  'looks-secret': {
    area: 'repository',
    level: 'warning',
    isExposure: true,
    title: 'a value looks like a secret',
    cause: 'A setting has a name such as password or token, and a value that looks random.',
    fix: 'Encrypt the file, or say in sotto.check.ignore why it is none.',
  },
  'decrypted-twin': {
    area: 'repository',
    level: 'error',
    isExposure: true,
    title: 'a decrypted copy of an encrypted file is in git',
    cause: 'A file beside an encrypted one has its name with .dec, .decrypted or .plain in it.',
    fix: '`git rm --cached FILE`, add it to .gitignore, and change its values.',
  },
  'attributes-missing': {
    area: 'repository',
    level: 'warning',
    title: 'an encrypted file is not merged and shown by sotto',
    cause: '.gitattributes has sotto for other files, and not for this one.',
    fix: '`sotto init` adds it, or write: FILE -text diff=sotto merge=sotto',
  },
  'driver-missing': {
    area: 'repository',
    level: 'note',
    title: 'this clone does not know the merge driver',
    cause:
      '.gitattributes names sotto, and the configuration of this clone has no such driver: git merges line by line.',
    fix: '`sotto init --local`',
  },
  'hook-missing': {
    area: 'repository',
    level: 'note',
    title: 'this clone checks nothing before a commit',
    cause: 'The repository uses sotto, and this clone has no hook that calls it.',
    fix: '`sotto init --local`',
  },
  cachetextconv: {
    area: 'repository',
    level: 'error',
    isExposure: true,
    title: 'git keeps decrypted texts as objects',
    cause:
      'diff.sotto.cachetextconv is on, or was: git stores what textconv shows under refs/notes/textconv/sotto, and `git push --mirror` publishes it.',
    fix: '`git config --unset-all diff.sotto.cachetextconv`, and `git update-ref -d refs/notes/textconv/sotto`',
  },
  'mac-stale': {
    area: 'history',
    level: 'error',
    title: 'values changed, and the MAC did not',
    cause:
      'The file has the MAC of its earlier version, and other values: lines were merged, deleted or added as text.',
    fix: '`sotto resolve FILE`',
  },
  'removed-unrotated': {
    area: 'history',
    level: 'warning',
    title: 'a reader was removed, and still knows the data key',
    cause:
      'The entry went, and the values are encrypted with the same key as before, which the reader may have kept.',
    fix: '`sotto rotate -i FILE`',
  },
  'recipients-added': {
    area: 'history',
    level: 'note',
    title: 'readers were added',
    cause: 'The file has recipients that its earlier version did not have.',
    fix: 'See that each of them belongs there.',
  },
  'reader-unapproved': {
    area: 'history',
    level: 'error',
    title: 'a change lets somebody read more, and nobody who could read it signed for that',
    cause:
      'Only `--since` looks for it: a rule or a file names a recipient that the rule of the file did not name at the base of the branch, or puts it into a further key group; or keys of fewer groups are enough; or an encrypted file is put, as a copy may be, where its rule names others than can open it. Everybody who can open a pull request can put a key of theirs into .sops.yaml, and the next who runs `sotto sync`, `updatekeys` or `rotate` wraps the data key for it.',
    fix: 'Find out whose key it is. `sotto approve NAME` adds who asked by a request, `sotto add NAME` whom you name; both sign for it with your SSH or PGP key, which is to be in the rule already. A file that its rule opens to more than can read it yet is made so by whoever wrote it: `sotto sync FILE`. For whom you added otherwise, call `sotto check --since REF --allow-new-readers`; in a pipeline, where somebody of the team said so. It is neither ignored nor in a baseline.',
  },
  'data-key-changed': {
    area: 'history',
    level: 'note',
    title: 'every value was encrypted anew',
    cause:
      'No token of the earlier version is left: the file was rotated, so what changed can not be told without a key.',
    fix: '`sotto diff` shows it to those who have a key.',
  },
  'policy-weakened': {
    area: 'history',
    level: 'error',
    isExposure: true,
    title: 'what was protected is left in clear now, or out of the MAC',
    cause:
      'The selector of the file, or a key, was changed, and values that the earlier version encrypts stand in clear. With `--since` also: a rule changed, or another one holds for a file now, so that the next `sotto sync` leaves values in clear that were encrypted, or takes values in clear out of the MAC (mac_only_encrypted).',
    fix: 'Restore the selector and encrypt the values again; change them if this was ever pushed. If it was meant, say why in sotto.check.ignore.',
  },
  'plaintext-in-history': {
    area: 'history',
    level: 'error',
    isExposure: true,
    title: 'an earlier version of the file stands in clear in git',
    cause: 'The file was committed before it was encrypted. Everybody with a clone has that version.',
    fix: 'Change its values. Then put the finding into the baseline, or rewrite the history.',
  },
  'rolled-back': {
    area: 'history',
    level: 'warning',
    title: 'the file is older than the version that it replaces',
    cause:
      'Its date lies before that of its earlier version: an old state was brought back, with its values and readers.',
    fix: 'If it was meant, all is well; else take the newer version.',
  },
  'made-younger': {
    area: 'history',
    level: 'error',
    title: 'a value is said to be younger than it was, and is the same',
    cause:
      'The dates of values stand in clear in the file (`sops.sotto.changed`), and no key vouches for them. The token of the value is that of the earlier version, so nothing but its date was changed: an old value would pass for a new one.',
    fix: 'Restore the date from the earlier version, or set a new value.',
  },
  'side-dropped': {
    area: 'history',
    level: 'warning',
    title: 'a merge took one side whole, though both had changed',
    cause: 'The result is exactly the version of one parent: what the other one changed is lost.',
    fix: 'Merge again with the driver, or compare with `sotto diff`.',
  },
  'value-emptied': {
    area: 'history',
    level: 'warning',
    title: 'a value is empty that had something in it',
    cause: 'Where a token stood, there is an empty text or null.',
    fix: 'Restore the value, if that was not meant.',
  },
  'plaintext-in-stash': {
    area: 'history',
    level: 'warning',
    isExposure: true,
    title: 'a stash holds the file in clear',
    cause: '`git stash` was called while the file was decrypted.',
    fix: '`git stash drop`, then `git gc --prune=now`.',
  },
  'request-invalid': {
    area: 'history',
    level: 'error',
    title: 'a request to be let in does not hold',
    cause:
      'A file of .sotto/requests is no request that "sotto approve" would take: its signature is not of the key that it names, it was changed, is older than 30 days, was granted before, is for another repository, or has another shape.',
    fix: 'Whoever asks makes a new one with `sotto request`; `git rm FILE` takes it out.',
  },
  expired: {
    area: 'lifecycle',
    level: 'error',
    title: 'the time of a value is up',
    cause:
      'It has been the same for longer than max_age of sotto.secrets allows; or it is a certificate or a JSON Web Token, and has ended. Encrypting it anew makes no value younger.',
    fix: 'Make a new value at its source and set it, or let `sotto renew` do both.',
  },
  'age-unknown': {
    area: 'lifecycle',
    level: 'error',
    title: 'nobody knows how old a value is that may only become so old',
    cause:
      'The file has no date of it, and neither has the history: the clone is shallow, or the version is not committed yet.',
    fix: 'Fetch the whole history (actions/checkout: `fetch-depth: 0`), commit the file, or set a new value with `sotto set`, which notes the date.',
  },
  unproven: {
    area: 'lifecycle',
    level: 'warning',
    title: 'a value was encrypted anew, and may be as old as before',
    cause:
      'Its token is new in a file that was there before, and nothing says that its text is: who renames a key, or encrypts a file again with another tool, makes new tokens of old values. The age of what was there before goes on counting.',
    fix: 'Set a new value with `sotto set` or `sotto edit`, which note its date.',
  },
  'expires-soon': {
    area: 'lifecycle',
    level: 'warning',
    title: 'the time of a value is nearly up',
    cause: 'What `warn` of sotto.secrets says is left of it, 14 days unless given.',
    fix: 'Make a new value at its source and set it, or let `sotto renew` do both.',
  },
  exposed: {
    area: 'lifecycle',
    level: 'warning',
    title: 'somebody who left may still know a value, or a leak made it known',
    cause:
      '.sotto/exposure.yaml tells of somebody who could read it, or of a leak, and nothing proves that it has been changed since.',
    fix: 'Make a new value at its source and set it, or let `sotto renew` do both. `sotto exposure --prove` looks with your keys whether that was done; what need not be changed is a waiver in .sotto/exposure.yaml.',
  },
  'renewal-pending': {
    area: 'lifecycle',
    level: 'warning',
    title: 'a renewal was begun, and is not done',
    cause:
      'There is a journal in .sotto/renew: `sotto renew` was interrupted, or keeps an old value for a while.',
    fix: '`sotto renew --resume`, or `--revoke` when nobody uses the old value any more.',
  },
  'owner-missing': {
    area: 'lifecycle',
    level: 'warning',
    title: 'values may only become so old, and nobody is to renew them',
    cause: 'An entry of sotto.secrets has max_age, and none that matches the same values has owner.',
    fix: 'Add `owner` to the entry.',
  },
  'secret-unmatched': {
    area: 'lifecycle',
    level: 'warning',
    title: 'an entry of sotto.secrets, or a path in it, matches no encrypted value',
    cause: 'It is misspelt, or what it was about is gone: it asks nothing of any value.',
    fix: 'Mend it, or take it out. `sotto get FILE` lists the paths of a file.',
  },
} as const;

/** The name of a kind of finding. */
export type FindingId = keyof typeof DECLARATIONS;

/** Every kind of finding there is. */
export const FINDINGS: { readonly [id in FindingId]: Declaration } = DECLARATIONS;

/** Their names, in the order of the page on them. */
export const FINDING_IDS: readonly FindingId[] = Object.keys(DECLARATIONS).filter(isFindingId);

/** Whether a word is the name of a kind of finding. */
export function isFindingId(word: string): word is FindingId {
  return Object.hasOwn(DECLARATIONS, word);
}
