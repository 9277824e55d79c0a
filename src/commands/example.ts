import type { Format } from '../core/format.ts';

const YAML = `hello: Welcome to sotto! Edit this file as you please!
example_key: example_value
# Example comment
example_array:
    - example_value1
    - example_value2
example_number: 1234.56789
example_booleans:
    - true
    - false
`;

const JSON_TEXT = `{
\t"hello": "Welcome to sotto! Edit this file as you please!",
\t"example_key": "example_value",
\t"example_array": [
\t\t"example_value1",
\t\t"example_value2"
\t],
\t"example_number": 1234.56789,
\t"example_booleans": [
\t\ttrue,
\t\tfalse
\t]
}
`;

/** What a new file begins with in the editor. */
export function exampleOf({ name }: Format): string {
  return name === 'json' ? JSON_TEXT : YAML;
}
