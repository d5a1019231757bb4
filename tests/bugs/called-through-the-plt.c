// SPDX-License-Identifier: MIT
// with: flags -fPIC
// Functions that others may replace are called through the PLT, and may hand on what their callers have in registers.
#include <stdio.h>
void visit(int n) {
  if (n > 2) printf("%d\n", n);
}
long last;
long note(long n) {
  if (n & 1) last = n;
  return last;
}
void each(int n) {
  for (int i = 0; i < n; i++) visit(i);
  if (note(n) > 4) visit((int)last);
}
int main(void) {
  each(5);
  each(6);
  return 0;
}
