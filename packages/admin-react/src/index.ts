"use client";

export { AIModelsTab, type AIModelsTabProps } from "./ai-models-tab.tsx";
export type { TokenSource } from "./data/admin-client.ts";
