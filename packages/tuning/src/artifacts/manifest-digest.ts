import { createHash } from "node:crypto";

/** A file of an artifact. */
export interface ManifestEntry {
  readonly path: string;
  /** MD5 of the content, base64. */
  readonly md5: string;
  readonly bytes: number;
}

/**
 * The digest of a W&B artifact: MD5 of its sorted files and their digests, hexadecimal (wandb/wandb, `core/pkg/artifacts/manifest.go`, 2026-08). Equal
 * content has an equal digest, whatever the artifact is called.
 */
export function manifestDigest(entries: readonly ManifestEntry[]): string {
  const digest = createHash("md5").update("wandb-artifact-manifest-v1\n");
  for (const { path, md5 } of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) digest.update(`${path}:${md5}\n`);
  return digest.digest("hex");
}

/** The manifest of an artifact with new files, as it is uploaded. */
export function manifestText(entries: readonly ManifestEntry[], birthArtifactID: string): string {
  const contents = entries
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, md5, bytes }) => [path, { digest: md5, birthArtifactID, size: bytes }] as const);
  return JSON.stringify({
    version: 1,
    storagePolicy: "wandb-storage-policy-v1",
    storagePolicyConfig: { storageLayout: "V2" },
    contents: Object.fromEntries(contents),
  });
}
