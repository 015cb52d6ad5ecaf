import type { ConfigProblem, Env, ModelInfo, RetiredModel } from "@babylon/llm-core";
import type { ErrorClassification, ErrorReply, FetchFunction, SDKClient } from "@babylon/provider-kit";
import type { ApiKey } from "@babylon/provider-kit/factory";
import type { ModelTraits } from "./model-traits.ts";

/** The options that every factory of this family has. */
export interface CompatibleFactoryOptions {
  /** `[a-z][a-z0-9-]*`. Default: the vendor's. Give one to have the same vendor twice in a chain. */
  readonly id?: string | undefined;
  /** Default: the vendor's variable. A function is asked with the plan of each call. */
  readonly apiKey?: ApiKey | undefined;
  /**
   * A client of the `openai` SDK to send requests by, instead of `apiKey`, `baseURL` and `fetch`: `new AzureOpenAI(…)`, one with a
   * workload identity, or any other class of it.
   */
  readonly client?: SDKClient | undefined;
  /** Default: the vendor's variable, else the vendor's default. */
  readonly model?: string | undefined;
  /** Default: the vendor's variable, else the vendor's address. */
  readonly baseURL?: string | undefined;
  /** Added to each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the platform's `fetch`, looked up at each request. */
  readonly fetch?: FetchFunction | undefined;
  /** Take a base URL with `http://` for other machines than this one. Default false. */
  readonly allowInsecureHttp?: boolean | undefined;
}

/** A vendor of this family, as data. */
export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly envKey: string | null;
  /** The page where a key is made. */
  readonly keyURL?: string | undefined;
  readonly envModel: string | null;
  readonly envBaseURL: string | null;
  readonly defaultBaseURL: string;
  readonly defaultModel: string;
  /** Works without a key. Default false. */
  readonly keyOptional?: boolean | undefined;
  readonly models: readonly ModelInfo[];
  readonly retired: Readonly<Record<string, RetiredModel>>;
  /** What is peculiar to a model; for an id that is not in `models`, what holds unless told otherwise. */
  traitsOf(model: string): ModelTraits;
  /**
   * Knows the vendor's own words for errors. `ofFamily`: what those of the family say; `null`: nothing known, and the status decides,
   * as it does for `null` from here.
   */
  readonly classify?:
    | ((reply: ErrorReply, ofFamily: ErrorClassification | null) => ErrorClassification | null)
    | undefined;
  /** Headers for the operator's own account, such as one that names a project. */
  headers?(env: Env): Readonly<Record<string, string>>;
  /** Mistakes in the variables that `headers` reads. */
  problems?(env: Env): readonly ConfigProblem[];
  /** The region that a base URL stands for, where the vendor has one for each. */
  readonly regionOf?: ((baseURL: string) => string | null) | undefined;
  readonly maxConcurrency?: number | undefined;
}
