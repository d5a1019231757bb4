// SPDX-License-Identifier: MIT
// Thread-local variables: initialised, zeroed, arrays, structures, static ones, their addresses, in several threads.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
_Thread_local int counter = 5; static _Thread_local char text[20] = "initial"; __thread double d = 1.5; static __thread struct { long a; short b; int *p; } s = {7, 8, NULL}; _Thread_local unsigned char bytes[3]; int shared = 100;
__attribute__((noinline)) static int next(void) { static _Thread_local int n = 1; n *= 3; return n; }
__attribute__((noinline)) static int *where(int k) { return k ? &counter : &shared; }
static void *run(void *arg) { long k = (long)arg; counter += (int)k; d *= k + 1; s.a -= k; s.p = &counter; bytes[k % 3] = (unsigned char)k; sprintf(text + 3, "%ld", k); for (int i = 0; i < k; i++) next(); *where(1) += 1000; errno = (int)k; char *out = malloc(100); sprintf(out, "%d %s %g %ld %d %d %d %d %d %d", counter, text, d, s.a, s.b, *s.p, bytes[k % 3], next(), errno, where(1) == &counter); return out; }
int main(void) {
  for (long k = 1; k < 5; k++) { pthread_t t; void *r; pthread_create(&t, NULL, run, (void *)k); pthread_join(t, &r); puts(r); free(r); }
  void *r = run((void *)9l); puts(r); free(r); printf("%d %s %d\n", counter, text, *where(0));
}
