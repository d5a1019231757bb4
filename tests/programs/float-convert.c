// SPDX-License-Identifier: MIT
// Conversions between floats and integers of all sizes, in range and out of it where C defines the result.
#include <stdio.h>
#include <stdint.h>
#include <math.h>
volatile double ds[] = {0, -0.0, 0.49999999999999994, 0.5, 1.5, 2.5, -0.5, -1.5, 127.9, -128.9, 255.99, 32767.5, 65535.9, 2147483647.0, 2147483648.0, -2147483648.0, 4294967295.0, 9.2e18, -9.2e18, 1.8e19, 1e-300};
volatile int64_t is[] = {0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536, 2147483647, 2147483648, 4294967295, 4294967296, 9007199254740993, -9007199254740993, INT64_MAX, INT64_MIN, INT64_MAX - 511, 1ll << 62};
int main(void) {
  for (int i = 0; i < (int)(sizeof ds / 8); i++) {
    double x = ds[i];
    if (fabs(x) < 2147483648.0) printf("%d ", (int)x);
    if (x > -1 && x < 4294967296.0) printf("%u ", (unsigned)x);
    if (fabs(x) < 9.22e18) printf("%lld ", (long long)x);
    if (x > -1) printf("%llu ", (unsigned long long)x);
    if (fabs(x) < 128) printf("%d ", (signed char)x);
    if (x > -1 && x < 256) printf("%d ", (unsigned char)x);
    if (fabs(x) < 32768) printf("%d ", (short)x);
    float f = (float)x;
    if (f > -1 && f < 1.8e19f) printf("%llu %a ", (unsigned long long)f, f);
    printf("%.9g %.17g %.0f %.0f %.0f %.0f %ld\n", f, (double)f, floor(x), ceil(x), rint(x), trunc(x), fabs(x) < 9e18 ? lrint(x) : 0);
  }
  for (int i = 0; i < (int)(sizeof is / 8); i++) {
    int64_t n = is[i];
    printf("%.17g %.17g %.9g %.9g %.17g %.9g %.17g %.17g\n", (double)n, (double)(uint64_t)n, (float)n, (float)(uint64_t)n, (double)(int)n, (float)(unsigned)n, (double)(unsigned)n, (double)(short)n);
  }
}
