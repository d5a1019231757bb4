// SPDX-License-Identifier: MIT
// Divisions of extended shorts: the remainder is not proved, since only one side narrows its quotient.
__attribute__((noipa)) short quotient(short a, short b) { return b ? a / b : 0; }
int main(void) {
  return quotient(1000, 7) + quotient(-300, 100) + quotient(5, 0) + quotient(-32768, -1) / 1024;
}
