// SPDX-License-Identifier: MIT
// A branch on a quotient: on one side only it is known there that the divisor is not zero.
struct tree { int size; unsigned char cell; };
__attribute__((noipa)) int deep(const struct tree *t, const unsigned short *count) {
  if (*count < (t->size - 4) / t->cell / 3) return 7;
  return 9;
}
int main(void) {
  struct tree t = {1000, 48};
  unsigned short few = 3, many = 300;
  return deep(&t, &few) + 16 * deep(&t, &many);
}
