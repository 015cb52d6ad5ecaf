/** Whether the last digit of a card number is right (ISO/IEC 7812-1, annex B). Pure. Other characters than digits are ignored. */
export function isLuhnValid(number: string): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let at = number.length - 1; at >= 0; at -= 1) {
    const digit = number.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    const value = isDoubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}
