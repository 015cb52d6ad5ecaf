/** The state of a JSON number that is read character by character. */
export type NumberState = number;

const MINUS = 0;
const ZERO = 1;
const WHOLE = 2;
const POINT = 3;
const FRACTION = 4;
const EXPONENT = 5;
const SIGN = 6;
const POWER = 7;

/** The number ended before this character. */
export const NUMBER_END = -1;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isE = (code: number): boolean => code === 0x65 || code === 0x45;

/** The state after the first character; `NUMBER_END` if no number begins with it. */
export function beginNumber(code: number): NumberState {
  if (code === 0x2d) return MINUS;
  if (code === 0x30) return ZERO;
  return isDigit(code) ? WHOLE : NUMBER_END;
}

/** The state after the next character, or `NUMBER_END`. */
export function continueNumber(state: NumberState, code: number): NumberState {
  switch (state) {
    case MINUS:
      return beginNumber(code) === MINUS ? NUMBER_END : beginNumber(code);
    case ZERO:
    case WHOLE:
      if (code === 0x2e) return POINT;
      if (isE(code)) return EXPONENT;
      return state === WHOLE && isDigit(code) ? WHOLE : NUMBER_END;
    case POINT:
      return isDigit(code) ? FRACTION : NUMBER_END;
    case FRACTION:
      if (isE(code)) return EXPONENT;
      return isDigit(code) ? FRACTION : NUMBER_END;
    case EXPONENT:
      if (code === 0x2b || code === 0x2d) return SIGN;
      return isDigit(code) ? POWER : NUMBER_END;
    default:
      return isDigit(code) ? POWER : NUMBER_END;
  }
}

/** Whether a number may end in this state. */
export function isWholeNumber(state: NumberState): boolean {
  return state === ZERO || state === WHOLE || state === FRACTION || state === POWER;
}
