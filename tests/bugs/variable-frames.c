// SPDX-License-Identifier: MIT
// with: level O0 O2
// Frames of variable size: stack pointers that are rounded, moved by computed amounts and moved back.
#define APART __attribute__((noipa))
APART int use(char *p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    p[i] = i + n;
    sum += p[i];
  }
  return sum;
}
APART int vla(int n) {
  char a[n];
  return use(a, n);
}
APART int vla2(int n) {
  int a[n];
  for (int i = 0; i < n; i++) a[i] = use((char *)a, i);
  int s = 0;
  for (int i = 0; i < n; i++) s += a[i];
  return s;
}
APART int loop(int n) {
  int s = 0;
  for (int i = 1; i < n; i++) {
    char b[i];
    s += use(b, i);
  }
  return s;
}
APART int nine(int a, int b, int c, int d, int e, int f, int g, int h, int i) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
}
int (*p)(int, int, int, int, int, int, int, int, int) = nine;
APART int al(int n) {
  char *q = __builtin_alloca(n);
  use(q, n);
  q = __builtin_alloca(n + 17);
  return use(q, n) + p(1, 2, 3, 4, 5, 6, 7, 8, 9);
}
APART int aligned(int n) {
  char b[64] __attribute__((aligned(64)));
  use(b, n);
  return b[0];
}
int main(void) {
  return (vla(5) + 3 * vla2(7) + 5 * loop(9) + 7 * al(3) + 11 * aligned(33)) & 127;
}
