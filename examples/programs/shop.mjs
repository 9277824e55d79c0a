// sotto run -f secrets.yaml -- node shop.mjs
const { DB_USER: user, DB_PASSWORD: password } = process.env;
if (!user || !password) throw new Error('DB_USER and DB_PASSWORD are missing');
// Programs that this one starts need not have it.
delete process.env.DB_PASSWORD;
console.log(`node: ${user}, with a password of ${password.length} characters`);
