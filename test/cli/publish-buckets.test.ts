import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { OPENSSL_MISSING } from '../support/certificates.ts';
import { type Cloud, type CloudAnswer, type CloudRequest, startCloud } from '../support/cloud.ts';
import { seal, startSealedSession, UNIQUE } from '../support/sealed-session.ts';
import type { Outcome, Session, World } from '../support/session.ts';

const PLAIN = `# of the shop\nname: shop # inline\npassword: ${UNIQUE}\nport_unencrypted: 8080\n`;
const SECRET = 'wJalrXUtnFEMI-very-secret';
const TOKEN = 'ya29.a-token-of-the-tests';
const ALICE = 'age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrl';
const BOB = 'age1v3h0k7ka9uru0s27rdv4aj8xghjfrujkjkv6l2cdhmz5kvn4l3jq28m95g';

/** Both services of buckets; a bucket `missing` is not there, one `write-only` may not be read. */
class Services {
  readonly objects = new Map<string, { readonly body: string; readonly stamp: string | undefined }>();
  /** What the next requests get instead. */
  readonly faults: (CloudAnswer | 'lose')[] = [];

  answer({ method, url, headers, body }: CloudRequest): CloudAnswer {
    const fault = this.faults.shift();
    if (fault !== undefined && fault !== 'lose') return fault;
    const answer =
      new URL(url).hostname === 'storage.googleapis.com'
        ? this.#gcs(method, new URL(url), `${headers['authorization']}`, `${headers['content-type']}`, body)
        : this.#s3(method, new URL(url), headers, body);
    return fault === 'lose' ? 'reset' : answer;
  }

  #s3(method: string, url: URL, headers: CloudRequest['headers'], body: string): CloudAnswer {
    const [bucket = ''] = url.hostname.split('.s3.');
    const name = `s3 ${bucket} ${decodeURIComponent(url.pathname.slice(1))}`;
    if (!`${headers['authorization']}`.includes('Credential=AKIAFAKE/'))
      return problem('InvalidAccessKeyId', 403);
    if (bucket === 'missing') return problem('NoSuchBucket', 404);
    if (method === 'PUT') {
      if (bucket === 'read-only') return problem('AccessDenied', 403);
      const stamp = headers['x-amz-meta-sotto-source'];
      this.objects.set(name, { body, stamp: typeof stamp === 'string' ? stamp : undefined });
      return { status: 200, body: '' };
    }
    if (bucket === 'write-only') return { status: 403, body: '' };
    const held = this.objects.get(name);
    if (held === undefined) return { status: 404, body: '' };
    return {
      status: 200,
      headers: held.stamp === undefined ? {} : { 'x-amz-meta-sotto-source': held.stamp },
      body: '',
    };
  }

  #gcs(method: string, url: URL, authorization: string, type: string, body: string): CloudAnswer {
    const refusal = (status: number, message: string): CloudAnswer => ({
      status,
      body: JSON.stringify({ error: { code: status, message } }),
    });
    if (authorization !== `Bearer ${TOKEN}`) return refusal(401, `Invalid Credentials ${authorization}`);
    const bucket = decodeURIComponent(/\/b\/([^/]+)\/o/.exec(url.pathname)?.[1] ?? '');
    if (bucket === 'missing') return refusal(404, 'The specified bucket does not exist.');
    if (method === 'POST') {
      if (bucket === 'read-only') return refusal(403, 'ann does not have storage.objects.create access');
      const boundary = /boundary=(.*)$/.exec(type)?.[1] ?? '';
      const [about = '', content = ''] = body
        .split(`--${boundary}`)
        .slice(1, 3)
        .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4, -2));
      const { name, metadata } = JSON.parse(about);
      this.objects.set(`gcs ${bucket} ${name}`, { body: content, stamp: metadata['sotto-source'] });
      return { status: 200, body: '{}' };
    }
    if (bucket === 'write-only') return refusal(403, 'ann does not have storage.objects.get access');
    const held = this.objects.get(`gcs ${bucket} ${decodeURIComponent(url.pathname.split('/o/')[1] ?? '')}`);
    if (held === undefined) return refusal(404, 'No such object');
    return {
      status: 200,
      body: JSON.stringify(held.stamp === undefined ? {} : { metadata: { 'sotto-source': held.stamp } }),
    };
  }
}

function problem(code: string, status: number): CloudAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} it says</Message></Error>`,
  };
}

let cloud: Cloud;
let services: Services;
let session: Session;
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  cloud = await startCloud(['*.s3.eu-west-1.amazonaws.com', 'storage.googleapis.com']);
});
afterAll(() => cloud?.end());
beforeEach(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  services = new Services();
  cloud.answer = (request) => services.answer(request);
  session = await startSealedSession({ 'a.yaml': PLAIN });
  rules('s3');
});
afterEach(() => {
  vi.unstubAllEnvs();
  session?.end();
});

type Kind = 's3' | 'gcs';

function rules(kind: Kind, more: readonly string[] = [], bucket = 'secrets'): void {
  const lines = [`${kind}_bucket: ${bucket}`, `${kind}_prefix: prod/`, ...more];
  session.write('.sops.yaml', `destination_rules:\n  - ${lines.join('\n    ')}\n`);
}

/** The SDK of AWS reads the variables of the process. No secret is seen in what is said. */
async function publish(args: readonly string[], world: World = {}): Promise<Outcome> {
  const environment = {
    ...cloud.environment,
    SOPS_AGE_KEY_FILE: session.path('key.txt'),
    AWS_ACCESS_KEY_ID: 'AKIAFAKE',
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN,
    SOTTO_KMS_TIMEOUT: '5',
    HOME: session.folder,
    ...world.environment,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const outcome = await session.sotto(['publish', ...args], { wait: () => undefined, ...world, environment });
  for (const secret of [SECRET, TOKEN, UNIQUE]) expect(outcome.stdout + outcome.stderr).not.toContain(secret);
  return outcome;
}

const SILENCE: Outcome = { exit: 0, stdout: '', stderr: '' };
const CREATION = [`recreation_rule:`, `  age: ${BOB}`];

if (OPENSSL_MISSING !== undefined) console.log(`publish to buckets is not tested: ${OPENSSL_MISSING}`);

describe.skipIf(OPENSSL_MISSING !== undefined).each(['s3', 'gcs'] as const)('a bucket of %s', (kind) => {
  const object = (name = 'prod/a.yaml', bucket = 'secrets') =>
    services.objects.get(`${kind} ${bucket} ${name}`);
  const writes = (): number =>
    cloud.seen.slice(before).filter(({ method }) => /PUT|POST/.test(method)).length;
  let before = 0;
  beforeEach(() => {
    before = cloud.seen.length;
    rules(kind);
  });

  test('gets the encrypted file as it is, once, without a key', async () => {
    const environment = { SOPS_AGE_KEY_FILE: '/nowhere' };
    expect(await publish(['-y', 'a.yaml'], { environment })).toEqual(SILENCE);
    expect(object()?.body).toBe(session.read('a.yaml'));
    const { stdout } = await publish(['-y', '--json', 'a.yaml'], { environment });
    expect(JSON.parse(stdout)).toEqual([
      { file: 'a.yaml', url: `${kind}://secrets/prod/a.yaml`, status: 'unchanged' },
    ]);
    expect(writes()).toBe(1);
    await seal(session, { 'a.yaml': PLAIN });
    expect(await publish(['-y', 'a.yaml'])).toEqual(SILENCE);
    expect(object()?.body).toBe(session.read('a.yaml'));
  });

  test('keeps a byte order mark, names of folders, and odd names', async () => {
    mkdirSync(session.path('x'));
    mkdirSync(session.path('x/y z'));
    await seal(session, { 'x/y z/ü+?#.yaml': '\uFEFFa: é\n' });
    expect(await publish(['-y', '--recursive', '--omit-extensions', 'x'])).toMatchObject({
      exit: 0,
      stdout: '',
    });
    expect(object('prod/y z/ü+?#')?.body).toBe(session.read('x/y z/ü+?#.yaml'));
  });

  test('is refused a file that is not encrypted', async () => {
    session.write('a.yaml', PLAIN);
    expect(await publish(['-y', 'a.yaml'])).toMatchObject({ exit: 1 });
    expect(cloud.seen.length).toBe(before);
  });

  test('is asked about, with its address', async () => {
    const { exit, stdout, stderr } = await publish(['a.yaml'], { stdin: 'n\n' });
    expect(exit).toBe(1);
    expect(stdout + stderr).toContain(`a.yaml to ${kind}://secrets/prod/a.yaml ? (y/n): `);
    expect(writes()).toBe(0);
  });

  test('gets a copy for the readers of recreation_rule, in which nothing is as in the file', async () => {
    rules(kind, CREATION);
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining(`+++ ${BOB}\n--- age1`) });
    const copy = object()?.body ?? '';
    const tokens = (text: string) => text.match(/(?:data|iv|tag):[^,\]]+/g) ?? [];
    const own = new Set(tokens(session.read('a.yaml')));
    expect(tokens(copy).length).toBe(own.size);
    expect(tokens(copy).filter((token) => own.has(token))).toEqual([]);
    // What stands in clear stays so, and so do spelling and comments' places.
    expect(copy).toMatch(/^#ENC\[.*\nname: ENC\[.* #ENC\[.*\npassword: ENC\[.*\nport_unencrypted: 8080\n/);
    session.write('copy.yaml', copy);
    expect(await session.sotto(['decrypt', 'copy.yaml'])).toMatchObject({ exit: 128 });
    // A second time nothing is written, though another copy would have other tokens.
    expect((await publish(['-y', '--verbose', 'a.yaml'])).stderr).toContain('already up-to-date');
    expect(writes()).toBe(1);
    rules(kind, [...CREATION, '  encrypted_regex: ^password$']);
    expect((await publish(['-y', 'a.yaml'])).exit).toBe(0);
    expect(object()?.body).toMatch(
      /^# of the shop\nname: shop # inline\npassword: ENC\[.*\nport_unencrypted: 8080\n/,
    );
  });

  test('in which all is encrypted, as in a file of rops that names no selector', async () => {
    await seal(session, { 'a.toml': 'port_unencrypted = 8080\nname = "x"\n' });
    rules(kind, [...CREATION, '  encrypted_regex: .']);
    await publish(['-y', 'a.toml']);
    session.write('b.toml', (object('prod/a.toml')?.body ?? '').replace(/^encrypted_regex.*\n/m, ''));
    rules(kind, [`recreation_rule:`, `  age: ${ALICE}`]);
    const environment = { SOPS_AGE_KEY_FILE: join(VECTORS, 'keys', 'age-bob.txt') };
    expect(await publish(['-y', 'b.toml'], { environment })).toMatchObject({ exit: 0 });
    expect(object('prod/b.toml')?.body).toMatch(/^port_unencrypted = "ENC/);
  });

  test('which takes a key, and a MAC that holds', async () => {
    rules(kind, CREATION);
    expect(await publish(['-y', 'a.yaml'], { environment: { SOPS_AGE_KEY_FILE: '/nowhere' } })).toMatchObject(
      { exit: 128 },
    );
    session.write('a.yaml', session.read('a.yaml').replace('8080', '8081'));
    expect(await publish(['-y', 'a.yaml'])).toMatchObject({ exit: 51 });
    expect(writes()).toBe(0);
  });

  test.each([
    ['missing', /: 404 [\s\S]*check (?:s3|gcs)_bucket/],
    ['read-only', /: 403 [\s\S]*(?:s3:PutObject|objectUser)/],
  ])('that is %s is an error', async (bucket, said) => {
    rules(kind, [], bucket);
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringMatching(said) });
  });

  test('that may not be read is written each time, and that is said', async () => {
    rules(kind, [], 'write-only');
    for (const count of [1, 2]) {
      const { exit, stderr } = await publish(['-y', 'a.yaml']);
      expect({ exit, stderr }).toEqual({
        exit: 0,
        stderr: expect.stringContaining('even if nothing has changed'),
      });
      expect(writes()).toBe(count);
    }
  });

  test.each([
    ['throttles', [{ status: 429, body: '' }]],
    [
      'fails twice',
      [
        { status: 503, body: '' },
        { status: 500, body: '' },
      ],
    ],
    ['drops a connection', ['reset']],
  ] as const)('that %s is asked again', async (_, faults) => {
    services.faults.push(...faults);
    expect(await publish(['-y', 'a.yaml'])).toEqual(SILENCE);
    expect(writes()).toBe(1);
  });

  test('whose answer gets lost is not written twice', async () => {
    services.faults.push({ status: 404, body: '' }, 'lose');
    expect(await publish(['-y', 'a.yaml'])).toEqual(SILENCE);
    expect(writes()).toBe(1);
  });

  test('that hangs ends in time', async () => {
    services.faults.push('hang');
    const { exit, stderr } = await publish(['-y', 'a.yaml'], { environment: { SOTTO_KMS_TIMEOUT: '0.2' } });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('no answer in time') });
  });

  test('that goes on failing is an error that says so', async () => {
    services.faults.push(...Array.from({ length: 6 }, () => ({ status: 503, body: '' })));
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('503') });
    expect(writes()).toBe(0);
  });
});

describe.skipIf(OPENSSL_MISSING !== undefined)('who asks', () => {
  test('is not AWS, or has no account there', async () => {
    const wrong = await publish(['-y', 'a.yaml'], { environment: { AWS_ACCESS_KEY_ID: 'AKIAOTHER' } });
    expect(wrong).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('AWS does not take that access key'),
    });
    const nobody = await publish(['-y', 'a.yaml'], {
      environment: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    });
    expect(nobody.exit).toBe(1);
    expect(nobody.stderr).toMatch(/: AWS credentials: [^;\n]*\n[\s\S]*\nfix: log in \("aws sso login"\)/);
  });

  test('has a token that Google does not take, which nobody sees', async () => {
    rules('gcs');
    const { exit, stderr } = await publish(['-y', 'a.yaml'], {
      environment: { GOOGLE_OAUTH_ACCESS_TOKEN: `${TOKEN}-old` },
    });
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('gcloud auth application-default login'),
    });
  });

  test('has no file of credentials where Google is to find one, and is told once what to do', async () => {
    rules('gcs');
    const { exit, stderr } = await publish(['-y', 'a.yaml'], {
      environment: { GOOGLE_OAUTH_ACCESS_TOKEN: '', GOOGLE_APPLICATION_CREDENTIALS: 'nowhere.json' },
    });
    expect(exit).toBe(1);
    expect(stderr).toContain('nowhere.json does not exist\n');
    expect(stderr).toContain('fix: name the file of a service account, or of a login\n');
  });

  test.each([
    ['secrets/other', 'prod/', "shouldn't contain '/'"],
    // In an address that would be the bucket "other".
    ['secrets', '../other/', 'leads out of where it begins'],
    ['secrets', 'prod/./', 'leads out of where it begins'],
  ])('sends nothing to the bucket %s under %s', async (bucket, prefix, reason) => {
    session.write('.sops.yaml', `destination_rules: [{s3_bucket: ${bucket}, s3_prefix: ${prefix}}]`);
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('fix: nothing was sent: check s3_bucket');
    expect(services.objects.size).toBe(0);
  });

  test('says no region', async () => {
    const { exit, stderr } = await publish(['-y', 'a.yaml'], { environment: { AWS_REGION: '' } });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('set AWS_REGION') });
  });
});
