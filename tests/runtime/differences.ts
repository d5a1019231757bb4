// SPDX-License-Identifier: MIT
import type { TargetName } from './build.ts';

/** What is done about a difference between the C libraries of x86-64 and a target. */
export type Difference =
  /** Each function that takes or gives such a thing has a bridge. */
  | { readonly bridged: readonly string[] }
  /** Each function that takes or gives such a thing is refused. */
  | { readonly refused: readonly string[] }
  /** Why it does not matter, or cannot be seen in code. `sometimes`: whether it differs depends on the x86 machine. */
  | { readonly because: string; readonly sometimes?: true };

const words = (text: string): string[] => text.trim().split(/\s+/);
const each = (names: string, difference: Difference): [string, Difference][] =>
  words(names).map((name) => [name.replaceAll('~', ' '), difference]);

const STAT: Difference = {
  bridged: words('stat stat64 lstat fstat fstatat fstatat64 __xstat __fxstat64 __lxstat __fxstatat'),
};
const JUMP: Difference = { bridged: words('setjmp _setjmp __sigsetjmp longjmp _longjmp siglongjmp __longjmp_chk') };
const OPEN: Difference = {
  bridged: words('open open64 openat openat64 __open_2 __open64_2 __openat_2 fcntl fcntl64 pipe2 shm_open'),
};
const ENVIRONMENT: Difference = {
  refused: words('fesetround feclearexcept fetestexcept feraiseexcept fegetenv fesetenv feholdexcept feenableexcept'),
};
const CONTEXT: Difference = { refused: words('getcontext setcontext makecontext swapcontext') };
const UTMP: Difference = { refused: words('getutent getutxent pututline pututxline updwtmp login') };
const SYSCALL: Difference = { refused: ['syscall'] };
const COMPILED: Difference = { because: 'It is compiled into the code; no function takes or gives it.' };

/** A `~` stands for a blank. */
const COMMON: readonly [string, Difference][] = [
  ...each(
    `struct~stat struct~stat64 struct~stat.st_nlink struct~stat.st_mode struct~stat.st_uid struct~stat.st_gid
     struct~stat.st_rdev struct~stat.st_blksize struct~stat64.st_nlink struct~stat64.st_mode nlink_t blksize_t`,
    STAT,
  ),
  ...each('jmp_buf sigjmp_buf', JUMP),
  ...each('ucontext_t ucontext_t.uc_mcontext ucontext_t.uc_sigmask mcontext_t', CONTEXT),
  ...each('struct~epoll_event struct~epoll_event.data', {
    bridged: words('epoll_ctl epoll_wait epoll_pwait epoll_pwait2'),
  }),
  ...each('struct~semid_ds struct~semid_ds.sem_ctime struct~semid_ds.sem_nsems', { bridged: ['semctl'] }),
  ...each('FTSENT.fts_info FTSENT.fts_level', { refused: words('fts_open fts_read fts_children') }),
  ...each(
    `fenv_t fexcept_t FE_DIVBYZERO FE_OVERFLOW FE_UNDERFLOW FE_INEXACT FE_ALL_EXCEPT FE_UPWARD FE_DOWNWARD FE_TOWARDZERO`,
    ENVIRONMENT,
  ),
  ...each('va_list', { bridged: words('vprintf vfprintf vsnprintf vsscanf __vsnprintf_chk vsyslog verr') }),
  ...each('MAP_32BIT', { bridged: words('mmap mmap64') }),
  ...each('FP_ILOGB0 FP_ILOGBNAN', { bridged: words('ilogb ilogbf') }),
  ...each('FP_LLOGB0 FP_LLOGBNAN', { bridged: words('llogb llogbf') }),
  ...each('LDBL_MANT_DIG DECIMAL_DIG', { refused: words('strtold sqrtl powl fmal __fpclassifyl') }),
  ...each('CHAR_MIN CHAR_MAX', { bridged: ['localeconv'] }),
  ...each('SYS_read SYS_write SYS_openat SYS_futex SYS_gettid SYS_getrandom', SYSCALL),
];

const PARTICULAR: Readonly<Record<TargetName, readonly [string, Difference][]>> = {
  aarch64: [
    ...each('pthread_mutex_t', { bridged: ['pthread_mutex_init'] }),
    ...each('pthread_mutexattr_t', { bridged: ['pthread_mutexattr_init'] }),
    ...each('pthread_condattr_t', { bridged: ['pthread_condattr_init'] }),
    ...each('pthread_barrierattr_t', { bridged: ['pthread_barrierattr_init'] }),
    ...each('pthread_attr_t', { bridged: words('pthread_attr_init pthread_getattr_np pthread_getattr_default_np') }),
    ...each('mtx_t', { bridged: ['mtx_init'] }),
    ...each('PTHREAD_STACK_MIN', { bridged: ['pthread_attr_setstacksize'] }),
    ...each('struct~utmp struct~utmp.ut_tv struct~utmpx struct~utmpx.ut_tv', UTMP),
    ...each('struct~lastlog', { because: 'No function takes it; it describes a file, which is that of the machine.' }),
    ...each('O_DIRECTORY O_NOFOLLOW O_DIRECT O_TMPFILE', OPEN),
    ...each('WCHAR_MIN WCHAR_MAX', COMPILED),
    ...each('MINSIGSTKSZ', {
      because:
        'Stacks for signals that are smaller than 5120 bytes are rejected by sigaltstack with ENOMEM, which programs ' +
        'see; SIGSTKSZ was 8192 on x86 where it was a constant, and suffices.',
    }),
  ],
  riscv64: [
    ...each('FE_INVALID', ENVIRONMENT),
    ...each('MINSIGSTKSZ', {
      because: 'The library tells it at run time, from what the kernel saves; what suffices on x86 does on RISC-V.',
      sometimes: true,
    }),
  ],
};

/** Every difference between the libraries of x86-64 and a target, by what was measured. */
export function differences(target: TargetName): ReadonlyMap<string, Difference> {
  return new Map([...COMMON, ...PARTICULAR[target]]);
}
