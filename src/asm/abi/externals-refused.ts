// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';
import { RETURNING_NARROW_VIRTUALLY, RETURNING_OBJECTS_VIRTUALLY } from './runtime/cplusplus.ts';

/** Why a function of the source platform's libraries cannot be called from carried-over code. */
export interface RefusedFunction {
  readonly reason: string;
  /** What to do about it. */
  readonly advice: string;
  /** It throws or catches exceptions of C++: it may be called where they are taken to end the program. */
  readonly throws?: boolean;
}

type Target = Exclude<Isa['name'], 'x86_64'>;

interface Group extends RefusedFunction {
  readonly names: readonly string[];
  /** The only target that this concerns; without it, all. */
  readonly only?: Target;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Functions of `long double` and its like, without their endings. */
const MATH = words(`
  acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp10 exp2 expm1 fabs fdim floor fma
  fmax fmin fmod frexp gamma hypot ilogb j0 j1 jn ldexp lgamma llogb llrint llround log log10 log1p log2 logb
  lrint lround modf nan nearbyint nextafter nextdown nextup nexttoward pow pow10 remainder remquo rint round roundeven
  scalb scalbln scalbn significand drem sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 yn canonicalize fmaxmag fminmag
  fromfp fromfpx ufromfp ufromfpx getpayload setpayload setpayloadsig totalorder totalordermag finite isinf isnan
  cabs cacos cacosh carg casin casinh catan catanh ccos ccosh cexp cimag clog clog10 conj cpow cproj creal csin csinh
  csqrt ctan ctanh fmaximum fminimum fmaximum_num fminimum_num fmaximum_mag fminimum_mag fmaximum_mag_num
  fminimum_mag_num
`);
const withEnding = (ending: string): string[] => [...MATH.map((name) => `${name}${ending}`), `lgamma${ending}_r`];

const GROUPS: readonly Group[] = [
  {
    names: [
      ...withEnding('l'),
      ...withEnding('f64x'),
      ...words(`
        nexttoward nexttowardf strtold strtold_l wcstold wcstold_l strfroml qecvt qfcvt qgcvt qecvt_r qfcvt_r
        strtof64x strtof64x_l wcstof64x wcstof64x_l strfromf64x
        __fpclassifyl __isnanl __isinfl __finitel __signbitl __issignalingl __iseqsigl __iscanonicall
        __strtold_internal __wcstold_internal
        faddl fsubl fmull fdivl fsqrtl ffmal daddl dsubl dmull ddivl dsqrtl dfmal
        f32addf64x f32subf64x f32mulf64x f32divf64x f32sqrtf64x f32fmaf64x f64addf64x f64subf64x f64mulf64x f64divf64x
        f64sqrtf64x f64fmaf64x f32xaddf64x f32xsubf64x f32xmulf64x f32xdivf64x f32xsqrtf64x f32xfmaf64x __clog10l
        __extendxftf2 __trunctfxf2 __fixxfti __fixunsxfti __fixxfdi __fixunsxfdi __floattixf __floatuntixf __floatdixf
        __floatundixf __powixf2 __mulxc3 __divxc3
      `),
    ],
    reason: 'it takes or returns a long double, which has 80 bits on x86 and 128 on AArch64 and RISC-V',
    advice: 'use double',
  },
  {
    names: [
      ...withEnding('f128'),
      ...words(`
        strtof128 strtof128_l wcstof128 wcstof128_l strfromf128 __fpclassifyf128 __signbitf128 __isinff128 __finitef128
        __isnanf128 __iseqsigf128 __issignalingf128
        f32addf128 f32subf128 f32mulf128 f32divf128 f32sqrtf128 f32fmaf128 f64addf128 f64subf128 f64mulf128 f64divf128
        f64sqrtf128 f64fmaf128 f32xaddf128 f32xsubf128 f32xmulf128 f32xdivf128 f32xsqrtf128 f32xfmaf128
        f64xaddf128 f64xsubf128 f64xmulf128 f64xdivf128 f64xsqrtf128 f64xfmaf128
        __addtf3 __subtf3 __multf3 __divtf3 __negtf2 __powitf2 __multc3 __divtc3
        __extendhftf2 __extendsftf2 __extenddftf2 __trunctfhf2 __trunctfsf2 __trunctfdf2
        __fixtfsi __fixtfdi __fixtfti __fixunstfsi __fixunstfdi __fixunstfti
        __floatsitf __floatditf __floattitf __floatunsitf __floatunditf __floatuntitf
        __eqtf2 __netf2 __lttf2 __letf2 __gttf2 __getf2 __unordtf2 __cmptf2
      `),
    ],
    only: 'riscv64',
    reason:
      'it takes or returns a number of 128 bits, which x86 keeps in one vector register and RISC-V in two integer registers',
    advice: 'use double',
  },
  {
    names: words('getcontext setcontext makecontext swapcontext'),
    reason: 'a ucontext_t holds the registers of the machine',
    advice: 'use threads, or carry over the part that switches contexts by hand',
  },
  {
    names: words(`
      feclearexcept fegetexceptflag feraiseexcept fesetexceptflag fetestexcept fesetexcept fetestexceptflag fesetround
      fegetenv feholdexcept fesetenv feupdateenv fegetmode fesetmode feenableexcept fedisableexcept fegetexcept
    `),
    reason:
      'it changes or shows the floating-point environment, which carried-over code is taken to leave as it is at program start',
    advice: 'remove the call, or keep the function that needs it in C',
  },
  {
    names: words(`
      syscall arch_prctl personality iopl ioperm modify_ldt vm86 ptrace kexec_load
    `),
    reason: 'it speaks to the kernel about this machine: numbers and structures differ',
    advice: 'call the C library function for the system call that is meant',
  },
  {
    names: words('ftw ftw64 nftw nftw64 fts_open fts_read fts_children fts64_open fts64_read fts64_children'),
    reason: 'it hands out `struct stat`, whose layout differs',
    advice: 'use opendir, readdir and lstat',
  },
  {
    names: words(`
      getutent getutid getutline pututline getutent_r getutid_r getutline_r getutxent getutxid getutxline pututxline
      getutmp getutmpx updwtmp updwtmpx login logout logwtmp
    `),
    only: 'aarch64',
    reason: '`struct utmp` and `struct lastlog` have other layouts',
    advice: 'keep the function that needs it in C',
  },
  {
    names: words(`
      __pthread_register_cancel __pthread_unregister_cancel __pthread_unwind_next
      __pthread_register_cancel_defer __pthread_unregister_cancel_restore
    `),
    reason: "its buffer holds the machine's registers, and threads are unwound through it",
    advice: 'do without pthread_cleanup_push, or keep the function in C',
  },
  {
    names: words(`
      _Unwind_Resume_or_Rethrow _Unwind_RaiseException _Unwind_ForcedUnwind _Unwind_Backtrace
      _Unwind_GetIP _Unwind_GetCFA _Unwind_FindEnclosingFunction
    `),
    reason: 'tables for unwinding are not carried over',
    advice: 'keep the function in C++',
  },
  {
    names: words(`
      _Unwind_Resume __cxa_throw __cxa_rethrow __cxa_begin_catch __cxa_end_catch __cxa_get_exception_ptr
    `),
    throws: true,
    reason: 'tables for unwinding are not carried over, so exceptions cannot pass through the code',
    advice:
      'where no exception is thrown that this code would catch or clean up after, use --exceptions end: each that is thrown ' +
      'ends the program; else compile with -fno-exceptions, or keep the function in C++',
  },
  {
    names: RETURNING_OBJECTS_VIRTUALLY,
    only: 'aarch64',
    reason: 'it is called through tables and returns an object, whose address AArch64 passes in another register',
    advice: "keep classes that are derived from the C++ library's in C++",
  },
  {
    names: RETURNING_NARROW_VIRTUALLY,
    only: 'riscv64',
    reason:
      'the C++ library calls functions through its tables whose results RISC-V wants extended, which x86 does not do',
    advice: "keep classes that are derived from the C++ library's in C++",
  },
  {
    names: words('__tls_get_addr'),
    reason: 'the general model of thread-local storage is reached in another way',
    advice: 'compile with -ftls-model=initial-exec or local-exec',
  },
  {
    names: words('__cpu_indicator_init __cpu_model __cpu_features2 __get_cpuid_max __x86_get_cpuid_feature_leaf'),
    reason: 'it tells what an x86 CPU can do',
    advice: 'compile without function multiversioning and __builtin_cpu_supports',
  },
  {
    names: words('mcount __fentry__ __cyg_profile_func_enter __cyg_profile_func_exit __morestack'),
    reason: 'instrumentation of this kind looks at the frames of its callers',
    advice: 'compile without -pg, -finstrument-functions and -fsplit-stack',
  },
  {
    names: words(`
      register_printf_function register_printf_specifier register_printf_modifier register_printf_type
      argp_error argp_failure
    `),
    reason: 'variable arguments pass through it in a way that has no bridge',
    advice: 'format the message with snprintf first',
  },
];

/** The groups of refused functions: all, or those of a target. */
export function refusedGroups(target?: Target): readonly Group[] {
  return GROUPS.filter(({ only }) => target === undefined || only === undefined || only === target);
}

/** Functions refused for a target, by name. */
export function refusedFor(target: Target): ReadonlyMap<string, RefusedFunction> {
  return new Map(
    refusedGroups(target).flatMap(({ names, reason, advice, throws = false }) =>
      names.map((name) => [name, { reason, advice, throws }] as const),
    ),
  );
}
