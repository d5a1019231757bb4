// SPDX-License-Identifier: MIT
// with: level Os
// A remainder by division of a number with leading zeros.
__attribute__((noipa)) unsigned long both(unsigned long a) {
  a >>= 1;
  return a / 3 + 5 * (a % 3);
}
__attribute__((noipa)) unsigned long halves(unsigned long a) {
  unsigned long rest = (a >> 1) % 3;
  return a > 7 ? rest : rest + 9;
}
int main(void) {
  return (both(~0ul) + both(77) + halves(1ul << 63) + halves(5)) & 127;
}
