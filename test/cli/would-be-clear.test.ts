import { sessions } from '../support/terminal.ts';

const PLAIN = '--age $ALICE --unencrypted-comment-regex plain';

sessions({
  'a comment that stays when its value goes may not speak for the next one': `
    $ printf '# plain\\n\\nhost: h\\npassword: hunter2\\n' > a.yaml
    $ sotto encrypt -i ${PLAIN} a.yaml
    $ cp a.yaml before.yaml
    $ sotto unset a.yaml '["host"]'
    ! password was encrypted and would be in clear now (comment in line 1)
    !   at a.yaml
    ! fix: leave it where it is encrypted; if everybody may read it, "sotto edit" and "sotto encrypt --onto" take --clear
    ? 23
    $ cmp a.yaml before.yaml
    $ EDITOR='sed -i /host/d' sotto edit a.yaml
    ! password was encrypted and would be in clear now (comment in line 1)
    ? 23
    $ cmp a.yaml before.yaml
    $ EDITOR='sed -i 2,3d' sotto edit --clear a.yaml
    ! warning: password was encrypted and is in clear now (comment in line 1)
    $ grep password a.yaml
    > password: hunter2
  `,
  'it is so in every format, and for a value that changes at the same time': `
    $ printf '{\\n  // plain\\n\\n  "host": "h",\\n  "password": "hunter2"\\n}\\n' > a.jsonc
    $ printf '# plain\\n\\nhost = "h"\\npassword = "hunter2"\\n' > a.toml
    $ printf '# plain\\n\\nhost=h\\npassword=hunter2\\n' > a.env
    $ sotto encrypt -i ${PLAIN} a.jsonc
    $ sotto encrypt -i ${PLAIN} a.toml
    $ sotto encrypt -i ${PLAIN} a.env
    $ sotto unset a.jsonc '["host"]'
    ! password was encrypted and would be in clear now (comment in line 2)
    ? 23
    $ sotto unset a.toml '["host"]'
    ! password was encrypted and would be in clear now (comment in line 1)
    ? 23
    $ sotto unset a.env '["host"]'
    ! password was encrypted and would be in clear now (comment in line 1)
    ? 23
    $ printf '# plain\\npassword=other\\n' > new.env
    $ sotto encrypt -i --onto a.env new.env
    ! password was encrypted and would be in clear now (comment in line 1)
    ? 23
  `,
  'a key that gets a name which is left in clear is named, with the way out': `
    $ EDITOR='sed -i s/^name:/name_unencrypted:/' sotto edit secret.yaml
    ! name was encrypted and would be in clear now, as name_unencrypted (the key "name_unencrypted" matches unencrypted_suffix: _unencrypted)
    ? 23
    $ EDITOR='sed -i s/^name:/name_unencrypted:/' sotto edit --clear secret.yaml
    ! warning: name was encrypted and is in clear now, as name_unencrypted …
    $ EDITOR='sed -i s/^port:/port_unencrypted:/' sops edit secret.yaml
    ! [CMD]	 time="…" level=warning msg="[\\"port\\"] was encrypted and is in clear now, …
    $ grep _unencrypted: secret.yaml
    > name_unencrypted: shop #ENC[comment]
    > port_unencrypted: 8080
    > host_unencrypted: db.internal
  `,
  'a comment that was encrypted does not become readable either': `
    $ printf 'data:\\n  x: 1\\n  # about nothing\\nother: 2\\n' > a.yaml
    $ sotto encrypt -i --age $ALICE --encrypted-regex ^data$ a.yaml
    $ EDITOR='sed -i "s/^  # about/# about/"' sotto edit a.yaml
    ! a comment in line 3 was encrypted and would be in clear now (no key on its path matches encrypted_regex: ^data$)
    ? 23
  `,
  'what moves among lists and documents is not taken for something else': `
    $ printf 'l:\\n  - a # secret\\n  - b\\n---\\nx: 1 # secret\\n---\\nx: 2\\n' > a.yaml
    $ sotto encrypt -i --age $ALICE --encrypted-comment-regex secret a.yaml
    $ sotto unset a.yaml '["l"][0]'
    $ EDITOR='sed -i 3,4d' sotto edit a.yaml
    $ sotto decrypt a.yaml
    > l:
    >   - b
    > ---
    > x: 2
  `,
  'a new value in clear needs --clear, one that is there needs nothing': `
    $ sotto set secret.yaml '["host_unencrypted"]' '"other"'
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["user_unencrypted"]' '"u"'
    ! user_unencrypted is new and would be in clear (the key "user_unencrypted" matches unencrypted_suffix: _unencrypted)
    !   at secret.yaml
    ! fix: add --clear if everybody may read it; else give it another key or place
    ? 23
    $ sotto set secret.yaml '["database"]["n_unencrypted"]["deep"][0]' 1
    ! database.n_unencrypted.deep[0] is new and would be in clear …
    ? 23
    $ cmp secret.yaml before.yaml
    $ sotto set --clear secret.yaml '["user_unencrypted"]' '"u"'
    $ sops set secret.yaml '["also_unencrypted"]' '"v"'
    $ grep _unencrypted: secret.yaml
    > host_unencrypted: other
    > user_unencrypted: u
    > also_unencrypted: v
  `,
  'a value that loses the comment which selected it is not let in, except at the path that is set with --clear': `
    $ printf '{"a": {\\n// secret\\n"b": 1}}\\n' > a.jsonc
    $ sotto encrypt -i --age $ALICE --encrypted-comment-regex secret a.jsonc
    $ sotto set a.jsonc '["a"]' '{"b": 2}'
    ! a.b was encrypted and would be in clear now (no comment above matches encrypted_comment_regex: secret)
    ? 23
    $ sotto set --clear a.jsonc '["a"]' '{"b": 2}'
    ! warning: a.b was encrypted and is in clear now …
    $ sotto decrypt --extract '["a"]["b"]' a.jsonc
    >| 2
  `,
  'in INI, where sops reads a comment as for the key below, each value that a person reads otherwise is named': `
    $ printf '[db]\\n; secret\\npassword = p\\nhost = h\\n' > a.ini
    $ sotto encrypt -i --age $ALICE --encrypted-comment-regex secret a.ini
    ! warning: line 3: sops leaves db.password in clear, which a person reads as encrypted
    ! fix: to sops a comment in INI speaks for the key below the one at which it stands; …
    ! warning: line 4: sops encrypts db.host, which a person reads as left in clear
    $ EDITOR='sed -i s/=.h/=g/' sotto edit a.ini
    ! warning: line 3: sops leaves db.password in clear, which a person reads as encrypted
    ! …
    $ sotto decrypt a.ini > b.ini; sed -i s/=g/=i/ b.ini
    $ sotto encrypt -i --onto a.ini b.ini
    ! warning: line 3: sops leaves db.password in clear, which a person reads as encrypted
    ! …
    $ sotto set a.ini '["db"]["host"]' '"j"'
    ! warning: line 3: sops leaves db.password in clear, which a person reads as encrypted
    ! …
    $ sops set a.ini '["db"]["host"]' '"k"'
    ! [CMD]	 time="…" level=warning msg="sops leaves [\\"db\\"][\\"password\\"] in clear, which a person reads as encrypted"
    ! …
    $ printf 'db:\\n  host: h\\n  # secret\\n  password: p\\n' > a.yaml
    $ sotto encrypt --age $ALICE --encrypted-comment-regex secret --output-type ini a.yaml > c.ini
    ! warning: sops leaves db.host in clear, which a person reads as encrypted
    ! fix: …
    ! warning: sops encrypts db.password, which a person reads as left in clear
    $ printf '[db]\\n; secret\\n\\n[x]\\na = 1 ; plain\\nb = 2\\n' > d.ini
    $ sotto encrypt -i --age $ALICE --encrypted-regex 'a|b' d.ini
  `,
  'a new key in INI goes where a comment of another key does not speak for it to sops': `
    $ printf '[db]\\nhost = h\\n; plain\\nuser = u\\n[a]\\nx = 1 ; plain\\n[b]\\n; plain\\ny = 1\\n' > a.ini
    $ sotto encrypt -i ${PLAIN} a.ini
    ! warning: …
    ! …
    $ cp a.ini b.ini
    $ sotto set a.ini '["db"]["password"]' '"p"'
    ! warning: …
    ! …
    $ sotto set --clear a.ini '["a"]["password"]' '"p"'
    ! warning: …
    ! …
    $ sotto decrypt a.ini
    > [db]
    > host = h
    > password = p
    > ; plain
    > user = u
    > [a]
    > password = p
    > x = 1 ; plain
    > [b]
    > ; plain
    > y = 1
    $ grep -c '= p$' a.ini
    > 0
    ? 1
    $ sops set b.ini '["db"]["password"]' '"p"'
    ! [CMD]	 time="…" level=warning msg="sops encrypts …
    ! [CMD]	 time="…" level=warning msg="sops leaves [\\"db\\"][\\"password\\"] in clear, which a person reads as encrypted"
    ! …
    $ grep -A1 user b.ini | tail -1
    > password = p
  `,
  'a new key in a section whose comment selects it, but not for sops, is refused': `
    $ printf '; secret\\n[db]\\nuser = u\\n' > a.ini
    $ sotto encrypt -i --age $ALICE --encrypted-comment-regex secret a.ini
    $ sotto set a.ini '["db"]["password"]' '"p"'
    ! db.password is new and would be in clear (no comment above matches encrypted_comment_regex: secret)
    ? 23
    $ sotto set --clear a.ini '["db"]["password"]' '"p"'
    ! warning: line 4: sops leaves db.password in clear, which a person reads as encrypted
    ! …
  `,
  'what says the same as something that stays encrypted is let in, and so are true and other documents': `
    $ EDITOR='sed -i -e "/^on:/d" -e "\\$ahost2_unencrypted: shop" -e "\\$aon_unencrypted: true"' sotto edit secret.yaml
    $ grep -c '_unencrypted: [st]' secret.yaml
    > 2
    $ printf 'x: 1\\n---\\n# plain\\nx: 2\\n' > a.yaml
    $ sotto encrypt -i ${PLAIN} a.yaml
    $ EDITOR='sed -i s/2/3/' sotto edit a.yaml
    $ grep '^x: 3' a.yaml
    > x: 3
  `,
  'each line of a comment counts, and a comment is named once': `
    $ printf '[s]\\n; alpha\\n; beta\\na = 1\\n[t]\\nb = 2\\n' > a.ini
    $ sotto encrypt -i --age $ALICE --encrypted-regex '^s$' a.ini
    $ EDITOR='sed -i -e "3{h;d}" -e "/^b/{x;G}"' sotto edit a.ini
    ! a comment in line 5 was encrypted and would be in clear now (no key on its path matches encrypted_regex: ^s$)
    ? 23
    $ EDITOR='sed -i -e "/^;/{H;d}" -e "/^b/{x;s/^.//;G}"' sotto edit a.ini
    ! a comment in line 4 was encrypted and would be in clear now (no key on its path matches encrypted_regex: ^s$)
    ? 23
  `,
  'a key that repeats does not lead a new one behind a comment that speaks for it': `
    $ printf '[s]\\na = 1\\nb = 2 ; plain\\na = 3\\n' > a.ini
    $ sotto encrypt -i ${PLAIN} a.ini
    ! warning: line 2: a key is there more than once in its section; …
    $ sotto set a.ini '["s"]["new"]' '"n"'
    ! warning: line 4: sops encrypts s.b, which a person reads as left in clear
    $ sotto decrypt a.ini
    > [s]
    > a = 1
    > new = n
    > b = 2 ; plain
    > a = 3
  `,
});
