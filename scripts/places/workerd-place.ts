import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { checkService } from "./check-service.ts";
import type { Place } from "./place.ts";

/** A port that was free a moment ago: workerd does not say which one it got. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** One worker, with the variables as text bindings and access to loopback. */
function configOf(port: number, env: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(env).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
  bindings = [${bindings.join(", ")}],
);
`;
}

/** A worker with the entry without stores, bundled for workers, without Node modules. */
export const WORKERD_PLACE: Place = {
  name: "workerd",
  app: "services",
  async check({ scratch, simulator, run, start }) {
    const conditions = "--conditions=workerd,worker,browser";
    const outfile = `--outfile=${join(scratch, "worker.js")}`;
    await run("esbuild", ["worker.js", "--bundle", "--format=esm", "--platform=browser", conditions, outfile]);
    const port = await freePort();
    writeFileSync(join(scratch, "config.capnp"), configOf(port, { ...simulator.env }));
    const { origin } = await start("workerd", ["serve", join(scratch, "config.capnp")], { port });
    await checkService({ origin, simulator, hasAdmin: false });
  },
};
