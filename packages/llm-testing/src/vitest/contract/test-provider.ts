import { describe } from "vitest";
import { type ContractFactory, type ContractOptions, createContractBench } from "./contract-bench.ts";
import { testAborts } from "./test-aborts.ts";
import { testAnswers } from "./test-answers.ts";
import { testCapabilities } from "./test-capabilities.ts";
import { testConfiguration } from "./test-configuration.ts";
import { testErrors } from "./test-errors.ts";
import { testFaults } from "./test-faults.ts";
import { testReports } from "./test-reports.ts";
import { testTools } from "./test-tools.ts";

/**
 * The contract of a provider as tests: what core may rely on. Call it at the top of a test file.
 *
 * ```ts
 * testProvider(({ apiKey, baseURL, fetch }) => groq({ apiKey, baseURL, fetch }), { wire: "groq" });
 * ```
 *
 * @param factory - creates the provider with all given options
 */
export function testProvider(factory: ContractFactory, options: ContractOptions): void {
  describe("the contract of a provider", () => {
    const bench = createContractBench(factory, options);
    testConfiguration(bench);
    testAnswers(bench);
    testTools(bench);
    testCapabilities(bench);
    testErrors(bench);
    testFaults(bench);
    testReports(bench);
    testAborts(bench);
  });
}
