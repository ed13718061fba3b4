const FIRST = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]
const SECOND = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]

/** The digits of an identity number as people write it, in groups or not. */
export function digitsOf(written: string): string {
  return written.replaceAll(/[\s.-]/g, '')
}

/** Whether these are eleven digits whose two check digits are right (modulo 11). Whose number it is the service knows. */
export function hasCheckDigits(digits: string): boolean {
  return /^\d{11}$/.test(digits) && [FIRST, SECOND].every((weights) => sum(digits, weights) % 11 === 0)
}

function sum(digits: string, weights: readonly number[]): number {
  return weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
}
