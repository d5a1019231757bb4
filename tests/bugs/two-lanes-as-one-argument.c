// SPDX-License-Identifier: MIT
// with: level O2
// with: compiler clang
// Structures of two floats, and vectors of two integers, come in one register each, and are worked on lane by lane. Nobody
// here calls by name.
#include <stdio.h>
typedef struct {
  float x, y;
} Pair;
typedef int Two __attribute__((vector_size(8)));
Pair least(Pair a, Pair b) { return (Pair){a.x < b.x ? a.x : b.x, a.y < b.y ? a.y : b.y}; }
Pair sum(Pair a, Pair b) { return (Pair){a.x + b.x, a.y + b.y}; }
Pair swap(Pair a) { return (Pair){a.y, a.x}; }
Pair times(Pair a, float k) { return (Pair){a.x * k, a.y * k}; }
Two both(Two a, Two b) { return a & b; }
Two more(Two a, Two b, int n) { return n > 3 ? a + b : a - b; }
Pair (*volatile pairs[])(Pair, Pair) = {least, sum};
Two (*volatile ands)(Two, Two) = both;
Two (*volatile adds)(Two, Two, int) = more;
Pair (*volatile swaps)(Pair) = swap;
Pair (*volatile scales)(Pair, float) = times;
int main(void) {
  Pair a = {1, 2}, b = {3, -4};
  Two c = {6, 7}, d = {12, 29};
  for (int i = 0; i < 2; i++) {
    Pair r = swaps(pairs[i](a, b));
    printf("%g %g\n", r.x, r.y);
    Two s = ands(c, adds(c, d, 3 + i));
    printf("%d %d\n", s[0], s[1]);
    a = scales(r, 2.5f);
  }
  return 0;
}
