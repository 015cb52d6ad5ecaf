import { afterAll, beforeAll, describe } from "vitest";
import { describeStore } from "../test-support/describe-store.ts";
import { findProgram } from "../test-support/find-program.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import { makeCertificate, type TestCertificate } from "../test-support/make-certificate.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { redisBackends } from "../test-support/server-backends.ts";
import { startRedis } from "../test-support/start-redis.ts";

const hasOpenssl = findProgram("openssl") !== null;
if (!hasOpenssl) console.warn("skipped: openssl is not installed on this machine");

describe.skipIf(isServerMissing("redis") || !hasOpenssl)("with a Redis server over TLS", () => {
  let server: RunningServer;
  let certificate: TestCertificate;
  let distrust: () => void;

  beforeAll(async () => {
    certificate = makeCertificate();
    distrust = certificate.trust();
    server = await startRedis({ password: "secret-of-tests", tls: certificate });
  });

  afterAll(async () => {
    await server.stop();
    distrust();
    certificate.remove();
  });

  for (const backend of redisBackends(() => server.url)) describeStore(backend);
});
