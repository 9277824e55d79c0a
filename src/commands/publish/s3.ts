import type { S3Client } from '@aws-sdk/client-s3';
import { messageOf, SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { type AwsCredentials, accountFor } from '../../keys/aws/account.ts';
import { handlerOn } from '../../keys/aws/handler.ts';
import { quietly } from '../../keys/aws/sdk.ts';
import { NoAnswer } from '../../keys/http.ts';
import { KmsFailure } from '../../keys/kms-failure.ts';
import { inOldForm, loadPackage } from '../../keys/package.ts';
import { clean } from '../../keys/service-call.ts';
import { type Bucket, type BucketObject, type Held, STAMP } from './bucket.ts';
import { isPassing, RetryLater } from './retry.ts';

const PACKAGE = '@aws-sdk/client-s3@3.1164.0';

type Sdk = typeof import('@aws-sdk/client-s3');

/** The client of AWS for S3, with the account that AWS's own tools would take. It serves all buckets of a run. */
export class S3Service {
  readonly #io: Io;
  #connection: Promise<Connection> | undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  bucket(name: string, prefix: string): Bucket {
    return new S3Bucket(name, prefix, () => {
      this.#connection ??= connect(this.#io);
      return this.#connection;
    });
  }
}

interface Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly credentials: () => Promise<AwsCredentials>;
}

/** @throws Error with nothing secret in it */
async function connect(io: Io): Promise<Connection> {
  const sdk = await loadPackage(
    [PACKAGE],
    inOldForm('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3')),
  );
  const requestHandler = handlerOn(io);
  const region = io.environment['AWS_REGION'] || io.environment['AWS_DEFAULT_REGION'];
  const found = await quietly(() => new sdk.S3Client(region ? { region } : {})).config.region();
  const account = await accountFor('', '', { region: found, requestHandler }, io);
  const client = new sdk.S3Client({
    region: found,
    requestHandler,
    credentials: account.credentials,
    // Attempts begin with what is there.
    maxAttempts: 1,
    followRegionRedirects: true,
  });
  return { sdk, client, credentials: account.credentials };
}

/** A bucket of AWS S3, or of a service that speaks its protocol (`AWS_ENDPOINT_URL_S3`). */
class S3Bucket implements Bucket {
  readonly #name: string;
  readonly #prefix: string;
  readonly #connect: () => Promise<Connection>;

  constructor(name: string, prefix: string, connect: () => Promise<Connection>) {
    this.#name = name;
    this.#prefix = prefix;
    this.#connect = connect;
  }

  urlOf(name: string): string {
    return `s3://${this.#name}/${this.#prefix}${name}`;
  }

  async read(name: string): Promise<Held> {
    return this.#ask('GET', name, async ({ sdk, client }, place) => {
      try {
        const { Metadata: metadata } = await client.send(new sdk.HeadObjectCommand(place));
        return { stamp: metadata?.[STAMP] };
      } catch (error) {
        const status = statusOf(error);
        if (status === 404) return 'nothing';
        if (status === 403) return 'unreadable';
        throw error;
      }
    });
  }

  async write({ name, text, stamp }: BucketObject): Promise<void> {
    await this.#ask('PUT', name, ({ sdk, client }, place) =>
      client.send(
        new sdk.PutObjectCommand({ ...place, Body: Buffer.from(text), Metadata: { [STAMP]: stamp } }),
      ),
    );
  }

  async #ask<Answer>(
    method: string,
    name: string,
    work: (
      connection: Connection,
      place: { readonly Bucket: string; readonly Key: string },
    ) => Promise<Answer>,
  ): Promise<Answer> {
    const secrets: string[] = [];
    const failure = (error: unknown): SottoError =>
      new SottoError('publish-failed', `${method} ${this.urlOf(name)}: ${saidBy(error, secrets)}`, {
        hint: hintOn(error),
      });
    try {
      const connection = await this.#connect();
      const { secretAccessKey, sessionToken } = await connection.credentials();
      secrets.push(secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken]));
      return await work(connection, { Bucket: this.#name, Key: `${this.#prefix}${name}` });
    } catch (error) {
      throw mayPass(error) ? new RetryLater(failure(error)) : failure(error);
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswer) return error.isPassing;
  const skew: unknown = metadataOf(error, 'clockSkewCorrected');
  return skew === true || isPassing(statusOf(error));
}

function statusOf(error: unknown): number {
  const status: unknown = metadataOf(error, 'httpStatusCode');
  return typeof status === 'number' ? status : 0;
}

function metadataOf(error: unknown, field: string): unknown {
  const metadata: unknown = error instanceof Error ? Reflect.get(error, '$metadata') : undefined;
  return typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, field) : undefined;
}

function saidBy(error: unknown, secrets: readonly string[]): string {
  const status = statusOf(error);
  const parts =
    status === 0 || !(error instanceof Error)
      ? [error instanceof KmsFailure ? error.reason : messageOf(error)]
      : [`${status}`, error.name, error.message].filter((part) => part !== 'UnknownError');
  return clean(parts.join(' '), secrets);
}

function hintOn(error: unknown): string {
  if (error instanceof KmsFailure && error.advice !== undefined) return error.advice;
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error);
  if (/Region (?:is missing|not accepted)/.test(message)) return 'set AWS_REGION to the region of the bucket';
  if (name === 'NoSuchBucket') return 'check s3_bucket: there is no bucket of that name';
  if (/Skewed|expired/i.test(`${name} ${message}`))
    return /Skewed/.test(name) ? 'check the clock of this machine' : 'log in again ("aws sso login")';
  if (/AccessKeyId|SignatureDoesNotMatch/.test(name))
    return 'AWS does not take that access key: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE';
  if (statusOf(error) === 403)
    return 'the policies of who asks and of the bucket have to allow s3:PutObject, and s3:GetObject so that nothing is written twice';
  if (error instanceof NoAnswer)
    return 'check the network, AWS_REGION and AWS_ENDPOINT_URL_S3, and the proxy if there is one (HTTPS_PROXY, NO_PROXY)';
  if (statusOf(error) === 0) return 'nothing was sent: check s3_bucket, s3_prefix, and the variables of AWS';
  return 'see what the service says; later it may take it';
}
