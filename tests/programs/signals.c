// SPDX-License-Identifier: MIT
// Signal handlers, raise, abort caught, sigaction with flags, alarms, sigprocmask.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static volatile sig_atomic_t count, last; static void on(int s) { count++; last = s; } static void info(int s, siginfo_t *i, void *c) { (void)c; last = s * 1000 + (i->si_signo == s); }
int main(void) {
  signal(SIGUSR1, on); raise(SIGUSR1); raise(SIGUSR1); printf("%d %d\n", count, last); struct sigaction a; memset(&a, 0, sizeof a); a.sa_sigaction = info; a.sa_flags = SA_SIGINFO | SA_RESTART; sigemptyset(&a.sa_mask); sigaddset(&a.sa_mask, SIGUSR1); printf("%d ", sigaction(SIGUSR2, &a, NULL)); kill(getpid(), SIGUSR2); printf("%d ", last); struct sigaction old; sigaction(SIGUSR2, NULL, &old); printf("%d %d %d\n", old.sa_sigaction == info, (old.sa_flags & SA_SIGINFO) != 0, sigismember(&old.sa_mask, SIGUSR1));
  sigset_t s, o; sigemptyset(&s); sigaddset(&s, SIGUSR1); sigprocmask(SIG_BLOCK, &s, &o); count = 0; raise(SIGUSR1); printf("%d ", count); sigset_t pending; sigpending(&pending); printf("%d ", sigismember(&pending, SIGUSR1)); sigprocmask(SIG_SETMASK, &o, NULL); printf("%d %d\n", count, sigismember(&o, SIGUSR1)); signal(SIGINT, SIG_IGN); raise(SIGINT); signal(SIGALRM, on); alarm(1); pause(); printf("%d\n", last); fflush(stdout); signal(SIGFPE, SIG_DFL); volatile int z = 0; return 7 / z;
}
