import { real } from '../at.ts'

/** The lower triangle L with L L' = `matrix` (symmetric, positive definite, row after row), in place; what is above it stays. O(size^3). */
export function cholesky(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = real(matrix, row * size + column)
      for (let k = 0; k < column; k++) rest -= real(matrix, row * size + k) * real(matrix, column * size + k)
      matrix[row * size + column] = row === column ? Math.sqrt(rest) : rest / real(matrix, column * size + column)
    }
  }
}

/** x with L x = `right`, in its place. */
export function solveLower(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  for (let row = 0; row < size; row++) {
    let rest = real(right, row)
    for (let k = 0; k < row; k++) rest -= real(lower, row * size + k) * real(right, k)
    right[row] = rest / real(lower, row * size + row)
  }
  return right
}

/** x with L' x = `right`, in its place. */
export function solveUpper(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  for (let row = size - 1; row >= 0; row--) {
    let rest = real(right, row)
    for (let k = row + 1; k < size; k++) rest -= real(lower, k * size + row) * real(right, k)
    right[row] = rest / real(lower, row * size + row)
  }
  return right
}
