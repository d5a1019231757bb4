// SPDX-License-Identifier: MIT
// Throws where it is asked to, by itself or in the library, and catches what it has thrown.
#include <cstdio>
#include <stdexcept>
#include <vector>

int main(int argc, char **argv) {
  std::puts("before");
  std::fflush(stdout);
  try {
    const std::vector<int> v(3);
    if (argc == 3) throw std::runtime_error("by itself");
    std::printf("%d\n", v.at(argc * 2 - 2));
  } catch (const std::exception &e) {
    std::printf("caught\n");
    return 3;
  }
  return 0;
}
