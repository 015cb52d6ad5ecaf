export { createFakeClock, type FakeClock } from "./clock/fake-clock.ts";
export { type MockCall, type MockProvider, type MockProviderOptions, mockProvider } from "./mock/mock-provider.ts";
export type { MockStep } from "./mock/mock-step.ts";
