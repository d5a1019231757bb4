// SPDX-License-Identifier: MIT
// with: level O1 O2
// The second half of a structure may lie where it came as the third argument, and the function never writes it.
#include <stdio.h>
struct pair { long first, second; };
struct mixed { long whole; double half; };
struct doubles { double first, second; };
static struct pair sum(long x, long y, long z) { return (struct pair){x + y, z}; }
static struct pair later(long x, long y, long z) {
  while (x > 1) { x = x % 2 == 0 ? x / 2 : 3 * x + 1; y++; }
  return (struct pair){y, z};
}
static struct mixed both(long x, double y) { return (struct mixed){x, y}; }
static struct doubles twice(double x, double y) { return (struct doubles){x + x, y}; }
static float second(int n, float x) { for (volatile int i = 0; i < n; i++); return x; }
// Called so that nobody knows what is called.
struct pair (*volatile p)(long, long, long) = sum;
struct mixed (*volatile q)(long, double) = both;
struct doubles (*volatile r)(double, double) = twice;
float (*volatile s)(int, float) = second;
int main(void) {
  struct pair a = p(1, 2, 77);
  p = later;
  struct pair b = p(27, 0, -5);
  struct mixed c = q(3, 4.5);
  struct doubles d = r(1.5, 9.25);
  printf("%ld %ld %ld %ld %ld %g %g %g %g\n", a.first, a.second, b.first, b.second, c.whole, c.half, d.first, d.second,
         s(3, 0.5f));
  return a.second == 77 && b.second == -5 ? 0 : 1;
}
