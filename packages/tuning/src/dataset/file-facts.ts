/** Size and digests of a file. */
export interface FileFacts {
  readonly lines: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Base64, as W&B's manifests have it. */
  readonly md5: string;
}
