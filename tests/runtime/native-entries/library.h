// SPDX-License-Identifier: MIT
long seven(long a, int b, long c, int d, long e, int f, int g);
long eight(int a, short b, signed char c, unsigned char d, unsigned e, long f, signed char g, unsigned short h);
long nine(int a, long b, int c, long d, int e, long f, int g, long h, int i);
double eleven(int a, double x, long b, float y, int c, double z, long d, double w, int e, double v, long f, double u,
              int g, double t, long h, int i, long j, signed char k);
void pointers(const long *a, const long *b, const long *c, const long *d, const long *e, const long *f, long *g, long *h);
long recursive(long n, long a, long b, long c, long d, long e, long f, long g);
long through_pointer(int k, int x);
long through_pointer_elsewhere(int x);
long handed_on(int a, long b, int c, long d, int e, long f, int g, long h, int i);
long handed_elsewhere(int a, long b, int c, long d, int e, long f, int g, long h, int i);
long changes_arguments(long a, long b, long c, long d, long e, long f, long g, long h, long i);
long calls_back(long (*f)(long, long, long, long, long, long), long a, long b, long c, long d, long e, long f6, long g);
long six(long a, long b, long c, long d, long e, long f);
long add(long a, long b, long c, long d, long e, long f, long g);
long replaceable(long a, long b, long c, long d, long e, long f, long g, long h, long i);
long other_name(long a, long b, long c, long d, long e, long f, long g, long h, long i);
long both_names(long k);
long through_static(long k);
long within_library(long k);
long allocates(long a, long b, long c, long d, long e, long f, long g, long n);
struct two {
  long a, b;
};
struct two two_results(long a, long b, long c, long d, long e, long f, long g);
float narrow(float x, long a, long b, long c, long d, long e, long f, int g);
