export { type NodeHandler, toNodeHandler, type WebHandler } from "./to-node-handler.ts";
