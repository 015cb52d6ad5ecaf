import type { Random } from "../random.ts";

type Words = readonly [string, ...string[]];

/** The vocabulary of simulated answers. A sentence is an opener, a subject and a claim; a closer is a separate sentence. */
export interface Phrases {
  /** `Call me a cynic, but` */
  readonly openers: Words;
  /** `the lithium strike`: also used in questions and headlines. */
  readonly subjects: Words;
  /** `will slip past Friday` */
  readonly claims: Words;
  /** `I am buying the dip.` */
  readonly closers: Words;
  /** People. */
  readonly names: Words;
  /** Single words, lower case. */
  readonly words: Words;
}

/** The default vocabulary. */
export const OWN_PHRASES: Phrases = {
  openers: [
    "Word on the trading floor is that",
    "Call me a cynic, but",
    "Nobody wants to hear it, yet",
    "After last night's leak,",
    "If the harbour cameras are right,",
    "My sources at the ministry say",
    "Everyone laughed on Monday, and now",
    "The order book tells you that",
    "Between the lines of that press release,",
    "I have read the filing twice:",
  ],
  subjects: [
    "the Meridian launch",
    "Senator Quill's recount",
    "the Harrow Bay merger",
    "the chip embargo",
    "Dr. Okafor's vaccine trial",
    "the lithium strike",
    "Castellan's share buyback",
    "the Northgate referendum",
    "the lunar rover deal",
    "Baroness Vey's resignation",
  ],
  claims: [
    "is priced for perfection",
    "will slip past Friday",
    "looks cheaper than the crowd believes",
    "hangs on a single signature",
    "was decided a week ago",
    "turns on what the auditors found",
    "has one more surprise in it",
    "is a coin toss with a thumb on the scale",
    "moves the moment the lights go out",
    "will be settled in the corridor, not in the hall",
  ],
  closers: [
    "I am buying the dip.",
    "Watch the spread, not the speeches.",
    "Odds of sixty and rising.",
    "The quiet money left yesterday.",
    "Take the other side if you dare.",
    "Somebody is going to be very embarrassed.",
    "The clock is the only honest analyst here.",
    "Ask who paid for the poll.",
    "I would not hold this over the weekend.",
    "Keep your receipts.",
  ],
  names: [
    "Mara Voss",
    "Teodor Lange",
    "Imani Okoye",
    "Silas Wren",
    "Priya Chandran",
    "Jonah Castellan",
    "Beatriz Amaral",
    "Kenji Mori",
  ],
  words: ["embargo", "recount", "merger", "launch", "strike", "audit", "buyback", "referendum", "ledger", "harbour"],
};

const sentence = (random: Random, { openers, subjects, claims, closers }: Phrases): string =>
  `${random.pick(openers)} ${random.pick(subjects)} ${random.pick(claims)}. ${random.pick(closers)}`;

/** Sentences of a game's feed, at least so many words. */
export function proseOf(random: Random, words: number, phrases: Phrases = OWN_PHRASES): string {
  let text = sentence(random, phrases);
  for (let count = text.split(" ").length; count < words; ) {
    const next = sentence(random, phrases);
    text += ` ${next}`;
    count += next.split(" ").length;
  }
  return text;
}

/** One headline. */
export function headlineOf(random: Random, { subjects, claims }: Phrases = OWN_PHRASES): string {
  const subject = random.pick(subjects);
  return `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${random.pick(claims)}`;
}

/** One question that a market could settle. */
export function questionOf(random: Random, { subjects }: Phrases = OWN_PHRASES): string {
  return `Will ${random.pick(subjects)} be settled before day ${random.int(2, 30)}?`;
}

/** A person. */
export function nameOf(random: Random, { names }: Phrases = OWN_PHRASES): string {
  return random.pick(names);
}

/** One word in lower case. */
export function wordOf(random: Random, { words }: Phrases = OWN_PHRASES): string {
  return random.pick(words);
}
