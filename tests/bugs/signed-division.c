// SPDX-License-Identifier: MIT
// Divisions of extended shorts and chars, with quotients and remainders.
__attribute__((noipa)) short quotient(short a, short b) { return b ? a / b : 0; }
__attribute__((noipa)) short remainder_of(short a, short b) { return b ? a % b : 0; }
__attribute__((noipa)) int both(signed char a, signed char b) { return a / b * 3 + a % b; }
__attribute__((noipa)) unsigned unsigned_both(unsigned short a, unsigned char b) { return a / b * 3 + a % b; }
__attribute__((noipa)) long mixed(long a, int b) { return (int)a % b + a % b; }
int main(void) {
  return (quotient(1000, 7) + quotient(-300, 100) + quotient(5, 0) + quotient(-32768, -1) / 1024 +
          remainder_of(-1000, 7) + both(-128, -1) + both(100, -9) + unsigned_both(60000, 251) +
          mixed(-70000000003L, 1001)) & 127;
}
