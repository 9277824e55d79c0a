import { SottoError } from '../errors.ts';

/** Bytes of the longest message: data keys have 32, what is wrapped for post-quantum or PGP keys a few thousand. */
export const LONGEST_MESSAGE = 65_536;

/** The package of gRPC, which is optional, and loaded when it is needed. @throws SottoError `dependency-missing` */
export async function loadGrpc(): Promise<typeof import('@grpc/grpc-js')> {
  try {
    return await import('@grpc/grpc-js');
  } catch (cause) {
    throw new SottoError(
      'dependency-missing',
      'key services need the package @grpc/grpc-js, which is not there',
      {
        hint: 'it is installed with sotto unless optional packages are left out: npm install @grpc/grpc-js beside sotto',
        cause,
      },
    );
  }
}
