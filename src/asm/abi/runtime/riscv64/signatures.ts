// SPDX-License-Identifier: MIT

/**
 * Functions of the C library with parameters that are narrower than a register, by the shapes of their parameters, a
 * letter each: `i` 32 bits, `h` and `s` 16 bits without and with a sign, `b` and `c` 8 bits, `l` 64 bits or a pointer, `f`
 * float, `d` double. A structure of up to 16 bytes is one or two `l`. At the end, `l` and `d` are left out, unless there
 * are more than six integers, for which the stack is used. Of variable arguments only what comes before them counts.
 */
const DECLARED = `
  di: ecvt ecvt_r fcvt fcvt_r gcvt ldexp ldexpf32x ldexpf64 scalbn scalbnf32x scalbnf64
  dii: fromfp fromfpf32x fromfpf64 fromfpx fromfpxf32x fromfpxf64 ufromfp ufromfpf32x ufromfpf64 ufromfpx
    ufromfpxf32x ufromfpxf64
  f: __finitef __fpclassifyf __isinff __isnanf __issignalingf __signbitf acosf acosf32 acoshf acoshf32 asinf asinf32
    asinhf asinhf32 atanf atanf32 atanhf atanhf32 cbrtf cbrtf32 ceilf ceilf32 cosf cosf32 coshf coshf32 erfcf
    erfcf32 erff erff32 exp10f exp10f32 exp2f exp2f32 expf expf32 expm1f expm1f32 fabsf fabsf32 finitef floorf
    floorf32 frexpf frexpf32 gammaf isinff isnanf j0f j0f32 j1f j1f32 lgammaf lgammaf32 lgammaf32_r lgammaf_r log10f
    log10f32 log1pf log1pf32 log2f log2f32 logbf logbf32 logf logf32 modff modff32 nearbyintf nearbyintf32 nextdownf
    nextdownf32 nextupf nextupf32 rintf rintf32 roundevenf roundevenf32 roundf roundf32 scalblnf scalblnf32
    significandf sincosf sincosf32 sinf sinf32 sinhf sinhf32 sqrtf sqrtf32 tanf tanf32 tanhf tanhf32 tgammaf
    tgammaf32 truncf truncf32 y0f y0f32 y1f y1f32
  ff: __iseqsigf atan2f atan2f32 copysignf copysignf32 dremf fdimf fdimf32 fmaxf fmaxf32 fmaximum_mag_numf
    fmaximum_mag_numf32 fmaximum_magf fmaximum_magf32 fmaximum_numf fmaximum_numf32 fmaximumf fmaximumf32 fmaxmagf
    fmaxmagf32 fminf fminf32 fminimum_mag_numf fminimum_mag_numf32 fminimum_magf fminimum_magf32 fminimum_numf
    fminimum_numf32 fminimumf fminimumf32 fminmagf fminmagf32 fmodf fmodf32 hypotf hypotf32 nextafterf nextafterf32
    powf powf32 remainderf remainderf32 remquof remquof32 scalbf
  fff: fmaf fmaf32
  fi: ldexpf ldexpf32 scalbnf scalbnf32
  fii: fromfpf fromfpf32 fromfpxf fromfpxf32 ufromfpf ufromfpf32 ufromfpxf ufromfpxf32
  h: __putshort htons ntohs
  i: _Exit __confstr_chk __getgroups_chk __getpgid __p_class __p_rcode __p_time __p_type __pread64_chk __pread_chk
    __ptsname_r_chk __putlong __read_chk __readlinkat_chk __sysconf __sysv_signal __tolower_l __toupper_l
    __ttyname_r_chk _exit _tolower _toupper abs accept addseverity aio_cancel aio_cancel64 aio_fsync aio_fsync64
    alarm arc4random_uniform bindresvport btowc clock_adjtime clock_getcpuclockid clock_getres clock_gettime
    clock_settime close closefrom confstr dup dysize epoll_create epoll_create1 eventfd_read eventfd_write exit
    fchdir fdatasync fdopen fdopendir fexecve ffs fgetxattr flistxattr fputc fputc_unlocked fputwc fputwc_unlocked
    fremovexattr fstatfs fstatfs64 fstatvfs fstatvfs64 fsync ftruncate ftruncate64 futimens futimes futimesat
    gai_strerror getdents64 getdirentries getdirentries64 getgrgid getgrgid_r getgroups getipv4sourcefilter
    getitimer getopt getopt_long getopt_long_only getpeername getpgid getprotobynumber getprotobynumber_r getpw
    getpwuid getpwuid_r getrlimit getrlimit64 getrpcbynumber getrpcbynumber_r getrusage getservbyport
    getservbyport_r getsid getsockname grantpt group_member gsignal gtty hstrerror htonl if_indextoname
    inet6_option_space inet_net_pton inet_neta inet_nsap_ntoa inet_pton initstate initstate_r inotify_init1 ioctl
    isalnum isalnum_l isalpha isalpha_l isascii isatty isblank isblank_l iscntrl iscntrl_l isdigit isdigit_l isgraph
    isgraph_l islower islower_l isprint isprint_l ispunct ispunct_l isspace isspace_l isupper isupper_l iswalnum
    iswalnum_l iswalpha iswalpha_l iswblank iswblank_l iswcntrl iswcntrl_l iswctype iswctype_l iswdigit iswdigit_l
    iswgraph iswgraph_l iswlower iswlower_l iswprint iswprint_l iswpunct iswpunct_l iswspace iswspace_l iswupper
    iswupper_l iswxdigit iswxdigit_l isxdigit isxdigit_l jn jnf32x jnf64 login_tty malloc_info mlockall mq_close
    mq_getattr mq_notify mq_receive mq_setattr mq_timedreceive newlocale nice nl_langinfo nl_langinfo_l ns_put16
    ntohl pkey_free pkey_get posix_fallocate posix_fallocate64 posix_openpt prctl pread pread64 process_vm_readv
    process_vm_writev pselect psignal pthread_getspecific pthread_key_delete pthread_setcancelstate
    pthread_setcanceltype pthread_setconcurrency pthread_setspecific pthread_sigmask ptsname ptsname_r putc
    putc_unlocked putchar putchar_unlocked putw putwc putwc_unlocked putwchar putwchar_unlocked pwrite pwrite64
    quick_exit raise read readahead readlinkat reboot regerror sched_get_priority_max
    sched_get_priority_min sched_getaffinity sched_getparam sched_getscheduler sched_rr_get_interval
    sched_setaffinity sched_setparam select semop semtimedop setegid seteuid setfsgid setfsuid setgid sethostent
    setitimer setlocale setlogmask setnetent setprotoent setrlimit setrlimit64 setrpcent setservent setuid
    sigabbrev_np sigaction sigblock sigdescr_np sighold sigignore signal sigpause sigprocmask sigrelse sigset
    sigsetmask sleep sockatmark srand srandom srandom_r ssignal strerror strerror_l strerror_r strerrordesc_np
    strerrorname_np strsignal stty syncfs sysconf sysv_signal tcdrain tcgetattr tcgetpgrp tcgetsid thrd_exit
    timer_create timerfd_gettime toascii tolower tolower_l toupper toupper_l towctrans towctrans_l towlower
    towlower_l towupper towupper_l tss_delete tss_get tss_set ttyname ttyname_r ulimit umask ungetc ungetwc unlockpt
    unshare usleep wctob wcwidth write yn ynf32x ynf64
  if: jnf jnf32 ynf ynf32
  ii: clock_nanosleep daemon div dup2 eventfd fallocate fallocate64 fanotify_init fchmod fcntl fcntl64 flock
    fpathconf getnetbyaddr getpriority gnu_dev_makedev inet6_rth_space inet_makeaddr inotify_rm_watch iruserok
    isctype isfdtype kill killpg listen lockf lockf64 mallopt msgctl msgget pidfd_open pkey_alloc pkey_set prlimit
    prlimit64 process_mrelease sched_setscheduler sendfile sendfile64 setns setpgid setregid setreuid shmctl
    shutdown siginterrupt sigqueue tcflow tcflush tcsendbreak tcsetattr tcsetpgrp timerfd_create timerfd_settime
    ualarm
  iii: close_range dup3 fchown fsmount getsockopt pidfd_getfd semget setpriority setresgid setresuid socket
    socketpair tgkill
  iiili: setsockopt
  iili: fanotify_mark pidfd_send_signal tee waitid
  iiliiil: setsourcefilter
  iililll: getsourcefilter
  iilli: fsconfig
  iilllll: getnetbyaddr_r
  ili: __assert_perror_fail __openat64_2 __openat_2 bind connect fspick getaddrinfo_a inet_net_ntop
    inotify_add_watch klogctl lio_listio lio_listio64 lseek lseek64 mkdirat mkfifoat mknodat mount_setattr
    open_by_handle_at open_tree openat openat64 preadv preadv64 pwritev pwritev64 quotactl readv recvmsg renameat
    sendmsg shmat shmget signalfd unlinkat wait4 waitpid writev
  ilii: faccessat fchmodat recvmmsg sendmmsg statx
  iliii: fchownat
  iliililli: res_mkquery
  ilili: linkat move_mount preadv2 preadv64v2 pwritev2 pwritev64v2 renameat2
  ililli: copy_file_range splice
  illi: accept4 inet_ntop mq_send mq_timedsend msgsnd posix_fadvise posix_fadvise64 recv recvfrom send
    sync_file_range utimensat vmsplice
  illii: process_madvise setipv4sourcefilter
  illili: sendto
  illli: __recv_chk execveat fsetxattr msgrcv name_to_handle_at
  illlill: __recvfrom_chk
  lb: c8rtomb
  lf: setpayloadf setpayloadf32 setpayloadsigf setpayloadsigf32
  lh: c16rtomb rcmd rresvport_af
  lhllllh: rcmd_af
  li: __fp_nquery __fsetlocking __mq_open_2 __open64_2 __open_2 __overflow __sym_ntop __sym_ntos __wcrtomb_chk
    __wctomb_chk __wmemset_chk _obstack_newchunk access aio_suspend aio_suspend64 argz_create_sep backtrace
    backtrace_symbols c32rtomb catopen cfsetispeed cfsetospeed cfsetspeed chmod creat creat64 dlinfo dlopen eaccess
    euidaccess fgets fgets_unlocked fgetws fgetws_unlocked fsopen ftok fwide gai_suspend getgrouplist gethostbyname2
    getloadavg glob glob64 glob_pattern_p index inet6_opt_init inet6_rth_getaddr initgroups lchmod memchr
    memfd_create memrchr memset mkdir mkfifo mknod mkostemp mkostemp64 mkstemps mkstemps64 mq_open mtx_init
    ns_initparse open open64 pathconf pipe2 posix_spawn_file_actions_addclose
    posix_spawn_file_actions_addclosefrom_np posix_spawn_file_actions_addfchdir_np
    posix_spawn_file_actions_addtcsetpgrp_np posix_spawnattr_setpgroup posix_spawnattr_setschedpolicy
    pthread_attr_setdetachstate pthread_attr_setinheritsched pthread_attr_setschedpolicy pthread_attr_setscope
    pthread_barrierattr_setpshared pthread_condattr_setclock pthread_condattr_setpshared pthread_kill
    pthread_mutex_clocklock pthread_mutex_setprioceiling pthread_mutexattr_setprioceiling
    pthread_mutexattr_setprotocol pthread_mutexattr_setpshared pthread_mutexattr_setrobust pthread_mutexattr_settype
    pthread_rwlock_clockrdlock pthread_rwlock_clockwrlock pthread_rwlockattr_setkind_np
    pthread_rwlockattr_setpshared pthread_setschedparam pthread_setschedprio pthread_sigqueue pthread_spin_init
    rawmemchr rexec rindex ruserok sem_clockwait sem_open sigaddset sigdelset sigismember strchr strchrnul strrchr
    swapon symlinkat timer_settime timespec_get timespec_getres umount2 wait3 wcrtomb wcschr wcschrnul wcsrchr
    wctomb wmemchr wmemset
  lii: __res_nameinquery _obstack_begin _obstack_begin_1 backtrace_symbols_fd catgets chown gethostbyaddr
    inet6_opt_finish inet6_opt_next lchown mkostemps mkostemps64 ns_parserr openlog posix_spawn_file_actions_adddup2
    sem_init shm_open
  liib: inet6_opt_find
  liibibl: inet6_opt_append
  liii: inet6_option_alloc inet6_rth_init
  liili: res_query res_search
  liilllll: gethostbyaddr_r
  lili: argp_parse inet6_opt_get_val inet6_opt_set_val res_send
  lilii: posix_spawn_file_actions_addopen
  liliililli: res_nmkquery
  lililii: getnameinfo
  lillh: iruserok_af ruserok_af
  lillllh: rexec_af
  lilllll: gethostbyname2_r
  lli: __argz_stringify __assert __assert_fail __dcgettext __fgets_chk __fgets_unlocked_chk __fgetws_chk
    __fgetws_unlocked_chk __getdelim __p_cdnname __poll_chk argp_help argp_state_help argz_stringify clone dcgettext
    dlmopen dn_comp fmtmsg fnmatch fseek fseeko fseeko64 fts64_set fts_set getdelim getrandom hsearch hsearch_r
    inet6_option_find inet6_option_init inet_nsap_addr madvise memccpy mlock2 mprotect msync ns_name_pack poll
    posix_madvise pthread_barrier_init pthread_clockjoin_np pthread_cond_clockwait re_set_registers regcomp setenv
    setvbuf strtoimax strtol strtol_l strtoll strtoll_l strtoq strtoul strtoul_l strtoull strtoull_l strtoumax
    strtouq wcstoimax wcstol wcstol_l wcstoll wcstoll_l wcstoq wcstoul wcstoul_l wcstoull wcstoull_l wcstoumax
    wcstouq wordexp
  llii: inet6_option_append ns_skiprr pkey_mprotect re_match
  lliii: re_search
  lliili: res_nquery res_nsearch res_querydomain
  llili: __p_fqnname remap_file_pages res_nsend
  lliliiili: re_search_2
  lliliili: re_match_2
  lllf: strfromf strfromf32
  llli: argz_add_sep crypt_gensalt crypt_gensalt_ra crypt_rn dladdr1 getmntent_r mremap profil
  llliili: res_nquerydomain
  llliilllllll: ns_sprintrrf
  lllili: crypt_gensalt_rn
  lllli: dcngettext dn_expand envz_merge lsetxattr regexec setxattr
  ls: posix_spawnattr_setflags
`;

/** The same for functions that no header declares: compilers, macros and other headers' versions call them. */
const UNDECLARED = `
  di: __powidf2
  f: __fixsfti __fixunssfti
  fi: __powisf2
  i: _IO_putc __absvsi2 __bswapsi2 __close __connect __lseek __negvsi2 __posix_getopt __pread64 __pwrite64 __read
    __select __send __sigaction __strerror_r __write __xpg_sigpause __xpg_strerror_r
  ii: __addvsi3 __dup2 __fcntl __mulvsi3 __subvsi3
  li: __atomic_clear __atomic_load_16 __atomic_test_and_set __memset_chk __open __woverflow
  lli: __ashlti3 __ashrti3 __isoc23_strtoimax __isoc23_strtol __isoc23_strtol_l __isoc23_strtoll __isoc23_strtoll_l
    __isoc23_strtoul __isoc23_strtoul_l __isoc23_strtoull __isoc23_strtoull_l __isoc23_strtoumax __isoc23_wcstoimax
    __isoc23_wcstol __isoc23_wcstol_l __isoc23_wcstoll __isoc23_wcstoll_l __isoc23_wcstoul __isoc23_wcstoul_l
    __isoc23_wcstoull __isoc23_wcstoull_l __isoc23_wcstoumax __lshrti3 __poll __strtod_internal __strtof_internal
    __wcstod_internal __wcstof_internal
  llii: __strtol_internal __strtoll_internal __strtoul_internal __strtoull_internal __wcstol_internal
    __wcstoll_internal __wcstoul_internal __wcstoull_internal
  llli: __atomic_exchange_16 __atomic_fetch_add_16 __atomic_fetch_and_16 __atomic_fetch_nand_16 __atomic_fetch_or_16
    __atomic_fetch_sub_16 __atomic_fetch_xor_16 __atomic_load __atomic_store __atomic_store_16
  lllli: __atomic_exchange
  llllii: __atomic_compare_exchange __atomic_compare_exchange_16
`;

/** The names in a list of shapes, each followed by its names, with their shapes. */
export function shapes(text: string): [name: string, shape: string][] {
  let shape = '';
  return text.split(/\s+/).flatMap((word): [string, string][] => {
    if (word.endsWith(':')) shape = word.slice(0, -1);
    return word === '' || word.endsWith(':') ? [] : [[word, shape]];
  });
}

/** Shapes by name, of what headers declare. */
export const declaredShapes: ReadonlyMap<string, string> = new Map(shapes(DECLARED));

/** Shapes by name, of all that have narrow parameters and no bridge of another kind. */
export const narrowShapes: ReadonlyMap<string, string> = new Map([...declaredShapes, ...shapes(UNDECLARED)]);
