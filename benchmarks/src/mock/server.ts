/**
 * The mock server of all measurements, in a separate process. The first path segment selects its behaviour, so that every library can
 * select it by the base URL. It prints its port, and exits with its parent.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CHUNKS, CLAUDE, OPENAI, PACED_CHUNKS, type Wire } from "./wire.ts";

const IN_FLIGHT = Number(process.argv[2]);

/** The delay between the first chunk of `first` and the rest, in milliseconds. */
const REST_AFTER_MS = 5;

/** Between two tokens of `paced`, in milliseconds: 50 tokens a second, as fast models write. */
const APART_MS = 20;

type Behaviour = (response: ServerResponse, wire: Wire) => void;

function json(response: ServerResponse, wire: Wire): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(wire.json) });
  response.end(wire.json);
}

function fail(response: ServerResponse, { error }: Wire): void {
  response.writeHead(500, { "content-type": "application/json", "content-length": Buffer.byteLength(error) });
  response.end(error);
}

function begin(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
}

function burst(response: ServerResponse, { begin: head, chunk, end }: Wire): void {
  begin(response).end(head + chunk.repeat(CHUNKS) + end);
}

/** Sends one token at a time, at the pace of a model. */
function paced(response: ServerResponse, { begin: head, chunk, end }: Wire): void {
  begin(response).write(head);
  let left = PACED_CHUNKS;
  const timer = setInterval(() => {
    if (left > 0) response.write(chunk);
    else response.end(end);
    left -= 1;
    if (left < 0) clearInterval(timer);
  }, APART_MS);
  response.once("close", () => clearInterval(timer));
}

function first(response: ServerResponse, { begin: head, chunk, end }: Wire): void {
  begin(response).write(head + chunk);
  setTimeout(() => response.end(end), REST_AFTER_MS);
}

let held: (() => void)[] = [];
/** Answers when all requests have arrived. */
function hold(response: ServerResponse, wire: Wire): void {
  held.push(() => json(response, wire));
  if (held.length < IN_FLIGHT) return;
  const all = held;
  held = [];
  for (const answer of all) answer();
}

let state = 7;
/** Seeded random numbers (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** One request in twenty fails: every other one of them by a reset. */
function flaky(response: ServerResponse, wire: Wire): void {
  const drawn = random();
  if (drawn < 0.025) response.socket?.resetAndDestroy();
  else if (drawn < 0.05) fail(response, wire);
  else json(response, wire);
}

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  json,
  fail,
  burst,
  paced,
  first,
  hold,
  flaky,
  silent: () => {},
};

const server = createServer((request, response) => {
  const [, name = ""] = (request.url ?? "").split("/", 2);
  const wire = request.url?.endsWith("/messages") === true ? CLAUDE : OPENAI;
  request.resume().once("end", () => BEHAVIOURS[name]?.(response, wire));
});
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: "127.0.0.1", backlog: 20_000 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once("end", () => process.exit());
