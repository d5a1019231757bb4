// SPDX-License-Identifier: MIT
// Complex numbers and structures of floats, as compilers pass them in registers.
#include <complex.h>
#include <stdio.h>
#define N __attribute__((noinline))
N static double complex mul(double complex a, double complex b) { return a * b; } N static double complex quo(double complex a, double complex b) { return a / b; } N static float complex fmulc(float complex a, float b, float complex c) { return a * b + c; } N static double complex many(int i, double complex a, double b, double complex c, float complex d, double complex e, double complex f) { return a * i + b - c * d + e / f; } N static double norm(double complex z) { return creal(z) * creal(z) + cimag(z) * cimag(z); }
int main(void) { double complex z = 1.5 - 2 * I, w = -0.25 + 3 * I; float complex f = 2 + I; double complex r[] = {mul(z, w), quo(z, w), fmulc(f, 1.5f, 3 - I), many(3, z, 2.5, w, f, z * w, w - 1), conj(z), -w, z + w, z == z ? z : w, csqrt(z), cexp(w), cpow(z, 2)}; for (unsigned i = 0; i < sizeof r / sizeof *r; i++) printf("%.15g %.15g\n", creal(r[i]), cimag(r[i])); printf("%.15g %.15g %.15g\n", cabs(z), carg(w), norm(z)); double complex c = 0; int n = 0; for (int y = -10; y <= 10; y++) for (int x = -20; x <= 10; x++) { c = 0; int k = 0; while (k < 50 && norm(c) < 4) c = c * c + (x / 10.0 + y / 10.0 * I), k++; n = n * 3 + k; } printf("%d\n", n); }
