// Folders and files by their names, numbers of open files, pages of memory.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void told(const char *what, int result) {
  int error = errno;
  printf("%s: %d", what, result);
  if (result < 0) printf(" (%s)", strerror(error));
  puts("");
}

static void write_file(const char *name, const char *text) {
  FILE *f = fopen(name, "w");
  fputs(text, f);
  fclose(f);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *name) {
  DIR *dir = opendir(name);
  if (dir == NULL) {
    told(name, -1);
    return;
  }
  char *names[20];
  int n = 0;
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    names[n] = malloc(strlen(e->d_name) + 8);
    sprintf(names[n++], "%s%s", e->d_name, e->d_type == DT_DIR ? "/" : "");
  }
  told("closedir", closedir(dir));
  qsort(names, n, sizeof *names, by_name);
  for (int i = 0; i < n; i++) {
    printf(" %s", names[i]);
    free(names[i]);
  }
  puts("");
}

static void status(const char *name) {
  struct stat s;
  int result = stat(name, &s);
  told(name, result);
  if (result == 0) printf("%d %d %d\n", S_ISDIR(s.st_mode), S_ISREG(s.st_mode), S_ISREG(s.st_mode) ? (int)s.st_size : 0);
}

int main(void) {
  told("mkdir", mkdir("d", 0755));
  told("mkdir again", mkdir("d", 0755));
  told("mkdir nowhere", mkdir("none/d", 0755));
  write_file("d/one", "hello\n");
  write_file("d/two", "and again\n");
  told("mkdir sub", mkdir("d/sub", 0755));
  list("d");
  list("d/one");
  list("none");
  status("d");
  status("d/two");
  status("d/three");
  told("rmdir full", rmdir("d"));
  told("rmdir file", rmdir("d/one"));
  told("unlink none", unlink("d/three"));
  told("rename", rename("d/one", "d/sub/uno"));
  told("rename none", rename("d/one", "d/eins"));
  told("rename folder", rename("d/sub", "sub2"));
  told("rename into itself", rename("d", "d/x"));
  told("access", access("sub2/uno", F_OK));
  told("access none", access("d/one", F_OK));
  told("chdir", chdir("sub2"));
  told("chdir file", chdir("uno"));
  char line[20] = "";
  FILE *f = fopen("../d/two", "r");
  printf("%s", fgets(line, sizeof line, f));
  fclose(f);
  char path[4096];
  printf("%s\n", strrchr(getcwd(path, sizeof path), '/'));
  printf("%d\n", getcwd(path, 1) == NULL && errno == ERANGE);
  told("chdir back", chdir(".."));

  int dir = open("d", O_RDONLY | O_DIRECTORY);
  int file = openat(dir, "two", O_RDWR | O_APPEND);
  told("append", (int)write(file, "more\n", 5));
  int other = dup(file);
  told("seek", (int)lseek(other, 4, SEEK_SET));
  told("read", (int)read(file, line, 5));
  printf("%.5s\n", line);
  printf("%d\n", (fcntl(other, F_GETFL) & (O_ACCMODE | O_APPEND)) == (O_RDWR | O_APPEND));
  told("close", close(file));
  told("truncate", ftruncate(other, 3));
  told("sync", fsync(other));
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  told("lock", fcntl(other, F_SETLK, &lock));
  told("close other", close(other));
  told("close twice", close(other));
  status("d/two");
  told("unlinkat", unlinkat(dir, "two", 0));
  told("close folder", close(dir));
  told("open folder to write", open("d", O_WRONLY));
  told("remove folder", remove("d"));
  told("unlink", unlink("sub2/uno"));
  told("remove", unlinkat(AT_FDCWD, "sub2", AT_REMOVEDIR));
  status("sub2");

  unsigned char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 8192; i++) pages[i] += i * 7;
  pages = mremap(pages, 8192, 65536, MREMAP_MAYMOVE);
  unsigned sum = 0;
  for (int i = 0; i < 65536; i++) sum = sum * 31 + pages[i];
  printf("%u\n", sum);
  told("munmap", munmap(pages, 65536));
  return 0;
}
