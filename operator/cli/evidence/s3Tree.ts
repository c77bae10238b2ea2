/** A bucket as what is verified. */
import { Failure, type Io } from '../command.ts';
import type { Tree } from '../../evidence/verify/tree.ts';
import type { PlaceFlags } from './verify.ts';

export function s3Tree(_: PlaceFlags, __: Io): Promise<Tree> {
  return Promise.reject(new Failure('S3 cannot be read by this version; copy the objects to a directory.'));
}
