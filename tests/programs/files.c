// SPDX-License-Identifier: MIT
// Files and streams: reading, writing, seeking, stat, directories, environment, time with fixed inputs, exit handlers.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void bye(void) { puts("at exit"); }
int main(void) {
  atexit(bye); char dir[] = "/tmp/vouchXXXXXX", path[100], line[200]; if (!mkdtemp(dir)) return 1; snprintf(path, sizeof path, "%s/file", dir);
  FILE *f = fopen(path, "w+"); for (int i = 0; i < 50; i++) fprintf(f, "line %d %x %.3f\n", i, i * i, i / 7.0); fputs("last", f); fputc('\n', f); printf("%ld ", ftell(f)); rewind(f); int n = 0; while (fgets(line, sizeof line, f)) n += (int)strlen(line); printf("%d %d ", n, feof(f) != 0); fseek(f, 5, SEEK_SET); int a; unsigned b; double c; printf("%d ", fscanf(f, "%d %x %lf", &a, &b, &c)); printf("%d %u %g ", a, b, c); fseek(f, -5, SEEK_END); printf("%c %c\n", fgetc(f), ungetc('Q', f)); fclose(f);
  struct stat st; printf("%d ", stat(path, &st)); printf("%lld %o %d %d ", (long long)st.st_size, st.st_mode & 0170000, (int)st.st_nlink, S_ISREG(st.st_mode)); int fd = open(path, O_RDWR | O_APPEND); printf("%d ", fd >= 0); printf("%zd ", write(fd, "more", 4)); printf("%lld ", (long long)lseek(fd, 0, SEEK_END)); char buf[20] = {0}; printf("%zd ", pread(fd, buf, 6, 0)); printf("%s ", buf); fstat(fd, &st); printf("%lld ", (long long)st.st_size); ftruncate(fd, 10); fstat(fd, &st); printf("%lld\n", (long long)st.st_size); close(fd);
  int od = open(dir, O_RDONLY | O_DIRECTORY); printf("%d %d ", od >= 0, open(path, O_RDONLY | O_DIRECTORY) < 0 && errno == ENOTDIR); close(od); printf("%d ", open(path, O_CREAT | O_EXCL | O_WRONLY, 0644) < 0 && errno == EEXIST); printf("%d %s ", access("/no/such", F_OK), strerror(errno)); char p2[120]; snprintf(p2, sizeof p2, "%s/other", dir); rename(path, p2); mkdir(path, 0755); symlink("other", strcat(strcpy(line, dir), "/link")); lstat(line, &st); printf("%d %lld\n", S_ISLNK(st.st_mode), (long long)st.st_size); DIR *d = opendir(dir); struct dirent *e; int names = 0; while ((e = readdir(d))) names += (int)strlen(e->d_name); closedir(d); printf("%d\n", names); unlink(line); rmdir(path); unlink(p2); rmdir(dir);
  int fds[2]; pipe(fds); pid_t pid = fork(); if (pid == 0) { dprintf(fds[1], "child %d", 42); _exit(7); } close(fds[1]); memset(buf, 0, sizeof buf); read(fds[0], buf, 19); int ws; waitpid(pid, &ws, 0); printf("%s %d %d\n", buf, WIFEXITED(ws), WEXITSTATUS(ws)); setenv("VOUCH_X", "value", 1); printf("%s %d\n", getenv("VOUCH_X"), getenv("VOUCH_Y") == NULL); time_t t = 1234567890; struct tm *tm = gmtime(&t); strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S %j %a", tm); printf("%s %d %lld\n", line, tm->tm_yday, (long long)timegm(tm)); struct timespec ts; printf("%d\n", clock_gettime(CLOCK_MONOTONIC, &ts) == 0 && ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000); fflush(stdout); exit(9);
}
