// SPDX-License-Identifier: MIT
// Runs generated stubs from records of a file, and writes what each changed. See qemu-harness.ts for the other end.
//
// Input: the common state (struct state), the number of memory images, the images, then records until the end:
// u32 stub, u8 image, u8 number of overrides, and for each override u8 slot and 16 bytes.
// Output for each record: u8 exit, u8 number of changed slots, u16 number of changed bytes, then u8 slot and 16 bytes
// for each slot, and u16 offset and u8 value for each byte.
// Slots: 0 to 31 general registers (31 is sp on AArch64, 0 unused on RISC-V), 32 nzcv or vl, 33 tpidr_el0 or vtype, 64 to 95
// vectors or floating-point registers, 96 to 127 vectors on RISC-V. 27 and 28 are the harness's own.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define AREA ((uint8_t *)0x10000000)
#define AREA_SIZE 4096

#ifdef __riscv
#define PROGRAM_COUNTER uc_mcontext.__gregs[REG_PC]
#define IS_SKIPPED(slot) ((slot) == 0 || (slot) == 27 || (slot) == 28 || ((slot) >= 34 && (slot) < 64))
#define SLOTS 128
#else
#define PROGRAM_COUNTER uc_mcontext.pc
#define IS_SKIPPED(slot) ((slot) == 27 || (slot) == 28 || ((slot) >= 34 && (slot) < 64))
#define SLOTS 96
#endif
// STUB_BYTES, the distance of stubs, is given from outside.
// Where a stub is entered: behind the two jumps of its target.
#define ENTRY 8

struct state {
  uint64_t words[36];
  uint8_t vectors[64][16];
};

extern void enter(struct state *state, const void *stub);
extern char exit_fault[], stubs_start[];

// A thread-local variable far enough from the thread pointer that its offset has upper bits.
static __thread char tls_padding[20000];
__thread uint64_t tls_sym __attribute__((aligned(16)));

static char *thread_pointer(void) {
#ifdef __riscv
  char *tp;
  __asm__("mv %0, tp" : "=r"(tp));
  return tp;
#else
  return __builtin_thread_pointer();
#endif
}

static volatile int signalled;

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)info;
  signalled = number;
  ((ucontext_t *)context)->PROGRAM_COUNTER = (uint64_t)exit_fault;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void must_read(void *to, size_t size, FILE *file) {
  if (fread(to, 1, size, file) != size) fail("reading");
}

int main(int argc, char **argv) {
  if (argc == 1) {
    // How far the thread-local variable is from the thread pointer.
    tls_padding[0] = 1;
    printf("%lu\n", (unsigned long)((char *)&tls_sym - thread_pointer()));
    return 0;
  }
  if (argc != 3) return 2;
  FILE *in = fopen(argv[1], "rb"), *out = fopen(argv[2], "wb");
  if (!in || !out) fail("opening");
  setvbuf(in, NULL, _IOFBF, 1 << 20);
  setvbuf(out, NULL, _IOFBF, 1 << 20);
  if (mmap(AREA, AREA_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != AREA)
    fail("mapping");
  stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGTRAP, &action, NULL);

  static struct state common, before, after;
  must_read(&common, sizeof common, in);
  uint32_t count;
  must_read(&count, 4, in);
  uint8_t *images = malloc((size_t)count * AREA_SIZE);
  must_read(images, (size_t)count * AREA_SIZE, in);

  uint8_t head[6];
  while (fread(head, 1, 6, in) == 6) {
    uint32_t stub;
    memcpy(&stub, head, 4);
    const uint8_t *image = images + head[4] * AREA_SIZE;
    before = common;
    for (int i = 0; i < head[5]; i++) {
      uint8_t slot[17];
      must_read(slot, 17, in);
      if (slot[0] < 64) memcpy(&before.words[slot[0]], slot + 1, 8);
      else memcpy(before.vectors[slot[0] - 64], slot + 1, 16);
    }
    memcpy(AREA, image, AREA_SIZE);
    after = before;
    signalled = 0;
    enter(&after, stubs_start + STUB_BYTES * (size_t)stub + ENTRY);

    uint8_t slots[SLOTS * 17], bytes[AREA_SIZE * 3], *s = slots, *b = bytes;
    uint8_t changed = 0;
    uint16_t changed_bytes = 0;
    for (int i = 0; i < SLOTS; i++) {
      if (IS_SKIPPED(i)) continue;
      const void *old = i < 64 ? (void *)&before.words[i] : (void *)before.vectors[i - 64];
      const void *new = i < 64 ? (void *)&after.words[i] : (void *)after.vectors[i - 64];
      size_t size = i < 64 ? 8 : 16;
      if (memcmp(old, new, size) == 0) continue;
      *s++ = (uint8_t)i;
      memset(s, 0, 16);
      memcpy(s, new, size);
      s += 16;
      changed++;
    }
    if (memcmp(AREA, image, AREA_SIZE) != 0)
      for (int i = 0; i < AREA_SIZE; i++)
        if (AREA[i] != image[i]) {
          *b++ = (uint8_t)i;
          *b++ = (uint8_t)(i >> 8);
          *b++ = AREA[i];
          changed_bytes++;
        }
    uint8_t exit_kind = signalled ? (uint8_t)signalled : (uint8_t)after.words[34];
    fputc(exit_kind, out);
    fputc(changed, out);
    fwrite(&changed_bytes, 2, 1, out);
    fwrite(slots, 1, (size_t)(s - slots), out);
    fwrite(bytes, 1, (size_t)(b - bytes), out);
  }
  if (fclose(out)) fail("writing");
  return 0;
}
