// SPDX-License-Identifier: MIT
// with: flags -fPIC
// A function that pointers lead to leaves vectors alone on one way, and is called through the PLT before one with variable
// arguments, to which no vectors are passed.
#include <stdarg.h>
#include <stdio.h>
int find(int x) {
  if (x > 3) puts("far");
  return x & 7;
}
int (*volatile finder)(int) = find;
void warn(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
}
int main(void) {
  find(5);
  warn("found\n");
  return finder(2);
}
