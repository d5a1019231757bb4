// SPDX-License-Identifier: MIT
/* Native: */
long seven(long a, long b, long c, long d, long e, long f, long g);
long eight(long a, long b, long c, long d, long e, long f, long g, long h);
long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i);
long twelve(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k, const long *l);
double mixed(long a, double v, long b, double w, long c, double x, long d, long e, long f, long g, double y, long h,
             long i, long j);
double floats(double a, double b, double c, double d, double e, double f, double g, double h, long i, long j);
long calls_back(long k);
/* Carried over: */
long ten(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j);
long handed_on(long a, long b, long c, long d, long e, long f, long g, long h);
