/* SPDX-License-Identifier: MIT */
/* Products of matrices of doubles. */
#include <stdio.h>

enum { N = 240 };
static double a[N][N], b[N][N], c[N][N];

int main(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      a[i][j] = (i * 7 + j) % 13 / 8.0;
      b[i][j] = (i + j * 5) % 11 / 4.0;
    }
  double trace = 0;
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        c[i][j] = sum;
      }
    for (int i = 0; i < N; i++) trace += c[i][i];
    a[round][round] += 1;
  }
  printf("%.6f\n", trace);
  return 0;
}
