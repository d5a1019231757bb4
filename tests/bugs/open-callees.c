// SPDX-License-Identifier: MIT
// Functions of the file that others could replace do not change all registers, as if they were others.
// with: level Os
// with: flags -fPIC
#include <stdlib.h>
int list[3] = {4, 5, 6};
void leaf(int n) {}
void set(void) { list[0] = 7; }
void tail(void) { set(); }
int look(int from) {
  unsigned short at = from;
  leaf(from);
  if (list[at] == 9) return 1;
  leaf(at + 1);
  return list[at + 1];
}
void walk(int *p, int deep) {
  while (p != list) {
    if (deep) {
      walk(p - 1, 0);
      return leaf(*p);
    }
    leaf(3);
    p--;
  }
}
int main(void) {
  tail();
  if (list[0] != 7) abort();
  walk(list + 2, 1);
  return look(1);
}
