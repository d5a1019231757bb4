// SPDX-License-Identifier: MIT
// setjmp and longjmp: out of deep calls, in loops, with values kept in volatile variables, nested, with floats alive.
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
static jmp_buf top, inner; static int depth;
__attribute__((noinline)) static void dive(int n, int code) { char pad[40]; memset(pad, n, sizeof pad); if (n == 0) longjmp(top, code); depth += pad[3] > 0; dive(n - 1, code); depth += pad[5]; }
__attribute__((noinline)) static int attempt(int n, double x) { volatile int tries = 0; volatile double acc = x; int r = setjmp(top); tries++; acc = acc * 1.5 + r; if (tries < 4) dive(n, tries + 10); return r * 100 + tries + (int)acc; }
__attribute__((noinline)) static int nested(int k) { volatile int log = 0; if (setjmp(top) == 0) { if (setjmp(inner) == 0) { log = 1; longjmp(inner, k); } log = log * 10 + 2; longjmp(top, 0); } log = log * 10 + 3; return log; }
struct handler { jmp_buf buf; struct handler *prev; const char *what; }; static struct handler *current;
static void raise_error(const char *what) { current->what = what; longjmp(current->buf, 1); }
static int parse(const char *s) { int v = 0; if (!*s) raise_error("empty"); for (; *s; s++) { if (*s < '0' || *s > '9') raise_error("digit"); v = v * 10 + *s - '0'; if (v > 9999) raise_error("range"); } return v; }
static int guarded(const char *s, const char **why) { struct handler h; h.prev = current; current = &h; volatile int result = -1; if (setjmp(h.buf) == 0) result = parse(s); else *why = h.what; current = h.prev; return result; }
int main(void) {
  for (int i = 0; i < 5; i++) printf("%d %d ", attempt(i * 20, i / 3.0), depth); printf("%d\n", nested(7));
  const char *in[] = {"123", "", "12x", "99999", "42"}; for (int i = 0; i < 5; i++) { const char *why = "fine"; int v = guarded(in[i], &why); printf("%d %s; ", v, why); }
  volatile int n = 0; if (sigsetjmp(top, 1) < 3) { n++; siglongjmp(top, n); } printf("%d\n", n);
}
