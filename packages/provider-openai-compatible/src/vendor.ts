import type { ConfigProblem, Env, ModelInfo, RetiredModel } from "@babylon/llm-core";
import type { ErrorClassification, ErrorReply, FetchFunction, SDKClient } from "@babylon/provider-kit";
import type { ApiKey } from "@babylon/provider-kit/factory";
import type { ModelTraits } from "./model-traits.ts";

/** The options of every factory of this family. */
export interface CompatibleFactoryOptions {
  /** `[a-z][a-z0-9-]*`. Default: the vendor's. Give one to have the same vendor twice in a chain. */
  readonly id?: string | undefined;
  /** Default: the vendor's variable. A function is called for the plan of each call. */
  readonly apiKey?: ApiKey | undefined;
  /**
   * A client of the `openai` SDK that sends the requests, instead of `apiKey`, `baseURL` and `fetch`: `new AzureOpenAI(…)`, a client with a
   * workload identity, or any other class of the SDK.
   */
  readonly client?: SDKClient | undefined;
  /** Default: the vendor's variable, else the vendor's default. */
  readonly model?: string | undefined;
  /** Default: the vendor's variable, else the vendor's address. */
  readonly baseURL?: string | undefined;
  /** Added to each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the platform's `fetch`, resolved at each request. */
  readonly fetch?: FetchFunction | undefined;
  /** Allow a base URL with `http://` for hosts other than localhost. Default false. */
  readonly allowInsecureHttp?: boolean | undefined;
}

/** The data of a vendor of this family. */
export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly envKey: string | null;
  /** The page where keys are created. */
  readonly keyURL?: string | undefined;
  readonly envModel: string | null;
  readonly envBaseURL: string | null;
  readonly defaultBaseURL: string;
  readonly defaultModel: string;
  /** Works without a key. Default false. */
  readonly keyOptional?: boolean | undefined;
  readonly models: readonly ModelInfo[];
  readonly retired: Readonly<Record<string, RetiredModel>>;
  /** The traits of a model; the vendor's defaults for an id that is not in `models`. */
  traitsOf(model: string): ModelTraits;
  /**
   * Classifies the vendor's own errors. `ofFamily` is the result of the family's classifier. `null`, from either, means not recognized: then
   * the status decides.
   */
  readonly classify?:
    | ((reply: ErrorReply, ofFamily: ErrorClassification | null) => ErrorClassification | null)
    | undefined;
  /** Headers for the operator's account, such as its project. */
  headers?(env: Env): Readonly<Record<string, string>>;
  /** Problems with the variables that `headers` reads. */
  problems?(env: Env): readonly ConfigProblem[];
  /** The region of a base URL, for vendors with regional base URLs. */
  readonly regionOf?: ((baseURL: string) => string | null) | undefined;
  readonly maxConcurrency?: number | undefined;
}
