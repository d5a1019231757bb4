// SPDX-License-Identifier: MIT
#include <stdio.h>
// Called without a program, `run` returns its table of labels, of which callers make programs. As nothing in the function
// leads from the table to the jumps, they were taken for calls in tail position.
__attribute__((noinline)) int show(int n) { return printf("%d\n", n); }
__attribute__((noinline)) void *const *run(void *const *program, int *stack) {
  static void *const labels[] = {&&push, &&add, &&print, &&end};
  if (program == 0) return labels;
  goto **program++;
push:
  *++stack = (int)(long)*program++;
  goto **program++;
add:
  stack--;
  *stack += stack[1];
  goto **program++;
print:
  stack[1] = show(*stack);
  goto **program++;
end:
  return 0;
}
int main(void) {
  void *const *does = run(0, 0);
  void *const program[] = {does[0], (void *)20, does[0], (void *)22, does[1], does[2], does[3]};
  int stack[8] = {0};
  return run(program, stack) != 0 || stack[2] != 3;
}
