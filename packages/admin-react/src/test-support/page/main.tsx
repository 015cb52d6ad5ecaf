import { version } from "react";
import { createRoot } from "react-dom/client";
import { AIModelsTab } from "../../ai-models-tab.tsx";

const root = document.createElement("div");
root.dataset.react = version;
(document.querySelector("main") ?? document.body).append(root);
createRoot(root).render(<AIModelsTab endpoint="/models" token={() => "a-token-for-tests-0001"} />);
