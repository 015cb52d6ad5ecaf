import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { type Clock, invalidInput, isRecord, type JsonObject, systemClock } from "@babylon/llm-core";
import type { ArtifactStore, UploadOrder } from "../contract/artifact-store.ts";
import { TuningError } from "../contract/tuning-error.ts";
import { createVendorHttp, type VendorHttp } from "../trainer/vendor-http.ts";
import { COMMIT_ARTIFACT, CREATE_ARTIFACT, CREATE_FILES, CREATE_MANIFEST, UPSERT_RUN } from "./artifact-mutations.ts";
import { manifestDigest, manifestText } from "./manifest-digest.ts";

/** Options of {@link wandbArtifacts}. */
export interface WandbArtifactsOptions {
  /** The team at W&B. */
  readonly entity: string;
  readonly project: string;
  readonly apiKey: string;
  /** Default `https://api.wandb.ai`. */
  readonly baseURL?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** From 0 to below 1, for jitter of repeated requests. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** From this size on W&B wants several parts. */
const MOST_BYTES = 2 * 1024 ** 3;
const RETRIES = 4;
const MANIFEST_NAME = "wandb_manifest.json";
/** The name of the file that W&B's own client uploads. */
const FILE_NAME = "train.jsonl";
const UPLOAD_TIMEOUT_MS = 30 * 60_000;

/**
 * Artifacts of W&B. **Unofficial**: W&B documents no HTTP for them, only its Python client; this follows the requests of its open source
 * (`wandb/wandb`, `core/pkg/artifacts`, 2026-08) and may stop working. `directory()` and `existing()` are the ways around it. Every request may be
 * repeated: equal content is one version.
 */
export function wandbArtifacts(options: WandbArtifactsOptions): ArtifactStore {
  const { entity, project, apiKey, fetch = globalThis.fetch, clock = systemClock, random = Math.random } = options;
  if (typeof apiKey !== "string" || apiKey === "") throw invalidInput("apiKey", "a key");
  const url = `${(options.baseURL ?? "https://api.wandb.ai").replace(/\/+$/, "")}/graphql`;
  const parts = { vendor: "W&B", secrets: [apiKey], fetch, clock, random };
  const authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}`;
  const api = createVendorHttp({ ...parts, headers: { authorization } });
  // Storage has addresses of its own, and must not get the key.
  const storage = createVendorHttp({ ...parts, headers: {} });
  return { put: (order) => put(order, { entity, project, storage, ask: createAsk(api, url, order.abortSignal) }) };
}

/** Runs a mutation and returns the object at a path of its data. */
type Ask = (query: string, variables: JsonObject, ...path: readonly string[]) => Promise<Record<string, unknown>>;

interface Uploading {
  readonly entity: string;
  readonly project: string;
  readonly storage: VendorHttp;
  readonly ask: Ask;
}

function createAsk(api: VendorHttp, url: string, abortSignal: AbortSignal | undefined): Ask {
  return async (query, variables, ...path) => {
    const reply = await api({ method: "POST", url, json: { query, variables }, retries: RETRIES, abortSignal });
    const errors = isRecord(reply) ? reply.errors : undefined;
    if (Array.isArray(errors) && errors.length > 0) {
      const messages = errors.map((error) => (isRecord(error) ? String(error.message) : "?")).join("; ");
      throw new TuningError("refused", `W&B refused ${path[0] ?? "a mutation"}: ${messages.slice(0, 400)}`);
    }
    let value: unknown = isRecord(reply) ? reply.data : undefined;
    for (const name of path) value = isRecord(value) ? value[name] : undefined;
    if (!isRecord(value)) throw new TuningError("protocol", `W&B answered without ${path.join(".")}`);
    return value;
  };
}

async function put(
  { name, uploadId, file, facts, abortSignal }: UploadOrder,
  uploading: Uploading,
): Promise<{ readonly dataURL: string }> {
  const { entity, project, ask, storage } = uploading;
  if (facts.bytes >= MOST_BYTES) throw invalidInput("dataset", "fewer than 2 GiB of training data");
  if (facts.bytes === 0) throw invalidInput("dataset", "at least one example for training");
  const entries = [{ path: FILE_NAME, md5: facts.md5, bytes: facts.bytes }];
  const digest = manifestDigest(entries);
  // Ids that a repeated upload has again: a crash leaves no second artifact.
  const run = `babylon-${idOf(uploadId, 12)}`;
  await ask(UPSERT_RUN, { entity, project, name: run }, "upsertBucket", "bucket");
  const created = await ask(
    CREATE_ARTIFACT,
    {
      entity,
      project,
      type: "dataset",
      collection: name,
      run,
      digest,
      metadata: JSON.stringify({ format: "jsonl", num_trajectories: facts.lines }),
      clientID: idOf(`${uploadId} artifact`, 64),
      sequenceClientID: idOf(`${name} sequence`, 64),
    },
    "createArtifact",
    "artifact",
  );
  const artifact = textOf(created.id, "createArtifact.artifact.id");
  const dataURL = (version: unknown): { readonly dataURL: string } => {
    if (typeof version !== "number")
      throw new TuningError("protocol", "W&B answered without the version of the artifact");
    // Never `:latest`, which moves.
    return { dataURL: `wandb-artifact:///${entity}/${project}/${name}:v${version}` };
  };
  if (created.state === "COMMITTED") return dataURL(created.versionIndex);

  const names = { artifact, name: MANIFEST_NAME, entity, project, run };
  const manifestPath = ["createArtifactManifest", "artifactManifest"];
  const empty = await ask(CREATE_MANIFEST, { ...names, digest: "", upload: false }, ...manifestPath);
  const spec = {
    artifactID: artifact,
    name: FILE_NAME,
    md5: facts.md5,
    artifactManifestID: textOf(empty.id, "artifactManifest.id"),
  };
  const { edges } = await ask(CREATE_FILES, { files: [spec] }, "createArtifactFiles", "files");
  const node = Array.isArray(edges) && isRecord(edges[0]) && isRecord(edges[0].node) ? edges[0].node : undefined;
  if (node === undefined) throw new TuningError("protocol", "W&B answered without the file of the artifact");
  // Without a URL the content is stored already.
  if (node.uploadUrl !== null) await upload(storage, node, await openAsBlob(file), abortSignal);

  const birth = isRecord(node.artifact) ? textOf(node.artifact.id, "artifact.id") : artifact;
  const manifest = manifestText(entries, birth);
  const manifestMd5 = createHash("md5").update(manifest).digest("base64");
  const stored = await ask(CREATE_MANIFEST, { ...names, digest: manifestMd5, upload: true }, ...manifestPath);
  if (!isRecord(stored.file)) throw new TuningError("protocol", "W&B answered without the file of the manifest");
  await upload(storage, stored.file, new Blob([manifest]), abortSignal);
  const committed = await ask(COMMIT_ARTIFACT, { artifact }, "commitArtifact", "artifact");
  return dataURL(committed.versionIndex);
}

async function upload(
  storage: VendorHttp,
  { uploadUrl, uploadHeaders }: Readonly<Record<string, unknown>>,
  body: Blob,
  abortSignal: AbortSignal | undefined,
): Promise<void> {
  const url = textOf(uploadUrl, "uploadUrl");
  // Headers are a list of "name:value".
  const lines = Array.isArray(uploadHeaders) ? uploadHeaders.filter((line) => typeof line === "string") : [];
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  await storage({ method: "PUT", url, body, headers, retries: RETRIES, abortSignal, timeoutMs: UPLOAD_TIMEOUT_MS });
}

function textOf(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TuningError("protocol", `W&B answered without ${what}`);
}

const idOf = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);
