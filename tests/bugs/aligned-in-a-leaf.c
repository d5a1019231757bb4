// SPDX-License-Identifier: MIT
// Functions that align the stack pointer and call nothing: gcc lets them use the red zone below what has been aligned.
// with: level O0
// with: level O1
__attribute__((noinline)) int thirds(int a, int b) {
  _Alignas(32) int x[8];
  for (int i = 0; i < 8; i++) x[i] = a * i + b;
  volatile int *p = x;
  return p[3] + p[7];
}
__attribute__((noinline)) int bytes(int a) {
  _Alignas(64) char c[64];
  for (int i = 0; i < 64; i++) c[i] = a + i;
  volatile char *p = c;
  return p[a & 63];
}
int main(void) { return thirds(3, 4) + bytes(9); }
