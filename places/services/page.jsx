import { AIModelsTab } from "@babylon/admin-react";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import "@babylon/admin-react/styles.css";

const token = new URLSearchParams(location.search).get("token");
createRoot(document.getElementById("root")).render(
  createElement(AIModelsTab, { endpoint: "/api/admin/ai-models", token }),
);
