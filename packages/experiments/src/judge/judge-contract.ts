/** Judges answers by a rubric. It is not told which arm, provider or model gave an answer. */
export interface Judge {
  /** The share of calls whose answers are judged, from 0 to 1. */
  readonly share: number;
  /** 1: the answer meets the rubric, 0: it does not, 0.5: the judge contradicts itself. `null`: the judge did not decide. */
  score(answer: JudgedAnswer): Promise<number | null>;
  /** 1: `second` is better, 0: `first` is, 0.5: neither. `null`: the judge did not decide. */
  compare(pair: JudgedPair): Promise<number | null>;
}

/** A question and its answer. */
export interface JudgedAnswer {
  readonly question: string;
  readonly answer: string;
}

/** A question and two answers. */
export interface JudgedPair {
  readonly question: string;
  readonly first: string;
  readonly second: string;
}
