import { sessions } from '../support/terminal.ts';

sessions({
  'a value is named as people write it, in all commands': `
    $ sotto decrypt --extract database.password secret.yaml
    >| s3cret
    $ sotto decrypt --extract 'database.hosts[1]' secret.yaml
    >| two
    $ sotto -d --extract database.hosts.0 secret.yaml
    >| one
    $ sotto set secret.yaml 'database.hosts[2]' '"three"'
    $ sotto set secret.yaml database.user.name '"ann"'
    $ sotto unset secret.yaml 'database["hosts"][0]'
    $ sotto decrypt --extract database secret.yaml
    > password: s3cret
    > hosts:
    >     - two
    >     - three
    > user:
    >     name: ann
    $ sotto run -f secret.yaml --map PW=database.password --map FIRST='database.hosts[0]' -- sh -c 'echo "$PW $FIRST"'
    > *** two
  `,
  'a path that could mean two values is refused, with the exact form of each': `
    $ printf 'a.b: 1\\na:\\n  b: 2\\n' > two.yaml
    $ sotto encrypt -i --age $ALICE two.yaml
    $ cp two.yaml before.yaml
    $ sotto decrypt --extract a.b two.yaml
    ! a.b can mean two values of the file
    !   at two.yaml
    ! fix: write '["a"]["b"]' or '["a.b"]'
    ! explain: sotto explain path-ambiguous
    ? 91
    $ sotto set two.yaml a.b 3
    ! a.b can mean two values of the file
    !   at two.yaml
    ! fix: write '["a"]["b"]' or '["a.b"]'
    ! explain: sotto explain path-ambiguous
    ? 7
    $ sotto unset --idempotent two.yaml a.b
    ! a.b can mean two values of the file
    ? 7
    $ sotto run -f two.yaml --map X=a.b -- true
    ! --map X: a.b can mean two values of the file
    !   at two.yaml
    ! fix: write '["a"]["b"]' or '["a.b"]'
    ! explain: sotto explain path-ambiguous
    ? 91
    $ cmp two.yaml before.yaml
    $ sotto decrypt --extract '["a"]["b"]' two.yaml
    > 2
    $ sotto decrypt --extract '["a.b"]' two.yaml
    > 1
  `,
  'a key with dots of its own is found without quotes': `
    $ printf 'data:\\n  .dockerconfigjson: x\\n  tls.crt: y\\n' > k8s.yaml
    $ sotto encrypt -i --age $ALICE k8s.yaml
    $ sotto decrypt --extract data..dockerconfigjson k8s.yaml
    >| x
    $ sotto set k8s.yaml data.tls.crt '"z"'
    $ sotto decrypt k8s.yaml
    > data:
    >   .dockerconfigjson: x
    >   tls.crt: z
  `,
  'under the name sops only its own form is a path': `
    $ sops set secret.yaml database.password '"x"'
    ! Invalid set index format
    ? 7
    $ sops unset secret.yaml database.password
    ! Invalid unset index format
    ? 7
    $ sops decrypt --extract database.password secret.yaml
    ! error parsing --extract path: component database.password doesn't end with ]
    ? 91
  `,
});
