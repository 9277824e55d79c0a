import { documentedDifference } from '../../support/documented-difference.ts';

/** cli-surface.md, section 10: what nothing can rely on in sops. A full disk is in writing.test.ts, `edit -s` with edit. */
documentedDifference("a regex that can't be compiled matches nothing", {
  'an error': `
    $ sops encrypt -a $ALICE --encrypted-regex '(' plain.json
    ! encrypted_regex is no expression that RE2 understands: (
    ? 1
  `,
});

documentedDifference('text behind the JSON object is dropped', {
  'an error': `
    $ printf '{"a":' > a.json
    $ sops encrypt -a $ALICE a.json
    ! Error unmarshalling file: …
    ? 2
    $ printf '{"a":1} trailing' > a.json
    $ sops encrypt -a $ALICE a.json
    ! Error unmarshalling file: …
    ? 2
  `,
});

documentedDifference('`decrypt` of several documents into a format with one', {
  'with a warning': `
    $ printf 'a: 1\\n---\\nb: 2\\n' > a.yaml
    $ sops encrypt -i -a $ALICE a.yaml
    $ sops decrypt --output-type json a.yaml
    > {
    > 	"a": 1
    > …
    ! [CMD]…level=warning …
  `,
});

documentedDifference('`groups add` ignores wrapping errors', {
  'neither written nor lost': `
    $ cp secret.json before.json
    $ GNUPGHOME=$PWD/none sops groups add -i -f secret.json --pgp 85D77543B3D624B63CEA9E6DBC17301B491B3F21
    ! …Could not generate data key: [failed to encrypt new data key with master key \\"85D77543B3D624B63CEA9E6DBC17301B491B3F21\\": …
    ? 1
    $ cmp secret.json before.json
  `,
});
