// SPDX-License-Identifier: MIT
import { build, type Machine, run } from './build.ts';

/** What is measured of the C library's headers on both machines: sizes, offsets and constants. */

const words = (text: string): string[] => text.trim().split(/\s+/);

const HEADERS = words(`
  aio.h argp.h arpa/inet.h complex.h ctype.h dirent.h dlfcn.h elf.h err.h errno.h error.h fcntl.h fenv.h float.h fmtmsg.h
  fnmatch.h fstab.h fts.h ftw.h getopt.h glob.h grp.h gshadow.h iconv.h ifaddrs.h inttypes.h langinfo.h libgen.h limits.h
  link.h locale.h malloc.h math.h mntent.h monetary.h mqueue.h net/if.h netdb.h netinet/in.h netinet/tcp.h netinet/udp.h
  nl_types.h obstack.h poll.h pthread.h pty.h pwd.h regex.h resolv.h sched.h search.h semaphore.h setjmp.h sgtty.h
  shadow.h signal.h spawn.h stdarg.h stddef.h stdint.h stdio.h stdio_ext.h stdlib.h string.h sys/acct.h sys/epoll.h
  sys/eventfd.h sys/fanotify.h sys/file.h sys/inotify.h sys/ioctl.h sys/ipc.h sys/mman.h sys/mount.h sys/msg.h sys/param.h
  sys/personality.h sys/prctl.h sys/quota.h sys/random.h sys/reboot.h sys/resource.h sys/select.h sys/sem.h sys/sendfile.h
  sys/shm.h sys/signalfd.h sys/socket.h sys/stat.h sys/statfs.h sys/statvfs.h sys/swap.h sys/sysinfo.h sys/syslog.h
  sys/time.h sys/timeb.h sys/timerfd.h sys/times.h sys/timex.h sys/types.h sys/ucontext.h sys/uio.h sys/un.h sys/utsname.h
  sys/vfs.h sys/wait.h sys/xattr.h syslog.h tar.h termios.h threads.h time.h ucontext.h uchar.h ulimit.h unistd.h utime.h
  utmp.h utmpx.h wchar.h wctype.h wordexp.h
`);

/** Types, each with the members whose offsets are measured. */
const TYPES: Readonly<Record<string, string>> = {
  'struct stat':
    'st_dev st_ino st_nlink st_mode st_uid st_gid st_rdev st_size st_blksize st_blocks st_atim st_mtim st_ctim',
  'struct stat64': 'st_nlink st_mode st_size st_blocks st_mtim',
  'struct statx': 'stx_mask stx_size stx_mtime stx_dev_minor',
  'struct statfs': 'f_type f_bsize f_blocks f_bfree f_bavail f_files f_ffree f_fsid f_namelen f_frsize f_flags',
  'struct statvfs': 'f_bsize f_frsize f_blocks f_bfree f_files f_fsid f_flag f_namemax',
  'struct dirent': 'd_ino d_off d_reclen d_type d_name',
  'struct tm': 'tm_sec tm_min tm_hour tm_mday tm_mon tm_year tm_wday tm_yday tm_isdst tm_gmtoff tm_zone',
  'struct timeval': 'tv_sec tv_usec',
  'struct timespec': 'tv_sec tv_nsec',
  'struct itimerval': 'it_interval it_value',
  'struct itimerspec': 'it_interval it_value',
  'struct timezone': 'tz_minuteswest tz_dsttime',
  'struct tms': 'tms_utime tms_stime tms_cutime tms_cstime',
  'struct timex': 'modes offset freq status time tick tai',
  'struct utimbuf': 'actime modtime',
  'struct sigaction': 'sa_handler sa_sigaction sa_mask sa_flags sa_restorer',
  siginfo_t: 'si_signo si_errno si_code si_pid si_uid si_status si_value si_addr si_band si_fd',
  sigset_t: '',
  stack_t: 'ss_sp ss_flags ss_size',
  'struct sigevent': 'sigev_value sigev_signo sigev_notify sigev_notify_function sigev_notify_attributes',
  'union sigval': 'sival_int sival_ptr',
  'struct signalfd_siginfo': 'ssi_signo ssi_pid ssi_addr',
  jmp_buf: '',
  sigjmp_buf: '',
  ucontext_t: 'uc_flags uc_link uc_stack uc_mcontext uc_sigmask',
  mcontext_t: '',
  'struct termios': 'c_iflag c_oflag c_cflag c_lflag c_line c_cc c_ispeed c_ospeed',
  'struct winsize': 'ws_row ws_col ws_xpixel ws_ypixel',
  'struct utsname': 'sysname nodename release version machine domainname',
  'struct rusage': 'ru_utime ru_stime ru_maxrss ru_minflt ru_nvcsw ru_nivcsw',
  'struct rlimit': 'rlim_cur rlim_max',
  'struct sysinfo': 'uptime loads totalram freeram procs totalhigh mem_unit',
  'struct epoll_event': 'events data',
  'struct pollfd': 'fd events revents',
  fd_set: '',
  'struct flock': 'l_type l_whence l_start l_len l_pid',
  'struct f_owner_ex': 'type pid',
  'struct inotify_event': 'wd mask cookie len',
  'struct iovec': 'iov_base iov_len',
  'struct msghdr': 'msg_name msg_namelen msg_iov msg_iovlen msg_control msg_controllen msg_flags',
  'struct mmsghdr': 'msg_hdr msg_len',
  'struct cmsghdr': 'cmsg_len cmsg_level cmsg_type',
  'struct linger': 'l_onoff l_linger',
  'struct ucred': 'pid uid gid',
  'struct sockaddr': 'sa_family sa_data',
  'struct sockaddr_in': 'sin_family sin_port sin_addr',
  'struct sockaddr_in6': 'sin6_family sin6_port sin6_flowinfo sin6_addr sin6_scope_id',
  'struct sockaddr_un': 'sun_family sun_path',
  'struct sockaddr_storage': 'ss_family',
  'struct addrinfo': 'ai_flags ai_family ai_socktype ai_protocol ai_addrlen ai_addr ai_canonname ai_next',
  'struct hostent': 'h_name h_aliases h_addrtype h_length h_addr_list',
  'struct servent': 's_name s_port s_proto',
  'struct protoent': 'p_name p_proto',
  'struct netent': 'n_name n_net',
  'struct ifaddrs': 'ifa_next ifa_name ifa_flags ifa_addr ifa_netmask ifa_data',
  'struct ifreq': 'ifr_name ifr_addr ifr_flags',
  'struct tcp_info': 'tcpi_state tcpi_rtt tcpi_total_retrans',
  'struct ip_mreq': 'imr_multiaddr imr_interface',
  'struct ipv6_mreq': 'ipv6mr_interface',
  'struct __res_state': 'retrans options nscount nsaddr_list id dnsrch defdname pfcode',
  pthread_t: '',
  pthread_mutex_t: '__data.__lock __data.__count __data.__owner __data.__nusers __data.__kind __data.__list',
  pthread_mutexattr_t: '',
  pthread_cond_t: '__data.__wseq __data.__g1_start __data.__g_refs __data.__g_size __data.__g_signals',
  pthread_condattr_t: '',
  pthread_rwlock_t: '__data.__readers __data.__writers __data.__writers_futex __data.__flags',
  pthread_rwlockattr_t: '',
  pthread_barrier_t: '',
  pthread_barrierattr_t: '',
  pthread_attr_t: '',
  pthread_spinlock_t: '',
  pthread_once_t: '',
  pthread_key_t: '',
  sem_t: '',
  mtx_t: '',
  cnd_t: '',
  thrd_t: '',
  tss_t: '',
  once_flag: '',
  cpu_set_t: '',
  'struct sched_param': 'sched_priority',
  posix_spawnattr_t: '',
  posix_spawn_file_actions_t: '',
  regex_t: 'buffer allocated used syntax fastmap translate re_nsub',
  regmatch_t: 'rm_so rm_eo',
  glob_t: 'gl_pathc gl_pathv gl_offs gl_flags gl_closedir gl_readdir gl_opendir gl_lstat gl_stat',
  wordexp_t: 'we_wordc we_wordv we_offs',
  FILE: '_flags _IO_read_ptr _IO_read_end _IO_read_base _IO_write_base _IO_write_ptr _IO_write_end _IO_buf_base _fileno _lock',
  fpos_t: '',
  cookie_io_functions_t: 'read write seek close',
  mbstate_t: '',
  div_t: 'quot rem',
  ldiv_t: 'quot rem',
  lldiv_t: 'quot rem',
  imaxdiv_t: 'quot rem',
  'struct lconv': 'decimal_point grouping int_curr_symbol negative_sign int_frac_digits p_cs_precedes int_n_sign_posn',
  'struct option': 'name has_arg flag val',
  'struct argp': 'options parser args_doc doc children help_filter',
  'struct argp_option': 'name key arg flags doc group',
  'struct argp_state': 'root_argp argc next arg_num quoted input hook err_stream pstate',
  'struct passwd': 'pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell',
  'struct group': 'gr_name gr_passwd gr_gid gr_mem',
  'struct spwd': 'sp_namp sp_lstchg sp_flag',
  'struct mntent': 'mnt_fsname mnt_opts mnt_freq',
  'struct utmp': 'ut_type ut_pid ut_line ut_user ut_tv',
  'struct utmpx': 'ut_type ut_pid ut_line ut_tv',
  'struct lastlog': '',
  'struct acct': 'ac_uid ac_etime ac_comm',
  'struct ipc_perm': '__key uid gid cuid mode __seq',
  'struct semid_ds': 'sem_perm sem_otime sem_ctime sem_nsems',
  'struct sembuf': 'sem_num sem_op sem_flg',
  'struct seminfo': 'semmni semaem',
  'struct shmid_ds': 'shm_perm shm_segsz shm_atime shm_ctime shm_cpid shm_nattch',
  'struct msqid_ds': 'msg_perm msg_stime msg_rtime msg_ctime msg_qnum msg_qbytes msg_lspid',
  'struct mq_attr': 'mq_flags mq_maxmsg mq_msgsize mq_curmsgs',
  'struct aiocb': 'aio_fildes aio_lio_opcode aio_buf aio_nbytes aio_sigevent aio_offset',
  'struct mallinfo': 'arena fordblks',
  'struct mallinfo2': 'arena fordblks',
  'struct drand48_data': '',
  'struct random_data': 'fptr rptr state rand_type end_ptr',
  'struct hsearch_data': '',
  'struct obstack': 'chunk_size object_base next_free chunk_limit temp alignment_mask chunkfun freefun extra_arg',
  ENTRY: 'key data',
  FTS: '',
  FTSENT: 'fts_cycle fts_path fts_info fts_level fts_statp fts_name',
  'struct FTW': 'base level',
  Dl_info: 'dli_fname dli_fbase dli_sname dli_saddr',
  'struct dl_phdr_info': 'dlpi_addr dlpi_name dlpi_phdr dlpi_phnum dlpi_tls_modid dlpi_tls_data',
  'struct link_map': 'l_addr l_name l_ld l_next l_prev',
  fenv_t: '',
  fexcept_t: '',
  max_align_t: '',
  va_list: '',
  'long double': '',
  wchar_t: '',
  wint_t: '',
  time_t: '',
  off_t: '',
  dev_t: '',
  ino_t: '',
  mode_t: '',
  nlink_t: '',
  uid_t: '',
  blksize_t: '',
  blkcnt_t: '',
  clock_t: '',
  socklen_t: '',
  rlim_t: '',
  fsblkcnt_t: '',
  sig_atomic_t: '',
  intmax_t: '',
  int_fast16_t: '',
  int_fast32_t: '',
  'double _Complex': '',
  float_t: '',
  double_t: '',
};

/** Constants. Those that a machine does not define count as `none` there. */
const CONSTANTS = words(`
  O_RDONLY O_WRONLY O_RDWR O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_NDELAY O_SYNC O_DSYNC O_RSYNC O_ASYNC
  O_DIRECTORY O_NOFOLLOW O_CLOEXEC O_DIRECT O_LARGEFILE O_NOATIME O_PATH O_TMPFILE O_ACCMODE
  F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_GETLK64 F_SETLK64 F_OFD_SETLK F_SETOWN F_GETOWN
  F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ F_ADD_SEALS F_GET_SEALS F_SETLEASE F_NOTIFY F_RDLCK F_WRLCK F_UNLCK FD_CLOEXEC
  AT_FDCWD AT_SYMLINK_NOFOLLOW AT_REMOVEDIR AT_EACCESS AT_EMPTY_PATH AT_SYMLINK_FOLLOW R_OK W_OK X_OK F_OK
  POSIX_FADV_NORMAL POSIX_FADV_DONTNEED POSIX_FADV_NOREUSE POSIX_FADV_WILLNEED LOCK_SH LOCK_EX LOCK_NB LOCK_UN
  S_IFMT S_IFREG S_IFDIR S_IFLNK S_IFSOCK S_ISUID S_ISVTX SEEK_SET SEEK_CUR SEEK_END SEEK_DATA SEEK_HOLE
  SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM
  SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR
  SIGSYS NSIG SA_NOCLDSTOP SA_NOCLDWAIT SA_SIGINFO SA_ONSTACK SA_RESTART SA_NODEFER SA_RESETHAND SIG_BLOCK SIG_UNBLOCK
  SIG_SETMASK SIG_DFL SIG_IGN SIG_ERR SS_ONSTACK SS_DISABLE MINSIGSTKSZ
  EPERM ENOENT EINTR EIO EAGAIN EWOULDBLOCK ENOMEM EDEADLK EDEADLOCK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP EILSEQ
  EOVERFLOW ENOTSUP EOPNOTSUPP EADDRINUSE ECONNREFUSED ETIMEDOUT EINPROGRESS ESTALE EDQUOT ECANCELED EOWNERDEAD EHWPOISON
  ENOTRECOVERABLE ENOMSG EIDRM EPROTO EBADMSG EUSERS EMSGSIZE ENOBUFS EALREADY
  PROT_READ PROT_WRITE PROT_EXEC PROT_NONE PROT_GROWSDOWN MAP_SHARED MAP_PRIVATE MAP_FIXED MAP_ANONYMOUS MAP_32BIT
  MAP_GROWSDOWN MAP_DENYWRITE MAP_EXECUTABLE MAP_LOCKED MAP_NORESERVE MAP_POPULATE MAP_NONBLOCK MAP_STACK MAP_HUGETLB
  MAP_SYNC MAP_FIXED_NOREPLACE MS_ASYNC MS_SYNC MS_INVALIDATE MADV_DONTNEED MADV_FREE MADV_HUGEPAGE MCL_CURRENT MCL_FUTURE
  MREMAP_MAYMOVE MREMAP_FIXED
  POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLRDBAND POLLWRNORM POLLRDHUP POLLMSG
  EPOLLIN EPOLLOUT EPOLLERR EPOLLHUP EPOLLET EPOLLONESHOT EPOLLRDHUP EPOLLEXCLUSIVE EPOLL_CTL_ADD EPOLL_CLOEXEC
  EFD_NONBLOCK EFD_SEMAPHORE TFD_NONBLOCK TFD_TIMER_ABSTIME SFD_CLOEXEC IN_NONBLOCK IN_MODIFY FD_SETSIZE
  SOL_SOCKET SO_DEBUG SO_REUSEADDR SO_TYPE SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE SO_OOBINLINE
  SO_LINGER SO_REUSEPORT SO_PASSCRED SO_PEERCRED SO_RCVLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN
  SO_TIMESTAMP SO_BINDTODEVICE SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_SEQPACKET SOCK_NONBLOCK SOCK_CLOEXEC
  AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET MSG_PEEK MSG_DONTWAIT MSG_NOSIGNAL MSG_TRUNC MSG_WAITALL MSG_CMSG_CLOEXEC
  SHUT_RD SHUT_WR SOMAXCONN TCP_NODELAY TCP_CORK IPPROTO_TCP IPV6_V6ONLY SCM_RIGHTS AI_PASSIVE EAI_NONAME NI_MAXHOST
  TCGETS TCSETS TIOCGWINSZ TIOCSWINSZ TIOCGPGRP TIOCSPGRP TIOCSCTTY TIOCNOTTY FIONREAD FIONBIO FIOCLEX SIOCGIFCONF
  SIOCGIFADDR SIOCGIFFLAGS TCSANOW TCSAFLUSH ICANON ECHO ISIG IXON OPOST ONLCR B9600 B115200 VMIN VTIME VEOF VINTR NCCS
  CS8 CREAD PARENB CRTSCTS
  _SC_PAGESIZE _SC_NPROCESSORS_ONLN _SC_NPROCESSORS_CONF _SC_OPEN_MAX _SC_CLK_TCK _SC_ARG_MAX _SC_PHYS_PAGES _SC_AVPHYS_PAGES
  _SC_IOV_MAX _SC_HOST_NAME_MAX _SC_GETPW_R_SIZE_MAX _SC_THREAD_STACK_MIN _SC_LEVEL1_DCACHE_LINESIZE _SC_NGROUPS_MAX
  _SC_MINSIGSTKSZ _SC_SIGSTKSZ _PC_PATH_MAX _PC_NAME_MAX _PC_PIPE_BUF _CS_PATH
  CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID CLOCK_MONOTONIC_RAW CLOCK_BOOTTIME
  TIMER_ABSTIME CLOCKS_PER_SEC ITIMER_REAL ITIMER_PROF RLIMIT_CPU RLIMIT_AS RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_MEMLOCK
  RLIMIT_STACK RLIMIT_RSS RLIM_INFINITY RUSAGE_SELF RUSAGE_CHILDREN PRIO_PROCESS WNOHANG WUNTRACED WCONTINUED 
  WEXITED WNOWAIT SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH CLONE_VM CLONE_THREAD CLONE_SETTLS CLONE_NEWNS
  FE_INVALID FE_DIVBYZERO FE_OVERFLOW FE_UNDERFLOW FE_INEXACT FE_ALL_EXCEPT FE_TONEAREST FE_UPWARD FE_DOWNWARD FE_TOWARDZERO
  FP_NAN FP_INFINITE FP_ZERO FP_SUBNORMAL FP_NORMAL FP_ILOGB0 FP_ILOGBNAN FP_LLOGB0 FP_LLOGBNAN MATH_ERRNO math_errhandling
  FLT_EVAL_METHOD FLT_ROUNDS DBL_MANT_DIG LDBL_MANT_DIG LDBL_MAX_EXP DECIMAL_DIG
  CHAR_MIN CHAR_MAX WCHAR_MIN WCHAR_MAX WINT_MAX MB_LEN_MAX PATH_MAX NAME_MAX IOV_MAX PIPE_BUF LONG_MAX SSIZE_MAX
  BUFSIZ FILENAME_MAX FOPEN_MAX L_tmpnam TMP_MAX RAND_MAX EXIT_FAILURE EOF _IOFBF _IONBF LINE_MAX
  LC_ALL LC_CTYPE LC_NUMERIC LC_COLLATE LC_TIME LC_MONETARY LC_MESSAGES LC_GLOBAL_LOCALE CODESET RADIXCHAR D_FMT
  RTLD_LAZY RTLD_NOW RTLD_GLOBAL RTLD_NOLOAD RTLD_NODELETE RTLD_DEFAULT RTLD_NEXT
  REG_EXTENDED REG_ICASE REG_NOSUB REG_NEWLINE REG_NOTBOL GLOB_NOSORT GLOB_BRACE FNM_PATHNAME FNM_CASEFOLD 
  LOG_ERR LOG_PID LOG_USER LOG_DAEMON PR_SET_NAME PR_SET_PDEATHSIG PR_SET_DUMPABLE IPC_CREAT IPC_RMID IPC_SET IPC_STAT
  SEM_UNDO GETVAL SETALL SHM_RDONLY SHM_HUGETLB SHMLBA SEM_STAT MSG_NOERROR
  PTHREAD_STACK_MIN PTHREAD_CREATE_DETACHED PTHREAD_PROCESS_SHARED PTHREAD_CANCELED
  PTHREAD_KEYS_MAX PTHREAD_DESTRUCTOR_ITERATIONS SEM_VALUE_MAX SEM_FAILED PTHREAD_BARRIER_SERIAL_THREAD
  AT_HWCAP AT_PAGESZ AT_RANDOM AT_SYSINFO_EHDR AT_EXECFN
  SYS_read SYS_write SYS_openat SYS_futex SYS_gettid SYS_getrandom
  PTRACE_GETREGSET GRND_NONBLOCK UT_NAMESIZE _UTSNAME_LENGTH MNT_FORCE MS_RDONLY ST_RDONLY
  DT_DIR DT_REG XATTR_CREATE RB_AUTOBOOT NGROUPS_MAX HOST_NAME_MAX LOGIN_NAME_MAX MAXSYMLINKS
`);

/** Constants that are no macros. */
const ENUMERATORS = words(`
  P_PID P_ALL WRDE_NOCMD PTHREAD_MUTEX_RECURSIVE PTHREAD_MUTEX_ERRORCHECK PTHREAD_PRIO_INHERIT PTRACE_ATTACH SOCK_STREAM
  IPPROTO_UDP thrd_success thrd_busy mtx_recursive FTW_D FTW_PHYS
`);

/** Objects that programs set up themselves, without a call, and that the library then works on: their bytes. */
const INITIALISERS: Readonly<Record<string, string>> = {
  PTHREAD_MUTEX_INITIALIZER: 'pthread_mutex_t',
  PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP: 'pthread_mutex_t',
  PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP: 'pthread_mutex_t',
  PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP: 'pthread_mutex_t',
  PTHREAD_COND_INITIALIZER: 'pthread_cond_t',
  PTHREAD_RWLOCK_INITIALIZER: 'pthread_rwlock_t',
  PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP: 'pthread_rwlock_t',
};

/** All the headers that there are. */
export const INCLUDES: readonly string[] = [
  '#define _GNU_SOURCE',
  ...HEADERS.map((h) => `#if __has_include(<${h}>)\n#include <${h}>\n#endif`),
];

function program(): string {
  // The same member under another name.
  const lines = [...INCLUDES, '#ifdef __riscv', '#define uc_flags __uc_flags', '#endif'];
  lines.push('#include <sys/syscall.h>', '#include <sys/ptrace.h>', '#include <sys/auxv.h>', 'int main(void) {');
  for (const [type, members] of Object.entries(TYPES)) {
    lines.push(`printf("%s=%zu %zu\\n", "${type}", sizeof(${type}), _Alignof(${type}));`);
    for (const m of members === '' ? [] : words(members)) {
      lines.push(`printf("%s=%zu %zu\\n", "${type}.${m}", offsetof(${type}, ${m}), sizeof(((${type} *)0)->${m}));`);
    }
  }
  for (const c of CONSTANTS) {
    lines.push(`#ifdef ${c}`, `printf("%s=%lld\\n", "${c}", (long long)(${c}));`, '#else');
    lines.push(`printf("%s=none\\n", "${c}");`, '#endif');
  }
  for (const e of ENUMERATORS) lines.push(`printf("%s=%lld\\n", "${e}", (long long)(${e}));`);
  for (const [name, type] of Object.entries(INITIALISERS)) {
    lines.push(`{ static ${type} object = ${name}; printf("%s=", "${name}");`);
    // AArch64's mutex has 48 bytes, of which 40 are in use.
    lines.push('for (size_t i = 0; i < sizeof object && i < 56; i++) if (i < 40 || sizeof object > 48)');
    lines.push('printf("%02x", ((unsigned char *)&object)[i]); printf("\\n"); }');
  }
  lines.push('return 0; }');
  return lines.join('\n');
}

/** Everything measured on a machine, by name. */
export function measure(machine: Machine): ReadonlyMap<string, string> {
  const { stdout, status } = run(machine, build(machine, { 'layouts.c': program() }));
  if (status !== 0) throw new Error(`the measuring program ended with ${status}`);
  return new Map(
    stdout
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
  );
}
