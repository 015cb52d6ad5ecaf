import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../../../settings-store/src/test-support/find-program.ts";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { makeCertificate, type TestCertificate } from "../../../settings-store/src/test-support/make-certificate.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { openSharedState } from "../open-shared-state.ts";
import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { emptyRedis } from "../test-support/empty-redis.ts";
import { urlTestEngine } from "../test-support/url-test-engine.ts";

const hasOpenssl = findProgram("openssl") !== null;
if (!hasOpenssl) console.warn("skipped: openssl is not installed on this machine");

describe.skipIf(isServerMissing("redis") || !hasOpenssl)("shared state in a Redis over TLS", () => {
  let server: RunningServer | undefined;
  let certificate: TestCertificate | undefined;
  beforeAll(async () => {
    certificate = makeCertificate();
    server = await startRedis({ password: "secret-of-tests", tls: certificate });
  });
  afterAll(async () => {
    await server?.stop();
    certificate?.remove();
  });

  it("is away as long as its certificate is not trusted", async () => {
    const state = await openSharedState({ url: server?.url ?? "" });
    expect(state.status()).toMatchObject({ connected: false, location: expect.stringMatching(/^rediss:\/\/127/) });
    expect(state.status().lastError).toMatch(/certificate/);
    expect(state.status().lastError).not.toContain("secret-of-tests");
    await state.close();
  });

  describe("that is trusted", () => {
    let distrust = (): void => {};
    beforeAll(() => {
      distrust = certificate?.trust() ?? distrust;
    });
    afterAll(() => distrust());
    const empty = () => emptyRedis(server?.url ?? "");
    describeSharedState(urlTestEngine({ name: "a Redis over TLS", url: () => server?.url ?? "", empty }));
  });
});
