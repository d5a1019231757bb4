// SPDX-License-Identifier: MIT
/*
 * Runs single instructions on this CPU. The records read from the input file each name a test (see x86-host-enter.s
 * and the generated stubs) and a full state; the state after the instruction is written to the output file.
 * The memory the instructions may touch lies at a fixed address with nothing mapped around it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define AREA 0x10000000u
#define AREA_SIZE 4096u
#define PATCHES 4

struct state {
  uint64_t gpr[16];
  uint64_t flags;
  uint64_t fsbase;
  uint64_t gsbase;
  uint64_t unused;
  uint8_t xmm[16][16];
};

struct patch {
  uint32_t offset;
  uint32_t length;
  uint8_t bytes[64];
};

struct input {
  uint32_t test;
  uint32_t seed;
  struct state state;
  struct patch patches[PATCHES];
};

struct output {
  uint32_t signal;
  uint32_t path;
  struct state state;
  uint32_t changed;
};

struct state vouch_in, vouch_out;
void *vouch_entry;
uint32_t vouch_path;
uint64_t vouch_own_fsbase;
uint32_t vouch_segments;
static uint32_t caught;

/* The section that all stubs add their addresses to; the linker names its beginning. */
extern void *const __start_vouch_tests[];
extern void vouch_run(void);
extern void vouch_save(void);

static void handle(int signal, siginfo_t *info, void *context) {
  (void)info;
  ucontext_t *u = context;
  caught = (uint32_t)signal;
  u->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)vouch_save;
}

static void fill(uint32_t *words, uint32_t seed) {
  uint32_t x = seed;
  for (uint32_t i = 0; i < AREA_SIZE / 4; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    words[i] = x;
  }
}

static void *load(const char *name, size_t *size) {
  FILE *f = fopen(name, "rb");
  if (!f) return NULL;
  fseek(f, 0, SEEK_END);
  *size = (size_t)ftell(f);
  rewind(f);
  void *all = malloc(*size);
  if (fread(all, 1, *size, f) != *size) return NULL;
  fclose(f);
  return all;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  size_t size = 0;
  struct input *inputs = load(argv[1], &size);
  FILE *result = fopen(argv[2], "wb");
  if (!inputs || !result) return 2;

  static uint8_t before[AREA_SIZE];
  uint8_t *area = mmap((void *)(uintptr_t)AREA, AREA_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (area == MAP_FAILED) return 2;

  static uint8_t handler_stack[65536];
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGTRAP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);

  for (size_t i = 0; i < size / sizeof *inputs; i++) {
    struct input *in = &inputs[i];
    fill((uint32_t *)before, in->seed);
    for (int p = 0; p < PATCHES; p++) {
      struct patch *patch = &in->patches[p];
      if (patch->length) memcpy(before + patch->offset, patch->bytes, patch->length);
    }
    memcpy(area, before, AREA_SIZE);
    vouch_in = in->state;
    vouch_entry = __start_vouch_tests[in->test];
    vouch_path = 9;
    vouch_segments = in->state.fsbase != 0 || in->state.gsbase != 0;
    caught = 0;
    vouch_run();

    static uint32_t changes[AREA_SIZE];
    struct output out = {.signal = caught, .path = vouch_path, .state = vouch_out, .changed = 0};
    for (uint32_t k = 0; k < AREA_SIZE; k++)
      if (area[k] != before[k]) changes[out.changed++] = k | (uint32_t)area[k] << 16;
    fwrite(&out, sizeof out, 1, result);
    fwrite(changes, 4, out.changed, result);
  }
  return fclose(result) ? 2 : 0;
}
