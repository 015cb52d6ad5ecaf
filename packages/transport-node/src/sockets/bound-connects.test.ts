import { describe, expect, it } from "vitest";
import type { NodeSocket } from "../built-in.ts";
import type { ConnectOptions, OpenSocket } from "../connections/pool.ts";
import { boundConnects } from "./bound-connects.ts";

const to = (host: string): ConnectOptions => ({ protocol: "https:", host, hostname: host, port: "" });
const socket = {} as NodeSocket;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Opens no connection: the test establishes or refuses each one. */
function manual() {
  const opening: { host: string; finish: (error: unknown) => void }[] = [];
  const open: OpenSocket = (options, callback) => {
    const entry = {
      host: options.host,
      finish(error: unknown) {
        if (!opening.includes(entry)) return;
        opening.splice(opening.indexOf(entry), 1);
        callback(error, error === null ? socket : null);
      },
    };
    opening.push(entry);
    return entry.finish;
  };
  return { open, opening };
}

function ask(open: OpenSocket, host: string, times: number) {
  return Array.from({ length: times }, () => {
    const connect: { outcome: unknown; giveUp: (reason: unknown) => void } = { outcome: "open", giveUp: () => {} };
    connect.giveUp = open(to(host), (error) => {
      connect.outcome = error;
    });
    return connect;
  });
}

describe("concurrent connects", () => {
  it("are limited per origin; the others follow in order", async () => {
    const { open, opening } = manual();
    const connects = ask(boundConnects(open, 2), "a", 5);
    expect(opening).toHaveLength(2);
    for (let done = 1; done <= 5; done += 1) {
      opening[0]?.finish(null);
      await turn();
      expect(connects.map(({ outcome }) => outcome)).toEqual([
        ...Array<null>(done).fill(null),
        ...Array<string>(5 - done).fill("open"),
      ]);
      expect(opening).toHaveLength(Math.min(2, 5 - done));
    }
  });

  it("do not delay connects to another origin", () => {
    const { open, opening } = manual();
    const bounded = boundConnects(open, 2);
    ask(bounded, "a", 5);
    ask(bounded, "b", 5);
    expect(opening.map(({ host }) => host)).toEqual(["a", "a", "b", "b"]);
  });

  it("free their slot when they fail or are canceled", async () => {
    const { open, opening } = manual();
    const [first, second, third] = ask(boundConnects(open, 1), "a", 3);
    opening[0]?.finish("refused");
    await turn();
    second?.giveUp("left");
    await turn();
    opening[0]?.finish(null);
    expect([first, second, third].map((connect) => connect?.outcome)).toEqual(["refused", "left", null]);
  });

  it("do not start when they were canceled while queued", async () => {
    const { open, opening } = manual();
    const connects = ask(boundConnects(open, 1), "a", 50);
    let begun = 0;
    for (const { giveUp } of connects) {
      giveUp("left");
      begun = Math.max(begun, opening.length);
    }
    await turn();
    expect([begun, opening.length]).toEqual([0, 0]);
    expect(connects.every(({ outcome }) => outcome === "left")).toBe(true);
  });
});
