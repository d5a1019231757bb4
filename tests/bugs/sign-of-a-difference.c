// SPDX-License-Identifier: MIT
// Remainders, minima and signs of differences, which are written in other forms on both sides.
unsigned long width(unsigned char *p, long key) {
  return (unsigned long)key % (unsigned)((1u << (p[1] & 31)) - 1 | 1);
}
long bounded(long a, long b, long c) {
  long d = a + b - c;
  return d > 0 ? 0 : d;
}
unsigned least(unsigned long a, unsigned b, unsigned c) {
  unsigned n = a + b < 65535 ? (unsigned)a + b : 65535;
  return n < c ? n : c;
}
int is_one(unsigned char *flags, int n) {
  flags[0] ^= n == 1;
  return (n == 'D' || n == 'E') + flags[0];
}
int main(void) {
  unsigned char p[2] = {1, 5};
  return (int)width(p, 100) + (int)bounded(-4, 2, 1) + (int)least(10, 20, 25) + is_one(p, 'E');
}
