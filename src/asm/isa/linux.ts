// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Isa } from './isa.ts';

/**
 * The system calls of Linux and their numbers, which are x86-64's own (arch/x86/entry/syscalls/syscall_64.tbl) on that
 * machine and the common ones (include/uapi/asm-generic/unistd.h) on AArch64 and RISC-V.
 */
export interface LinuxCall {
  readonly name: string;
  readonly x86: number;
  /** Undefined for one that only x86-64 has. */
  readonly common: number | undefined;
  readonly arity: number;
}

/** Name, number on x86-64, common number, count of arguments. */
const EVERYWHERE = `
  read 0 63 3, write 1 64 3, close 3 57 1, fstat 5 80 2, lseek 8 62 3, mmap 9 222 6, mprotect 10 226 3, munmap 11 215 2, brk 12 214 1,
  rt_sigaction 13 134 4, rt_sigprocmask 14 135 4, rt_sigreturn 15 139 0, pread64 17 67 4, pwrite64 18 68 4, readv 19 65 3, writev 20 66 3, sched_yield 24 124 0,
  mremap 25 216 5, msync 26 227 3, mincore 27 232 3, madvise 28 233 3, shmget 29 194 3, shmat 30 196 3, shmctl 31 195 3,
  dup 32 23 1, nanosleep 35 101 2, getitimer 36 102 2, setitimer 38 103 3, getpid 39 172 0, sendfile 40 71 4,
  socket 41 198 3, connect 42 203 3, accept 43 202 3, sendto 44 206 6, recvfrom 45 207 6, sendmsg 46 211 3,
  recvmsg 47 212 3, shutdown 48 210 2, bind 49 200 3, listen 50 201 2, getsockname 51 204 3, getpeername 52 205 3,
  socketpair 53 199 4, setsockopt 54 208 5, getsockopt 55 209 5, execve 59 221 3, clone 56 220 5, exit 60 93 1, wait4 61 260 4,
  kill 62 129 2, uname 63 160 1, semget 64 190 3, semop 65 193 3, semctl 66 191 4, shmdt 67 197 1, msgget 68 186 2, msgsnd 69 189 4,
  msgrcv 70 188 5, fcntl 72 25 3, flock 73 32 2, fsync 74 82 1, fdatasync 75 83 1, truncate 76 45 2, ftruncate 77 46 2,
  getcwd 79 17 2, chdir 80 49 1, fchdir 81 50 1, fchmod 91 52 2, fchown 93 55 3, umask 95 166 1, gettimeofday 96 169 2,
  getrlimit 97 163 2, getrusage 98 165 2, sysinfo 99 179 1, times 100 153 1, getuid 102 174 0, getgid 104 176 0,
  setuid 105 146 1, setgid 106 144 1, geteuid 107 175 0, getegid 108 177 0, setpgid 109 154 2, ptrace 101 117 4, getppid 110 173 0,
  setsid 112 157 0, setreuid 113 145 2, setregid 114 143 2, getgroups 115 158 2, setgroups 116 159 2, setresuid 117 147 3,
  getresuid 118 148 3, setresgid 119 149 3, getresgid 120 150 3, getpgid 121 155 1, setfsuid 122 151 1, setfsgid 123 152 1,
  getsid 124 156 1, capget 125 90 2, capset 126 91 2, rt_sigpending 127 136 2, rt_sigtimedwait 128 137 4,
  rt_sigsuspend 130 133 2, rt_sigqueueinfo 129 138 3, sigaltstack 131 132 2, personality 135 92 1, statfs 137 43 2, fstatfs 138 44 2, getpriority 140 141 2, setpriority 141 140 3,
  sched_setparam 142 118 2, sched_getparam 143 121 2, sched_setscheduler 144 119 3, sched_getscheduler 145 120 1,
  sched_get_priority_max 146 125 1, sched_get_priority_min 147 126 1, sched_rr_get_interval 148 127 2, mlock 149 228 2,
  munlock 150 229 2, mlockall 151 230 1, munlockall 152 231 0, prctl 157 167 5, setrlimit 160 164 2, chroot 161 51 1, sync 162 81 0,
  gettid 186 178 0, readahead 187 213 3, setxattr 188 5 5, lsetxattr 189 6 5, fsetxattr 190 7 5, getxattr 191 8 4,
  lgetxattr 192 9 4, fgetxattr 193 10 4, listxattr 194 11 3, llistxattr 195 12 3, flistxattr 196 13 3,
  removexattr 197 14 2, lremovexattr 198 15 2, fremovexattr 199 16 2, tkill 200 130 2, futex 202 98 6,
  sched_setaffinity 203 122 3, sched_getaffinity 204 123 3, getdents64 217 61 3, set_tid_address 218 96 1,
  fadvise64 221 223 4, timer_create 222 107 3, timer_settime 223 110 4, timer_gettime 224 108 2,
  timer_getoverrun 225 109 1, timer_delete 226 111 1, clock_settime 227 112 2, clock_gettime 228 113 2,
  clock_getres 229 114 2, clock_nanosleep 230 115 4, exit_group 231 94 1, tgkill 234 131 3, waitid 247 95 5,
  ioctl 16 29 3, inotify_add_watch 254 27 3, inotify_rm_watch 255 28 2, openat 257 56 4, mkdirat 258 34 3,
  mknodat 259 33 4, fchownat 260 54 5, unlinkat 263 35 3, linkat 265 37 5, symlinkat 266 36 3, readlinkat 267 78 4,
  fchmodat 268 53 3, faccessat 269 48 3, pselect6 270 72 6, ppoll 271 73 5, set_robust_list 273 99 2,
  get_robust_list 274 100 3, splice 275 76 6, tee 276 77 4, sync_file_range 277 84 4, vmsplice 278 75 4,
  utimensat 280 88 4, timerfd_create 283 85 2, fallocate 285 47 4, timerfd_settime 286 86 4, timerfd_gettime 287 87 2,
  accept4 288 242 4, signalfd4 289 74 4, eventfd2 290 19 2, epoll_create1 291 20 1, dup3 292 24 3, pipe2 293 59 2,
  inotify_init1 294 26 1, preadv 295 69 5, pwritev 296 70 5, prlimit64 302 261 4, sendmmsg 307 269 4, getcpu 309 168 3,
  newfstatat 262 79 4, epoll_ctl 233 21 4, epoll_pwait 281 22 6, renameat2 316 276 5, getrandom 318 278 3, memfd_create 319 279 2, execveat 322 281 5, membarrier 324 283 3,
  copy_file_range 326 285 6, statx 332 291 5, close_range 436 436 3, clone3 435 435 2, openat2 437 437 4,
  faccessat2 439 439 4`;

/** Name, number, count of arguments: others have replaced these elsewhere. */
const ONLY_X86 = `
  open 2 3, stat 4 2, lstat 6 2, poll 7 3, access 21 2, pipe 22 1, select 23 5, dup2 33 2, pause 34 0, alarm 37 1, fork 57 0,
  vfork 58 0, getdents 78 3, rename 82 2, mkdir 83 2, rmdir 84 1, creat 85 2, link 86 2, unlink 87 1, symlink 88 2,
  readlink 89 3, chmod 90 2, chown 92 3, lchown 94 3, getpgrp 111 0, utime 132 2, mknod 133 3, ustat 136 2, modify_ldt 154 3,
  arch_prctl 158 2, iopl 172 1, ioperm 173 3, time 201 1, set_thread_area 205 1, get_thread_area 211 1, epoll_create 213 1,
  epoll_wait 232 4, utimes 235 2, inotify_init 253 0, futimesat 261 3, renameat 264 4, signalfd 282 3, eventfd 284 1`;

function read(text: string): string[][] {
  return text.split(',').map((call) => call.trim().split(' '));
}

export const linuxCalls: readonly LinuxCall[] = [
  ...read(EVERYWHERE).map(([name = '', x86, common, arity]) => ({
    name,
    x86: Number(x86),
    common: Number(common),
    arity: Number(arity),
  })),
  ...read(ONLY_X86).map(([name = '', x86, arity]) => ({
    name,
    x86: Number(x86),
    common: undefined,
    arity: Number(arity),
  })),
];

const byName = new Map(linuxCalls.map((c) => [c.name, c]));

export function linuxCall(name: string): LinuxCall {
  return must(byName.get(name), `a system call ${name}`);
}

/** An argument of a call that stands for another: that one's argument with this index, or a number. */
export type Forwarded = { readonly of: number } | { readonly value: bigint };

const of = (index: number): Forwarded => ({ of: index });
const is = (value: bigint): Forwarded => ({ value });
/** Paths begin at the working directory. */
const CWD = is(-100n);
const SIGCHLD = is(17n);
const REMOVE_DIRECTORY = is(0x200n);
const NO_FOLLOW = is(0x100n);
/** O_CREAT, O_WRONLY and O_TRUNC. */
const CREATE = is(0x241n);
const NONE = is(0n);

/** What a call of x86-64 is in the common ones, for those that the others lack: the kernel has one function for both. */
export const REPLACED: Readonly<Record<string, readonly [common: string, ...args: Forwarded[]]>> = {
  open: ['openat', CWD, of(0), of(1), of(2)],
  access: ['faccessat', CWD, of(0), of(1)],
  pipe: ['pipe2', of(0), NONE],
  fork: ['clone', SIGCHLD, NONE, NONE, NONE, NONE],
  rename: ['renameat2', CWD, of(0), CWD, of(1), NONE],
  mkdir: ['mkdirat', CWD, of(0), of(1)],
  rmdir: ['unlinkat', CWD, of(0), REMOVE_DIRECTORY],
  creat: ['openat', CWD, of(0), CREATE, of(1)],
  link: ['linkat', CWD, of(0), CWD, of(1), NONE],
  unlink: ['unlinkat', CWD, of(0), NONE],
  symlink: ['symlinkat', of(0), CWD, of(1)],
  readlink: ['readlinkat', CWD, of(0), of(1), of(2)],
  chmod: ['fchmodat', CWD, of(0), of(1)],
  chown: ['fchownat', CWD, of(0), of(1), of(2), NONE],
  lchown: ['fchownat', CWD, of(0), of(1), of(2), NO_FOLLOW],
  getpgrp: ['getpgid', NONE],
  mknod: ['mknodat', CWD, of(0), of(1), of(2)],
  inotify_init: ['inotify_init1', NONE],
  renameat: ['renameat2', of(0), of(1), of(2), of(3), NONE],
  eventfd: ['eventfd2', of(0), NONE],
};

/** Which argument holds flags of `open`. */
export const OPEN_FLAGS: Readonly<Record<string, number>> = { openat: 2, pipe2: 1 };

/**
 * O_DIRECT, O_LARGEFILE, O_DIRECTORY and O_NOFOLLOW are bits 14 to 17 on x86 and RISC-V, and on AArch64 bits 16, 17, 14
 * and 15 (arch/arm64/include/uapi/asm/fcntl.h).
 */
export const OPEN_FLAG_PAIRS = { low: 14, high: 16, width: 2 } as const;

/** x86's flags of `open` as AArch64 has them, and the other way about. */
export function swapOpenFlags(flags: bigint): bigint {
  const { low, high } = OPEN_FLAG_PAIRS;
  const differ = (flags ^ (flags >> BigInt(high - low))) & (3n << BigInt(low));
  return flags ^ differ ^ (differ << BigInt(high - low));
}

/** A system call in words that mean the same on all machines: common calls, and x86's flags. */
export interface AskedFor {
  readonly name: string;
  readonly args: readonly bigint[];
}

const numbersOf = (pick: (c: LinuxCall) => number | undefined): Map<number, LinuxCall> =>
  new Map(linuxCalls.flatMap((c) => (pick(c) === undefined ? [] : [[pick(c) ?? 0, c] as const])));
const ofX86 = numbersOf((c) => c.x86);
const ofOthers = numbersOf((c) => c.common);

export function askedFor(isa: Isa['name'], number: bigint, args: readonly bigint[]): AskedFor | undefined {
  const call = (isa === 'x86_64' ? ofX86 : ofOthers).get(Number(BigInt.asUintN(32, number)));
  if (call === undefined) return undefined;
  const replaced = isa === 'x86_64' ? REPLACED[call.name] : undefined;
  if (replaced !== undefined) {
    const [name, ...forwarded] = replaced;
    return { name, args: forwarded.map((f) => BigInt.asUintN(64, 'of' in f ? (args[f.of] ?? 0n) : f.value)) };
  }
  const flags = isa === 'aarch64' ? OPEN_FLAGS[call.name] : undefined;
  const own = args.slice(0, call.arity);
  return { name: call.name, args: own.map((a, i) => (i === flags ? swapOpenFlags(a) : a)) };
}
