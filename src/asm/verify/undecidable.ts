// SPDX-License-Identifier: MIT

/** Thrown where no obligation can be stated that would settle the matter; it becomes the verdict `undecided`. */
export class Undecidable extends Error {
  override readonly name = 'Undecidable';
}
