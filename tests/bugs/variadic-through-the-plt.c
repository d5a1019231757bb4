// SPDX-License-Identifier: MIT
// with: flags -fPIC
// A variadic function that saves all argument registers is called through the PLT, behind calls that leave some alone.
#include <stdarg.h>
#include <stdio.h>
int depth;
int find(int x) {
  for (int i = 0; i < x; i++) depth += i ^ x;
  return depth & 7;
}
void warn(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
}
int both(int x) {
  int y = find(x);
  warn("found %d\n", y);
  find(y + 1);
  warn("again\n");
  return find(2) + find(x / 2);
}
int main(void) {
  return both(9);
}
