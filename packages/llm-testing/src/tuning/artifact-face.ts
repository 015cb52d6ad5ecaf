import { createHash } from "node:crypto";
import { isRecord } from "@babylon/llm-core";
import { type Face, type FaceReply, type FaceRequest, jsonOf, refusal } from "./face.ts";

/** An artifact of the simulator. */
export interface SimulatedArtifact {
  readonly id: string;
  readonly collection: string;
  readonly type: string;
  readonly digest: string;
  readonly metadata: unknown;
  /** `null` until it is committed. */
  version: number | null;
}

/** W&B's artifacts: GraphQL, and a storage that takes the files. */
export interface ArtifactFace {
  readonly graphql: Face;
  readonly storage: Face;
  readonly artifacts: readonly SimulatedArtifact[];
  /** The examples of a version; `null`: there is no such version. */
  contentOf(url: string): string | null;
}

interface Upload {
  readonly md5: string;
  readonly of: "file" | "manifest";
  readonly artifact: string;
  readonly name: string;
  content: Buffer | null;
}

const md5Of = (content: string | Buffer): string => createHash("md5").update(content).digest("base64");

/** Creates the faces. `storageURL` is the prefix of addresses for uploads. */
export function createArtifactFace(key: string, storageURL: () => string): ArtifactFace {
  const artifacts: SimulatedArtifact[] = [];
  const clients = new Map<string, SimulatedArtifact>();
  const runs = new Set<string>();
  const uploads = new Map<string, Upload>();
  /** By MD5, over all artifacts: content that is stored already is not uploaded again. */
  const stored = new Map<string, Buffer>();
  let number = 0;

  const failed = (message: string): FaceReply => ({ status: 200, body: { errors: [{ message }], data: null } });
  const done = (data: unknown): FaceReply => ({ status: 200, body: { data } });
  const artifactOf = (id: unknown): SimulatedArtifact | undefined => artifacts.find((artifact) => artifact.id === id);

  function newUpload(upload: Omit<Upload, "content">): {
    readonly uploadUrl: string;
    readonly uploadHeaders: readonly string[];
  } {
    const id = `u${++number}`;
    uploads.set(id, { ...upload, content: null });
    return {
      uploadUrl: `${storageURL()}/${id}?signature=s3cr3t`,
      uploadHeaders: [`Content-MD5:${upload.md5}`, "x-amz-acl:private"],
    };
  }

  /** By the name of the mutation. A missing variable is an error, as it is there. */
  const MUTATIONS: Readonly<Record<string, (variables: Readonly<Record<string, unknown>>) => FaceReply>> = {
    UpsertBucket({ entity, project, name }) {
      runs.add(`${entity}/${project}/${name}`);
      return done({ upsertBucket: { bucket: { id: `run ${name}`, name } } });
    },
    CreateArtifact({ entity, project, run, type, collection, digest, metadata, clientID, sequenceClientID }) {
      if (!runs.has(`${entity}/${project}/${run}`)) return failed(`run ${run} not found`);
      if (typeof sequenceClientID !== "string" || typeof clientID !== "string") return failed("clientID is required");
      if (typeof digest !== "string" || !/^[0-9a-f]{32}$/.test(digest)) return failed("invalid digest");
      const url = `${entity}/${project}/${collection}`;
      const known =
        clients.get(clientID) ??
        artifacts.find((one) => one.collection === url && one.digest === digest && one.version !== null);
      const artifact: SimulatedArtifact = known ?? {
        id: `a${++number}`,
        collection: url,
        type: String(type),
        digest,
        metadata: jsonOf(Buffer.from(String(metadata))),
        version: null,
      };
      if (known === undefined) artifacts.push(artifact);
      if (artifact.digest !== digest) return failed("clientID is in use for other content");
      clients.set(clientID, artifact);
      const state = artifact.version === null ? "PENDING" : "COMMITTED";
      return done({ createArtifact: { artifact: { id: artifact.id, state, versionIndex: artifact.version } } });
    },
    CreateArtifactManifest({ artifact, name, digest, upload }) {
      const found = artifactOf(artifact);
      if (found === undefined || found.version !== null) return failed("artifact not found, or committed");
      if (name !== "wandb_manifest.json") return failed("unknown manifest");
      const id = `m ${found.id}`;
      if (upload !== true) return done({ createArtifactManifest: { artifactManifest: { id } } });
      if (typeof digest !== "string" || digest === "") return failed("a manifest that is uploaded has a digest");
      const file = newUpload({ md5: digest, of: "manifest", artifact: found.id, name });
      return done({ createArtifactManifest: { artifactManifest: { id, file: { id: "f", ...file } } } });
    },
    CreateArtifactFiles({ files }) {
      const specs = Array.isArray(files) ? files.filter(isRecord) : [];
      const edges = specs.map(({ artifactID, artifactManifestID, name, md5 }) => {
        if (artifactManifestID !== `m ${artifactID}` || typeof md5 !== "string") return null;
        const place = { md5, of: "file", artifact: String(artifactID), name: String(name) } as const;
        const content = stored.get(md5);
        if (content !== undefined) uploads.set(`u${++number}`, { ...place, content });
        const upload = content === undefined ? newUpload(place) : { uploadUrl: null, uploadHeaders: [] };
        return { node: { storagePath: `p/${md5}`, ...upload, artifact: { id: artifactID } } };
      });
      if (edges.length === 0 || edges.includes(null)) return failed("files without their manifest");
      return done({ createArtifactFiles: { files: { edges } } });
    },
    CommitArtifact({ artifact }) {
      const found = artifactOf(artifact);
      if (found === undefined) return failed("artifact not found");
      const problem = commitProblem(found);
      if (problem !== null) return failed(problem);
      found.version ??= artifacts.filter((one) => one.collection === found.collection && one.version !== null).length;
      return done({
        commitArtifact: { artifact: { id: found.id, digest: found.digest, versionIndex: found.version } },
      });
    },
  };

  function uploadsOf(artifact: string, of: Upload["of"]): readonly Upload[] {
    return [...uploads.values()].filter(
      (upload) => upload.artifact === artifact && upload.of === of && upload.content !== null,
    );
  }

  /** Files, manifest and digest have to fit together. */
  function commitProblem({ id, digest }: SimulatedArtifact): string | null {
    const manifest = jsonOf(uploadsOf(id, "manifest").at(-1)?.content ?? Buffer.from(""));
    const contents = isRecord(manifest) && isRecord(manifest.contents) ? manifest.contents : undefined;
    if (contents === undefined) return "the manifest was not uploaded";
    const entries = Object.entries(contents).toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, entry] of entries) {
      const file = uploadsOf(id, "file").find((upload) => upload.name === name);
      if (file?.content == null) return `${name} was not uploaded`;
      const isRight = isRecord(entry) && entry.digest === file.md5 && entry.size === file.content.length;
      if (!isRight) return `the manifest does not describe ${name}`;
    }
    const text = entries.map(([name, entry]) => `${name}:${isRecord(entry) ? entry.digest : ""}\n`).join("");
    const own = createHash("md5").update(`wandb-artifact-manifest-v1\n${text}`).digest("hex");
    return own === digest ? null : "the digest of the artifact is not that of its manifest";
  }

  return {
    artifacts,
    graphql({ method, headers, body }: FaceRequest) {
      if (method !== "POST") return null;
      const expected = `Basic ${Buffer.from(`api:${key}`).toString("base64")}`;
      if (headers.authorization !== expected) return refusal(401, "user is not logged in");
      const ask = jsonOf(body);
      const query = isRecord(ask) ? String(ask.query) : "";
      const [, name = "", declared = ""] = /^\s*mutation (\w+)\s*\(([^)]*)\)/.exec(query) ?? [];
      const mutation = MUTATIONS[name];
      const variables = isRecord(ask) && isRecord(ask.variables) ? ask.variables : {};
      if (mutation === undefined) return { status: 400, body: { errors: [{ message: "unknown operation" }] } };
      const missing = [...declared.matchAll(/\$(\w+):[^,$]*!/g)]
        .map(([, one = ""]) => one)
        .find((one) => variables[one] == null);
      return missing === undefined ? mutation(variables) : failed(`variable $${missing} is required`);
    },
    storage({ method, path, query, headers, body }: FaceRequest) {
      const upload = uploads.get(path.slice(1));
      if (method !== "PUT" || upload === undefined) return null;
      if (headers.authorization !== undefined) return refusal(400, "only one authorization is allowed");
      if (query.get("signature") !== "s3cr3t") return refusal(403, "the signature is wrong");
      if (headers["content-md5"] !== upload.md5 || headers["x-amz-acl"] !== "private")
        return refusal(403, "headers are not those that were signed");
      if (md5Of(body) !== upload.md5) return refusal(400, "BadDigest");
      upload.content = body;
      if (upload.of === "file") stored.set(upload.md5, body);
      return { status: 200, body: null };
    },
    contentOf(url) {
      const [, collection, version] = /^wandb-artifact:\/\/\/(.+):v(\d+)$/.exec(url) ?? [];
      const found = artifacts.find((one) => one.collection === collection && String(one.version) === version);
      return found === undefined ? null : (uploadsOf(found.id, "file").at(-1)?.content?.toString("utf8") ?? null);
    },
  };
}
