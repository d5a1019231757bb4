// A function with variable arguments saves all vector registers where al says that there may be some. It was thought to
// take them whole from every call through a pointer, which was then refused beside arguments on the stack.
#include <stdarg.h>
#include <stdio.h>

double sum(int count, ...) {
  va_list list;
  va_start(list, count);
  double all = 0;
  for (int i = 0; i < count; i++) all += va_arg(list, double);
  va_end(list);
  return all;
}

static int eight(int a, int b, int c, int d, int e, int f, int g, int h) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}

int (*volatile pointer)(int, int, int, int, int, int, int, int) = eight;

int main(void) {
  printf("%d\n", pointer(1, 2, 3, 4, 5, 6, 7, 8));
  printf("%g\n", sum(3, 0.5, 1.25, 2.0));
  return 0;
}
