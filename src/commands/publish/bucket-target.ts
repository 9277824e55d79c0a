import type { CreationRule, Destination } from '../../config/config.ts';
import type { Warning } from '../../core/splice/warning.ts';
import type { Io } from '../../io/io.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { type Bucket, putInto } from './bucket.ts';
import { copyOf } from './copy.ts';
import type { S3Service } from './s3.ts';
import type { Target } from './target.ts';

type BucketDestination = Destination & { readonly kind: 's3' | 'gcs' };

/** A file that goes into a bucket. */
export interface BucketItem {
  readonly file: string;
  /** Behind the rule's prefix, with slashes. */
  readonly name: string;
  readonly destination: BucketDestination;
  readonly recreation: CreationRule | undefined;
}

/** What serves all buckets of a run. */
export interface BucketTools extends Tools {
  /** Set by whoever needs it first: accounts are kept. */
  s3: S3Service | undefined;
}

/** A file, or a copy of it for other readers, as an object in a bucket. */
export async function bucketTarget(
  { file, name, destination, recreation }: BucketItem,
  options: CommonOptions,
  tools: BucketTools,
  io: Io,
): Promise<Target> {
  const bucket = await bucketOf(destination, tools, io);
  return {
    url: bucket.urlOf(name),
    prepare: async () => {
      const { stamp, plan, text, warnings } = await copyOf(file, recreation, options, tools, io);
      const warn = (warning: Warning): void => options.warn({ file, ...warning });
      return { warnings, plan, put: () => putInto(bucket, { name, text, stamp }, io, warn) };
    },
  };
}

async function bucketOf(
  { kind, bucket, prefix }: BucketDestination,
  tools: BucketTools,
  io: Io,
): Promise<Bucket> {
  if (kind === 'gcs') {
    const { GcsBucket } = await import('./gcs.ts');
    return new GcsBucket(bucket, prefix, io);
  }
  const { S3Service } = await import('./s3.ts');
  tools.s3 ??= new S3Service(io);
  return tools.s3.bucket(bucket, prefix);
}
