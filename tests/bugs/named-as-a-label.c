// SPDX-License-Identifier: MIT
// Functions of names that labels of translations are made from.
#define APART __attribute__((noinline, noipa))
APART double number(double x) { return x < 0 ? -x : x; }
APART int skip(int a, int b) { return a % b; }
APART int trap(double x) { return (int)(x / 3); }
int main(void) {
  return (int)number(-3.5) + skip(17, 5) + trap(10.5);
}
