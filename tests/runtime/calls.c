// SPDX-License-Identifier: MIT
// Calls functions natively on x86-64, and on a target through their bridges with x86-64's layouts. Both must print the same.
#define _GNU_SOURCE
#include <complex.h>
#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <fcntl.h>
#include <link.h>
#include <search.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <threads.h>
#include <unistd.h>

#ifdef __x86_64__
#define NAME(f) #f
#else
#define NAME(f) "__vouch_" #f
#endif
// `f` with the type `type`, by the name `name` here.
#define BRIDGED(type, name, f, ...) extern type name(__VA_ARGS__) __asm__(NAME(f))

// An int as a function may return it on x86-64.
#define ANY(x) (long)(0x7766554400000000 | (unsigned)(x))

// What is written behind an object shows here.
#define GUARDED(type, size) struct { unsigned char bytes[size]; unsigned char guard[32]; }
#define FILL(x) memset(&(x), 0xa5, sizeof(x))
#define GUARD(x) do { for (int i_ = 0; i_ < 32; i_++) if ((x).guard[i_] != 0xa5) { puts("written behind " #x); break; } } while (0)

static void result(const char *what, int r) {
  printf("%s: %d", what, r);
  if (r < 0) printf(" (%s)", strerror(errno));
  puts("");
}

// struct stat as x86-64 has it
struct x86_stat {
  uint64_t dev, ino, nlink;
  uint32_t mode, uid, gid, padding;
  uint64_t rdev;
  int64_t size, blksize, blocks, atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec, reserved[3];
};
BRIDGED(int, b_stat, stat, const char *, void *);
BRIDGED(int, b_lstat, lstat, const char *, void *);
BRIDGED(int, b_fstat, fstat, int, void *);
BRIDGED(int, b_stat64, stat64, const char *, void *);
BRIDGED(int, b_fstatat, fstatat, int, const char *, void *, int);
#ifdef __x86_64__
// The old entry points are no longer offered for linking.
static int b_xstat(int v, const char *p, void *s) { return b_stat(p, s); }
static int b_fxstatat(int v, int fd, const char *p, void *s, int f) { return b_fstatat(fd, p, s, f); }
#else
BRIDGED(int, b_xstat, __xstat, int, const char *, void *);
BRIDGED(int, b_fxstatat, __fxstatat, int, int, const char *, void *, int);
#endif
_Static_assert(sizeof(struct x86_stat) == 144, "");

static void show_stat(const char *what, int r, struct x86_stat *s, const unsigned char *guard) {
  result(what, r);
  for (int i = 0; i < 32; i++) if (guard[i] != 0xa5) puts("written behind struct stat");
  if (r < 0) {
    for (int i = 0; i < 144; i++) if (((unsigned char *)s)[i] != 0xa5) { puts("written though it failed"); break; }
    return;
  }
  printf("%lx %lu %lu %o %u %u %lx %ld %ld %ld %ld %ld.%09ld %ld.%09ld %ld %ld %ld %d\n", s->dev, s->ino, s->nlink, s->mode,
         s->uid, s->gid, s->rdev, s->size, s->blksize, s->blocks, s->mtime, s->mtime, s->mtime_nsec, s->ctime,
         s->ctime_nsec, s->reserved[0], s->reserved[1], s->reserved[2], s->padding);
}

static void stats(void) {
  struct { struct x86_stat s; unsigned char guard[32]; } x;
#define TRY(call) do { FILL(x); int r_ = call; show_stat(#call, r_, &x.s, x.guard); } while (0)
  TRY(b_stat("file", &x));
  TRY(b_stat("link", &x));
  TRY(b_lstat("link", &x));
  TRY(b_stat("missing", &x));
  TRY(b_stat("/dev/null", &x));
  TRY(b_fstat(open("file", 0), &x));
  TRY(b_stat64(".", &x));
  TRY(b_fstatat(AT_FDCWD, "link", &x, 0x100));
  TRY(b_fstat(77, &x));
  TRY(b_xstat(1, "file", &x));
  TRY(b_fxstatat(1, AT_FDCWD, "file", &x, 0));
#undef TRY
}

// Flags of open as x86-64 has them
enum { X_DIRECT = 0x4000, X_DIRECTORY = 0x10000, X_NOFOLLOW = 0x20000, X_CREAT = 0x40, X_CLOEXEC = 0x80000 };
BRIDGED(int, b_open, open, const char *, int, int);
BRIDGED(int, b_open64, open64, const char *, int, int);
BRIDGED(int, b_openat, openat, int, const char *, int, int);
BRIDGED(int, b_fcntl, fcntl, int, int, long);
BRIDGED(int, b_pipe2, pipe2, int *, int);

static void opens(void) {
  result("a directory", b_open(".", X_DIRECTORY, 0) >= 0);
  result("no directory", b_open("file", X_DIRECTORY, 0));
  result("a link", b_open("link", X_NOFOLLOW, 0));
  result("a link followed", b_open("link", 0, 0) >= 0);
  result("no link", b_openat(AT_FDCWD, "link", X_NOFOLLOW | X_CLOEXEC, 0));
  int fd = b_open64("made", X_CREAT | 2, 0640);
  result("made", fd >= 0);
  struct x86_stat s;
  b_fstat(fd, &s);
  printf("%o\n", s.mode & ~022);
  int d = b_open(".", X_DIRECTORY | X_NOFOLLOW, 0);
  printf("%x\n", b_fcntl(d, 3, 0) & ~0x8000);
  result("set", b_fcntl(fd, 4, 0x400 | 0x800));
  printf("%x\n", b_fcntl(fd, 3, 0) & ~0x8000);
  result("closed", b_fcntl(99, 3, 0));
  int copy = b_fcntl(fd, 0, 50);
  result("copy", copy);
  int p[2];
  result("packets", b_pipe2(p, X_DIRECT | 0x800));
  printf("%x\n", b_fcntl(p[0], 3, 0) & ~0x8000);
}

// struct epoll_event as x86-64 has it
struct __attribute__((packed)) x86_event { uint32_t events; uint64_t data; };
BRIDGED(int, b_epoll_ctl, epoll_ctl, int, int, int, struct x86_event *);
BRIDGED(int, b_epoll_wait, epoll_wait, int, struct x86_event *, int, int);
BRIDGED(int, b_epoll_pwait, epoll_pwait, int, struct x86_event *, int, int, const sigset_t *);

static void events(void) {
  int e = epoll_create1(0), p[5][2];
  for (int i = 0; i < 5; i++) {
    if (pipe(p[i]) < 0) return;
    struct x86_event v = {EPOLLIN, 0x1122334455667780 + i};
    result("add", b_epoll_ctl(e, EPOLL_CTL_ADD, p[i][0], &v));
    if (i != 3 && write(p[i][1], "x", 1) != 1) return;
  }
  struct { struct x86_event v[5]; unsigned char guard[32]; } x;
  for (int most = -1; most <= 5; most++) {
    FILL(x);
    errno = 0;
    int n = b_epoll_wait(e, x.v, most, 0);
    result("wait", n);
    for (int i = 0; i < n; i++) printf("%x %lx\n", x.v[i].events, x.v[i].data);
    for (unsigned char *c = (unsigned char *)&x.v[n > 0 ? n : 0]; c < x.guard + 32; c++)
      if (*c != 0xa5) { puts("written behind the events"); break; }
  }
  struct x86_event many[6000];
  result("pwait", b_epoll_pwait(e, many, 6000, 0, 0));
  for (int i = 0; i < 4; i++) printf("%lx\n", many[i].data);
  result("delete", b_epoll_ctl(e, EPOLL_CTL_DEL, p[0][0], 0));
  result("again", b_epoll_ctl(e, EPOLL_CTL_DEL, p[0][0], 0));
}

BRIDGED(int, b_mutex_init, pthread_mutex_init, void *, const void *);
BRIDGED(int, b_mtx_init, mtx_init, void *, int);
BRIDGED(int, b_mutexattr_init, pthread_mutexattr_init, void *);
BRIDGED(int, b_condattr_init, pthread_condattr_init, void *);
BRIDGED(int, b_barrierattr_init, pthread_barrierattr_init, void *);
BRIDGED(int, b_attr_init, pthread_attr_init, void *);
BRIDGED(int, b_getattr_np, pthread_getattr_np, pthread_t, void *);
BRIDGED(int, b_setstacksize, pthread_attr_setstacksize, void *, size_t);

static void *mutex_of;
static void *try_lock(void *x) { return (void *)(long)pthread_mutex_trylock(mutex_of); }
static void *answer(void *x) { return (void *)42; }

static void thread_objects(void) {
  _Alignas(16) GUARDED(pthread_mutex_t, 40) m;
  _Alignas(16) GUARDED(pthread_mutexattr_t, 4) ma;
  _Alignas(16) GUARDED(pthread_attr_t, 56) a;
  _Alignas(16) GUARDED(pthread_condattr_t, 4) ca;
  _Alignas(16) GUARDED(pthread_barrierattr_t, 4) ba;
  _Alignas(16) GUARDED(mtx_t, 40) mt;
  FILL(m), FILL(ma), FILL(a), FILL(ca), FILL(ba), FILL(mt);
  result("attributes", b_mutexattr_init(&ma));
  result("type", pthread_mutexattr_settype((void *)&ma, PTHREAD_MUTEX_RECURSIVE));
  result("mutex", b_mutex_init(&m, &ma));
  for (int i = 0; i < 40; i++) printf("%02x", m.bytes[i]);
  puts("");
  result("lock", pthread_mutex_lock((void *)&m));
  result("lock", pthread_mutex_lock((void *)&m));
  mutex_of = &m;
  pthread_t t;
  void *r;
  pthread_create(&t, 0, try_lock, 0);
  pthread_join(t, &r);
  result("from elsewhere", (long)r);
  result("unlock", pthread_mutex_unlock((void *)&m));
  result("unlock", pthread_mutex_unlock((void *)&m));
  result("unlock", pthread_mutex_unlock((void *)&m));
  result("destroy", pthread_mutex_destroy((void *)&m));
  result("mtx", b_mtx_init(&mt, mtx_plain | mtx_recursive));
  result("lock", mtx_lock((void *)&mt));
  result("lock", mtx_trylock((void *)&mt));
  result("condition", b_condattr_init(&ca));
  result("clock", pthread_condattr_setclock((void *)&ca, CLOCK_MONOTONIC));
  result("barrier", b_barrierattr_init(&ba));
  result("thread attributes", b_attr_init(&a));
  result("too small", b_setstacksize(&a, 1000));
  result("small", b_setstacksize(&a, 16384));
  result("large", b_setstacksize(&a, 1 << 20));
  size_t size;
  pthread_attr_getstacksize((void *)&a, &size);
  printf("%zu\n", size);
  result("create", pthread_create(&t, (void *)&a, answer, 0));
  pthread_join(t, &r);
  result("thread", (long)r);
  pthread_attr_destroy((void *)&a);
  FILL(a);
  result("own", b_getattr_np(pthread_self(), &a));
  int detached = -1;
  pthread_attr_getdetachstate((void *)&a, &detached);
  result("detached", detached);
  GUARD(m); GUARD(ma); GUARD(a); GUARD(ca); GUARD(ba); GUARD(mt);
}

// A complex float as x86-64 passes it, in the lower half of a vector register
static double packed(float re, float im) { double d; float p[2] = {re, im}; memcpy(&d, p, 8); return d; }
static void show_packed(const char *what, double d) { float p[2]; memcpy(p, &d, 8); printf("%s %.4f %.4f\n", what, p[0], p[1]); }
#define TO_COMPLEX(F) F(conjf) F(cprojf) F(csqrtf) F(cexpf) F(clogf) F(clog10f) F(csinf) F(ccosf) F(ctanf) F(casinf) F(cacosf) \
  F(catanf) F(csinhf) F(ccoshf) F(ctanhf) F(casinhf) F(cacoshf) F(catanhf)
#define TO_REAL(F) F(cabsf) F(cargf) F(crealf) F(cimagf)
#define DECLARE_COMPLEX(f) BRIDGED(double, b_##f, f, double);
#define DECLARE_REAL(f) BRIDGED(float, b_##f, f, double);
TO_COMPLEX(DECLARE_COMPLEX)
TO_REAL(DECLARE_REAL)
BRIDGED(double, b_cpowf, cpowf, double, double);
BRIDGED(double, b_mulsc3, __mulsc3, float, float, float, float);
BRIDGED(double, b_divsc3, __divsc3, float, float, float, float);

#define ROUNDING(F) F(lrint, double) F(llrint, double) F(lround, double) F(llround, double) F(lrintf, float) F(llrintf, float) \
  F(lroundf, float) F(llroundf, float) F(llogb, double) F(llogbf, float)
#define DECLARE_ROUNDING(f, type) BRIDGED(long, b_##f, f, type);
ROUNDING(DECLARE_ROUNDING)
BRIDGED(int, b_ilogb, ilogb, double);
BRIDGED(int, b_ilogbf, ilogbf, float);

static void numbers(void) {
#define SHOW_COMPLEX(f) show_packed(#f, b_##f(packed(0.75f, -1.5f)));
#define SHOW_REAL(f) printf("%s %.4f\n", #f, b_##f(packed(-3, 4)));
  TO_COMPLEX(SHOW_COMPLEX)
  TO_REAL(SHOW_REAL)
  show_packed("cpowf", b_cpowf(packed(1, 2), packed(0.5f, -0.25f)));
  show_packed("mul", b_mulsc3(1, 2, 3, 4));
  show_packed("div", b_divsc3(1, 2, 3, 4));
  const double values[] = {0.0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, 1e10, -1e10, 9.2e18, 9223372036854775807.0, -9223372036854775808.0,
                           1e19, -1e19, 1e300, INFINITY, -INFINITY, NAN, -NAN, 4e-310, 1e-40};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    double v = values[i];
    printf("%g: %d %d", v, b_ilogb(v), b_ilogbf(v));
#define SHOW_ROUNDING(f, type) printf(" %ld", b_##f((type)v));
    ROUNDING(SHOW_ROUNDING)
    puts("");
  }
}

BRIDGED(int, b_setjmp, setjmp, void *) __attribute__((returns_twice));
BRIDGED(int, b__setjmp, _setjmp, void *) __attribute__((returns_twice));
#ifdef __x86_64__
BRIDGED(int, b_sigsetjmp, __sigsetjmp, void *, int) __attribute__((returns_twice));
#else
extern int b_sigsetjmp(void *, int) __asm__("__vouch_sigsetjmp") __attribute__((returns_twice));
#endif
BRIDGED(void, b_longjmp, longjmp, void *, int) __attribute__((noreturn));

static int blocked(void) { sigset_t s; sigprocmask(SIG_BLOCK, 0, &s); return sigismember(&s, SIGUSR1); }
static void block(int how) { sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR1); sigprocmask(how, &s, 0); }
static __attribute__((noinline)) void deeper(void *buffer, int n, int value) {
  volatile char room[100];
  room[0] = n;
  if (n > 0) deeper(buffer, n - 1, value);
  else b_longjmp(buffer, value);
  room[1] = room[0];
}
#ifdef __x86_64__
static int keeps_registers(void *buffer, long number) { return 5; }
#else
// setjmp with numbers in all registers that a function preserves, then longjmp from below without them. `number` goes into
// those that RISC-V's buffer has less room for.
int keeps_registers(void *buffer, long number);
#ifdef __aarch64__
#define SAVED(R) R(19) R(20) R(21) R(22) R(23) R(24) R(25) R(26) R(27) R(28) R(29)
#define FLOATS(R) R(8) R(9) R(10) R(11) R(12) R(13) R(14) R(15)
#define PAIR(op, a, b, at) #op " " #a ", " #b ", [sp, #" #at "]\n"
#define ALL(op) PAIR(op, x29, x30, 0) PAIR(op, x19, x20, 16) PAIR(op, x21, x22, 32) PAIR(op, x23, x24, 48) PAIR(op, x25, x26, 64) \
  PAIR(op, x27, x28, 80) PAIR(op, d8, d9, 96) PAIR(op, d10, d11, 112) PAIR(op, d12, d13, 128) PAIR(op, d14, d15, 144)
#define SET(n) "mov x" #n ", #" #n "000\n"
#define SET_FLOAT(n) "mov x1, #" #n "\n scvtf d" #n ", x1\n"
#define SPOIL(n) "mov x" #n ", #-1\n"
#define SPOIL_FLOAT(n) "fmov d" #n ", #0.5\n"
#define CHECK(n) "mov x1, #" #n "000\n ccmp x" #n ", x1, #0, eq\n"
#define CHECK_FLOAT(n) "fcvtzs x2, d" #n "\n mov x1, #" #n "\n ccmp x2, x1, #0, eq\n"
__asm__(".text\n.globl keeps_registers\nkeeps_registers:\n sub sp, sp, #192\n" ALL(stp) "str x0, [sp, #160]\n mov x9, sp\n str x9, [sp, #168]\n"
        FLOATS(SET_FLOAT) SAVED(SET) "mov w1, #1\n bl __vouch_sigsetjmp\n cbnz w0, 1f\n ldr x0, [sp, #160]\n" SAVED(SPOIL)
        FLOATS(SPOIL_FLOAT) "sub sp, sp, #256\n mov w1, #5\n bl __vouch_longjmp\n"
        "1: mov x9, sp\n ldr x1, [sp, #168]\n cmp x1, x9\n" SAVED(CHECK) FLOATS(CHECK_FLOAT) "csinv w0, w0, wzr, eq\n" ALL(ldp)
        "add sp, sp, #192\n ret\n");
#else
#define GENERAL(R) R(s0, 0) R(s1, 1) R(s2, 2) R(s3, 3) R(s4, 4) R(s5, 5)
#define NUMBER(R) R(s6, 6) R(s7, 7) R(s8, 8) R(s9, 9) R(s10, 10) R(s11, 11)
#define FLOATS(R) R(fs0, 12) R(fs1, 13) R(fs2, 14) R(fs3, 15) R(fs4, 16) R(fs5, 17) R(fs6, 18) R(fs7, 19) R(fs8, 20) \
  R(fs9, 21) R(fs10, 22) R(fs11, 23)
#define SAVE(r, n) "sd " #r ", 8*" #n "(sp)\n"
#define SAVE_FLOAT(r, n) "fsd " #r ", 8*" #n "(sp)\n"
#define LOAD(r, n) "ld " #r ", 8*" #n "(sp)\n"
#define LOAD_FLOAT(r, n) "fld " #r ", 8*" #n "(sp)\n"
#define SET(r, n) "li " #r ", 0x8123456789abcd00 + " #n "\n"
#define SET_NUMBER(r, n) "addi " #r ", a1, " #n "\n"
#define SET_FLOAT(r, n) "li t0, " #n "\n fcvt.d.l " #r ", t0\n"
#define SPOIL(r, n) "li " #r ", -1\n"
#define SPOIL_FLOAT(r, n) "fmv.d.x " #r ", zero\n"
#define CHECK(r, n) "li t0, 0x8123456789abcd00 + " #n "\n bne t0, " #r ", 2f\n"
#define CHECK_NUMBER(r, n) "addi t0, a1, " #n "\n bne t0, " #r ", 2f\n"
#define CHECK_FLOAT(r, n) "fcvt.l.d t1, " #r "\n li t0, " #n "\n bne t1, t0, 2f\n"
__asm__(".text\n.globl keeps_registers\nkeeps_registers:\n addi sp, sp, -240\n" GENERAL(SAVE) NUMBER(SAVE) FLOATS(SAVE_FLOAT)
        "sd ra, 192(sp)\n sd a0, 200(sp)\n sd a1, 208(sp)\n sd sp, 216(sp)\n" FLOATS(SET_FLOAT) GENERAL(SET) NUMBER(SET_NUMBER)
        "li a1, 1\n call __vouch_sigsetjmp\n bnez a0, 1f\n ld a0, 200(sp)\n" GENERAL(SPOIL) NUMBER(SPOIL) FLOATS(SPOIL_FLOAT)
        "addi sp, sp, -256\n li a1, 5\n call __vouch_longjmp\n"
        "1: ld t0, 216(sp)\n bne t0, sp, 2f\n ld a1, 208(sp)\n" GENERAL(CHECK) NUMBER(CHECK_NUMBER) FLOATS(CHECK_FLOAT) "j 3f\n"
        "2: li a0, -1\n3:" GENERAL(LOAD) NUMBER(LOAD) FLOATS(LOAD_FLOAT) "ld ra, 192(sp)\n addi sp, sp, 240\n ret\n");
#endif
#endif

static void jumps(void) {
  _Alignas(16) GUARDED(jmp_buf, 200) b;
  FILL(b);
#define JUMP(how, value) do { block(SIG_UNBLOCK); volatile int turns = 0; int r_ = how; \
    printf(#how " gives %d in turn %d, blocked %d\n", r_, turns, blocked()); \
    if (turns++ == 0) { block(SIG_BLOCK); deeper(&b, 5, value); } } while (0)
  JUMP(b_setjmp(&b), 7);
  JUMP(b_setjmp(&b), 0);
  JUMP(b__setjmp(&b), -3);
  JUMP(b_sigsetjmp(&b, 1), 1);
  JUMP(b_sigsetjmp(&b, 0), 1 << 30);
  const long numbers[] = {0, -50, 0x7ffffffffff0, 0x800000000000, -0x800000000000, -0x800000000100, 0x123456789abcdef0, 1L << 63};
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) result("registers", keeps_registers(&b, numbers[i]));
  GUARD(b);
}

// struct semid_ds as x86-64 has it
struct x86_semid { uint32_t key, uid, gid, cuid, cgid; uint16_t mode, p1, seq, p2; uint64_t r1, r2; int64_t otime, r3, ctime, r4, nsems, r5, r6; };
_Static_assert(sizeof(struct x86_semid) == 104, "");
BRIDGED(int, b_semctl, semctl, int, int, int, void *);
BRIDGED(void *, b_localeconv, localeconv, void);
BRIDGED(void *, b_mmap, mmap, void *, size_t, int, int, int, off_t);
BRIDGED(void *, b_mallinfo2, mallinfo2, void *);
BRIDGED(void *, b_message, _ZNKSt8messagesIcE3getEiiiRKSs, void *, void *, int, int, int, void *);
struct object { long fields[5]; };
// Stands for a function of the C++ library, which is not linked.
struct object message(void *, int, int, int, void *) __asm__("_ZNKSt8messagesIcE3getEiiiRKSs");
struct object message(void *self, int a, int b, int c, void *text) {
  return (struct object){{*(long *)self, a, b, c, *(long *)text}};
}

static ssize_t read_cookie(void *cookie, char *to, size_t n) { memset(to, *(char *)cookie, n); return n; }
static ssize_t write_cookie(void *cookie, const char *from, size_t n) { printf("wrote %zu %.3s\n", n, from); return n; }
static long seek_cookie(void *cookie, off64_t *to, int from) { printf("seek %ld %d\n", (long)*to, from); return ANY(*to < 0 || from == 2 ? -1 : 0); }
static long close_cookie(void *cookie) { puts("closed"); return ANY(-1); }
#ifdef __x86_64__
#define OPEN_COOKIE fopencookie
#else
// x86-64 passes the structure on the stack.
static FILE *OPEN_COOKIE(void *cookie, const char *mode, cookie_io_functions_t f) {
#ifdef __aarch64__
  register void *x0 __asm__("x0") = cookie;
  register const char *x1 __asm__("x1") = mode;
  __asm__ volatile("sub sp, sp, #32\n ldp x16, x17, [%2]\n stp x16, x17, [sp]\n ldp x16, x17, [%2, #16]\n stp x16, x17, [sp, #16]\n"
                   "bl __vouch_fopencookie\n add sp, sp, #32" : "+r"(x0) : "r"(x1), "r"(&f)
                   : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x30", "memory", "cc");
  return x0;
#else
  register void *a0 __asm__("a0") = cookie;
  register const char *a1 __asm__("a1") = mode;
  __asm__ volatile("addi sp, sp, -32\n ld t0, 0(%2)\n sd t0, 0(sp)\n ld t0, 8(%2)\n sd t0, 8(sp)\n ld t0, 16(%2)\n sd t0, 16(sp)\n"
                   "ld t0, 24(%2)\n sd t0, 24(sp)\n call __vouch_fopencookie\n addi sp, sp, 32" : "+r"(a0), "+r"(a1) : "r"(&f)
                   : "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "ra", "memory");
  return a0;
#endif
}
#endif

static void others(void) {
  int id = semget(IPC_PRIVATE, 3, 0600);
  struct { struct x86_semid s; unsigned char guard[32]; } x;
  FILL(x);
  result("stat", b_semctl(id, 0, IPC_STAT, &x));
  printf("%o %ld %ld %d %ld %ld\n", x.s.mode, x.s.otime, x.s.nsems, x.s.ctime > 1000000000, x.s.r3, x.s.r6);
  x.s.mode = 0644;
  result("set", b_semctl(id, 0, IPC_SET, &x));
  result("stat", b_semctl(id, 0, IPC_STAT, &x));
  printf("%o\n", x.s.mode);
  result("value", b_semctl(id, 1, SETVAL, (void *)5));
  result("value", b_semctl(id, 1, GETVAL, 0));
  result("remove", b_semctl(id, 0, IPC_RMID, 0));
  result("stat", b_semctl(id, 0, IPC_STAT, &x));
  GUARD(x);
  const char *l = b_localeconv();
  for (int i = 80; i < 94; i++) printf("%d ", (signed char)l[i]);
  puts(*(const char *const *)l);
  char *p = b_mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  printf("%d\n", p != MAP_FAILED && p[8191] == 0);
#ifndef __x86_64__
  if (b_mmap(0, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x40, -1, 0) != MAP_FAILED || errno != ENOTSUP) puts("MAP_32BIT");
#endif
  cookie_io_functions_t functions = {read_cookie, write_cookie, (void *)seek_cookie, (void *)close_cookie};
  FILE *cookie = OPEN_COOKIE("z", "r+", functions);
  result("found", fseek(cookie, 5, SEEK_SET));
  errno = 0;
  result("not found", fseek(cookie, 0, SEEK_END));
  result("put", fputs("abc", cookie) >= 0);
  fflush(cookie);
  result("got", fgetc(cookie));
  result("closed", fclose(cookie));
  cookie_io_functions_t none = {0, 0, 0, 0};
  cookie = OPEN_COOKIE(0, "r", none);
  result("nothing", fgetc(cookie));
  result("closed", fclose(cookie));
  struct { uint64_t fields[10]; unsigned char guard[32]; } info;
  FILL(info);
  free(malloc(100000));
  result("its address", b_mallinfo2(&info) == &info);
  result("plausible", info.fields[0] > 1000 && info.fields[0] < 1 << 30);
  GUARD(info);
  struct { struct object is; unsigned char guard[32]; } object;
  FILL(object);
  result("its address", b_message(&object, &(long){7}, 1, -2, 3, &(long){9}) == &object);
  for (int i = 0; i < 5; i++) result("a field", object.is.fields[i]);
  GUARD(object);
}

BRIDGED(void, b_qsort, qsort, void *, size_t, size_t, void *);
BRIDGED(void, b_qsort_r, qsort_r, void *, size_t, size_t, void *, void *);
BRIDGED(int *, b_bsearch, bsearch, const void *, const void *, size_t, size_t, void *);
BRIDGED(int *, b_lfind, lfind, const void *, const void *, size_t *, size_t, void *);
BRIDGED(int *, b_lsearch, lsearch, const void *, void *, size_t *, size_t, void *);
BRIDGED(const int **, b_tsearch, tsearch, const void *, void **, void *);
BRIDGED(const int **, b_tfind, tfind, const void *, void *const *, void *);
BRIDGED(void *, b_tdelete, tdelete, const void *, void **, void *);
BRIDGED(int, b_scandir, scandir, const char *, struct dirent ***, void *, void *);
BRIDGED(int, b_scandirat, scandirat, int, const char *, struct dirent ***, void *, void *);
BRIDGED(int, b_dl_iterate_phdr, dl_iterate_phdr, void *, void *);

static long compare(const int *a, const int *b) { return ANY(*a < *b ? -1 : *a > *b); }
static long compare_by(const int *a, const int *b, const int *sign) { return ANY(*sign * (*a < *b ? -1 : *a > *b)); }
static long no_dots(const struct dirent *e) { return ANY(e->d_name[0] != '.'); }
static long by_name(const struct dirent **a, const struct dirent **b) { return ANY(strcmp((*a)->d_name, (*b)->d_name)); }
static long count_objects(struct dl_phdr_info *i, size_t size, int *count) { return ANY(++*count == 2 ? 9 : 0); }
static void show_list(const char *what, int n, struct dirent ***l) {
  printf("%s %d:", what, n);
  for (int i = 0; i < n; i++) printf(" %s", (*l)[i]->d_name);
  puts("");
}

static void callbacks(void) {
  int n[50], found = 0, missing = 99;
  for (int i = 0; i < 50; i++) n[i] = (i * 37) % 50 - 25;
  b_qsort(n, 50, sizeof *n, compare);
  for (int i = 0; i < 50; i++) printf("%d ", n[i]);
  result("at", b_bsearch(&found, n, 50, sizeof *n, compare) - n);
  result("nowhere", b_bsearch(&missing, n, 50, sizeof *n, compare) == 0);
  int sign = -1;
  b_qsort_r(n, 50, sizeof *n, compare_by, &sign);
  for (int i = 0; i < 50; i++) printf("%d ", n[i]);
  puts("");
  size_t size = 40;
  result("at", b_lfind(&found, n, &size, sizeof *n, compare) - n);
  result("nowhere", b_lfind(&missing, n, &size, sizeof *n, compare) == 0);
  result("added", b_lsearch(&missing, n, &size, sizeof *n, compare) - n);
  result("again", b_lsearch(&missing, n, &size, sizeof *n, compare) - n);
  printf("%zu %d\n", size, n[40]);
  void *tree = 0;
  for (int i = 0; i < 40; i++) result("key", **b_tsearch(&n[i], &tree, compare));
  int other = n[7];
  result("the old one", *b_tsearch(&other, &tree, compare) == &n[7]);
  result("found", *b_tfind(&other, &tree, compare) == &n[7]);
  result("none", b_tfind(&missing, &tree, compare) == 0);
  result("gone", b_tdelete(&other, &tree, compare) != 0);
  result("none", b_tfind(&other, &tree, compare) == 0);
  result("not there", b_tdelete(&missing, &tree, compare) == 0);
  struct dirent **list;
  show_list("sorted", b_scandir(".", &list, no_dots, by_name), &list);
  show_list("all", b_scandir(".", &list, 0, by_name), &list);
  show_list("at", b_scandirat(AT_FDCWD, ".", &list, no_dots, by_name), &list);
  result("unsorted", b_scandir(".", &list, no_dots, 0));
  result("missing", b_scandir("missing", &list, no_dots, by_name));
  int count = 0;
  result("objects", b_dl_iterate_phdr(count_objects, &count));
  printf("%d\n", count);
}

int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IONBF, 0);
  switch (argv[1][0]) {
    case 's': stats(); break;
    case 'o': opens(); break;
    case 'e': events(); break;
    case 't': thread_objects(); break;
    case 'n': numbers(); break;
    case 'j': jumps(); break;
    case 'c': callbacks(); break;
    case 'x': others(); break;
  }
  puts("end");
  return 0;
}
