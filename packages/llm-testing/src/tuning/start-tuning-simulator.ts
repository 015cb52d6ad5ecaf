import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SIMULATED_KEYS } from "../simulator/server/simulated-keys.ts";
import { createArtifactFace, type SimulatedArtifact } from "./artifact-face.ts";
import type { Face, FaceReply, FaceRequest } from "./face.ts";
import { createTrainingFace, type SimulatedJob, type SimulatedModel } from "./training-face.ts";

/** What happens to the connection of a request: it is cut before it is read, after its work is done and before its reply, or in its reply. */
export type Cut = "before" | "after" | "within";

/** Options of a tuning simulator. */
export interface TuningSimulatorOptions {
  /** Models that can be trained. Default: two of W&B's. */
  readonly baseModels?: readonly string[] | undefined;
  /** Events that are added at each question for them. Default 5. */
  readonly stepsPerPoll?: number | undefined;
  /** Steps of each job. Default: those of its data and configuration. */
  readonly steps?: number | undefined;
  /** Jobs fail after this step. Default: they end. */
  readonly failAfter?: number | undefined;
}

/** W&B's training and artifacts on loopback. */
export interface TuningSimulator {
  /** For `wandbTrainer({ baseURL })`. */
  readonly trainingURL: string;
  /** For `wandbArtifacts({ baseURL })`. */
  readonly artifactsURL: string;
  readonly apiKey: string;
  readonly models: readonly SimulatedModel[];
  readonly jobs: readonly SimulatedJob[];
  readonly artifacts: readonly SimulatedArtifact[];
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** Cuts connections of requests; return `null` for the others. `path` begins with `/training`, `/graphql` or `/storage`. */
  cut(choose: ((method: string, path: string) => Cut | null) | null): void;
  /** Whether a model is a checkpoint of a job that has ended: for the `adapters` of the provider simulator. */
  isServed(model: string): boolean;
  /** Closes all connections and stops. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const BASE_MODELS = ["meta-llama/Llama-3.1-8B-Instruct", "OpenPipe/Qwen3-14B-Instruct"];

/**
 * Starts W&B's training and artifacts on a free port of loopback. It is strict where the vendor is: unknown fields, aliases that move, wrong digests,
 * artifacts that were not committed and examples that cannot be trained on are refused; a repeated start is a second job.
 */
export async function startTuningSimulator(options: TuningSimulatorOptions = {}): Promise<TuningSimulator> {
  const key = SIMULATED_KEYS.wandb;
  const requests: string[] = [];
  let chooseCut: ((method: string, path: string) => Cut | null) | null = null;
  let url = "";
  const artifacts = createArtifactFace(key, () => `${url}/storage`);
  const training = createTrainingFace({
    key,
    baseModels: options.baseModels ?? BASE_MODELS,
    contentOf: artifacts.contentOf,
    stepsPerPoll: options.stepsPerPoll ?? 5,
    steps: options.steps,
    failAfter: options.failAfter,
  });
  const faces: readonly (readonly [prefix: string, face: Face])[] = [
    ["/training/v1", training.face],
    ["/graphql", artifacts.graphql],
    ["/storage", artifacts.storage],
  ];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback");
    const method = request.method ?? "GET";
    requests.push(`${method} ${pathname}`);
    const cut = chooseCut?.(method, pathname) ?? null;
    if (cut === "before") return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const found = faces.find(([prefix]) => pathname === prefix || pathname.startsWith(`${prefix}/`));
    const path = pathname.slice(found?.[0].length ?? 0);
    const ask: FaceRequest = {
      method,
      path,
      query: searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    const reply: FaceReply = found?.[1](ask) ?? { status: 404, body: { detail: "Not Found" } };
    if (cut === "after") return void request.socket.destroy();
    const text = reply.body === null ? "" : JSON.stringify(reply.body);
    response.writeHead(reply.status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    if (cut !== "within") return void response.end(text);
    response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy());
  }

  const server = createServer((request, response) => {
    // A client that goes away while it sends is not answered.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an `AddressInfo`.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    trainingURL: `${url}/training/v1`,
    artifactsURL: url,
    apiKey: key,
    models: training.models,
    jobs: training.jobs,
    artifacts: artifacts.artifacts,
    requests,
    cut(choose) {
      chooseCut = choose;
    },
    isServed: training.isServed,
    close,
    [Symbol.asyncDispose]: close,
  };
}
