import { createBabylonLLM } from "@babylon/llm";
import { createSettingsStore } from "@babylon/llm/settings";

// The driver is part of the bundle.
createSettingsStore({ importPackage: () => import("@redis/client") })
  .then((settings) => createBabylonLLM({ settings }))
  .catch((error) => console.log(error.message));
