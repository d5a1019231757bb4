// SPDX-License-Identifier: MIT
// with: level Os
// What `product` keeps over the call as whole vectors was put where the function that it calls is given another's half.
#include <stdio.h>
typedef double v2 __attribute__((vector_size(16)));

__attribute__((noinline)) static v2 mixed(v2 a, v2 b, v2 c, v2 d) {
  v2 e = a * b, g = c * d, h = a - d;
  return e * g + h * b - c;
}

v2 product(v2 *p) {
  v2 a = p[0], b = p[1], c = p[2], d = p[3], e = p[4], f = p[5], g = p[6];
  return mixed(a, b, c, d) + a * b * c * d * e * f * g * p[7];
}

int main(void) {
  volatile double x = 1.5, y = 2.25;
  v2 p[8];
  for (int i = 0; i < 8; i++) p[i] = (v2){x + i, y - i};
  v2 r = product(p);
  printf("%g %g\n", r[0], r[1]);
  return 0;
}
