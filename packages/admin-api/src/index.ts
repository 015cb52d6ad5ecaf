export type {
  AdminBudget,
  AdminChange,
  AdminExperiments,
  AdminLLM,
  AdminModelCheck,
  AdminModelOptions,
  AdminPromoteOptions,
  AdminRecords,
  AdminSettings,
  AdminSnapshot,
  AdminTuning,
  AdminTuningJob,
  AdminUpdate,
  AdminUpdateOptions,
} from "./admin-shapes.ts";
export type { Authorize, Authorized, Permission } from "./authorize.ts";
export { authorizeBearer } from "./authorize-bearer.ts";
export { type AdminHandlerOptions, createAdminHandler } from "./create-admin-handler.ts";
