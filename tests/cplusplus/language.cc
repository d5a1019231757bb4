// SPDX-License-Identifier: MIT
// Classes with virtual bases, casts, objects given back by value, static objects, templates and threads.
#include <cstdio>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <typeinfo>
#include <variant>
#include <vector>

struct A {
  virtual ~A() = default;
  virtual int f(int x) { return x + 1; }
  int a = 3;
};
struct B : virtual A {
  int f(int x) override { return x * 2 + a; }
  int b = 4;
};
struct C : virtual A {
  int c = 5;
};
struct D : B, C {
  int f(int x) override { return B::f(x) + b + c; }
};

struct Big {
  long v[5];
  double d;
};
static Big make(int n) {
  Big big;
  for (int i = 0; i < 5; i++) big.v[i] = n * i;
  big.d = n / 3.0;
  return big;
}

struct Noisy {
  const char *name;
  explicit Noisy(const char *n) : name(n) { std::printf("+%s ", n); }
  ~Noisy() { std::printf("-%s ", name); }
};
static Noisy before_main("static");

static int &counter() {
  static int n = [] {
    std::printf("once ");
    return 41;
  }();
  return ++n;
}

template <class... Ts> struct overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts> overloaded(Ts...) -> overloaded<Ts...>;

static std::pair<double, int> both(double x) { return {x * 1.5, (int)x}; }
static std::tuple<int, float, char> three() { return {7, 2.5f, 'q'}; }

int main() {
  D d;
  A *a = &d;
  std::printf("%d %d %s\n", a->f(10), dynamic_cast<C *>(a) != nullptr, typeid(*a).name());
  const Big big = make(7);
  std::printf("%ld %.6f\n", big.v[4], big.d);
  std::printf("%d", counter());
  std::printf(" %d\n", counter());
  {
    Noisy outer("outer");
    for (int i = 0; i < 2; i++) Noisy inner("inner");
  }
  const std::vector<std::variant<int, double, std::string>> values{1, 3.25, "three"};
  for (const auto &v : values)
    std::visit(overloaded{[](int i) { std::printf("int %d ", i); }, [](double x) { std::printf("double %g ", x); },
                          [](const std::string &s) { std::printf("string %s\n", s.c_str()); }},
               v);
  std::optional<int> nothing;
  const auto [x, y] = both(4.5);
  const auto [i, f, c] = three();
  std::printf("%d %g %d %d %g %c\n", nothing.value_or(9), x, y, i, (double)f, c);
  std::mutex mutex;
  int total = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++)
    threads.emplace_back([&, t] {
      for (int k = 0; k < 1000; k++) {
        std::lock_guard<std::mutex> lock(mutex);
        total += t;
      }
    });
  for (auto &t : threads) t.join();
  std::cout << total << std::endl;
}
