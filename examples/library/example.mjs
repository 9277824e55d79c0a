// The library: text in, text out. Run with: npm run build && node examples/library/example.mjs
import { decrypt, encrypt, generateIdentity, identityToRecipient, set } from 'sotto';

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const plain = 'database:\n  user: shop   # not secret\n  password: "hunter2"\n';

const sealed = await encrypt(plain, { format: 'yaml', recipients: [recipient] });
const opened = await decrypt(sealed.text, { format: 'yaml', identities: identity });
console.log(opened.text === plain ? 'byte for byte' : 'changed');

const changed = await set(sealed.text, ['database', 'password'], 'hunter3', {
  format: 'yaml',
  identities: identity,
});
const password = await decrypt(changed.text, {
  format: 'yaml',
  identities: identity,
  extract: ['database', 'password'],
});
console.log(password.text);
