// SPDX-License-Identifier: MIT
// with: flags -fPIC
// Whole vectors go to a function that is called through the PLT, and come back from it.
typedef int Four __attribute__((vector_size(16)));
Four __attribute__((noipa)) sum(Four a, Four b) { return a + b; }
int main(void) {
  volatile Four a = {1, 2, 3, 4};
  Four b = sum(a, sum(a, a));
  return b[0] + b[3];
}
