import { sessions } from '../terminal.ts';

sessions({
  'one dash is as good as two': `
    $ sotto decrypt -extract '["port"]' secret.yaml
    > 8080
    $ sotto -decrypt -extract '["port"]' secret.yaml
    > 8080
    $ sotto --d --extract '["port"]' secret.yaml
    > 8080
  `,
  'a value stands behind the flag or behind =': `
    $ sotto decrypt --extract='["port"]' secret.yaml
    > 8080
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 8080
  `,
});
