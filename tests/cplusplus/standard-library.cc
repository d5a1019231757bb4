// SPDX-License-Identifier: MIT
// Containers, algorithms and streams of the C++ library, in code that has handlers for exceptions all over.
#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <queue>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

struct Shape {
  virtual ~Shape() {}
  virtual double area() const = 0;
  virtual std::string name() const { return "shape"; }
};

struct Square : Shape {
  double side;
  explicit Square(double s) : side(s) {}
  double area() const override { return side * side; }
  std::string name() const override { return "square"; }
};

struct Circle : Shape {
  double radius;
  explicit Circle(double r) : radius(r) {}
  double area() const override { return 3.25 * radius * radius; }
};

int main() {
  std::vector<std::unique_ptr<Shape>> shapes;
  for (int i = 0; i < 5; i++) {
    if (i & 1) shapes.push_back(std::make_unique<Square>(i));
    else shapes.push_back(std::make_unique<Circle>(i + 0.5));
  }
  for (const auto &s : shapes) std::cout << s->name() << ' ' << s->area() << '\n';

  std::map<std::string, int> words;
  std::istringstream text("one two three two three three and a rather long word: incomprehensibilities");
  for (std::string word; text >> word;) words[word]++;
  for (const auto &[word, n] : words) std::cout << word << '=' << n << ' ';
  std::cout << std::endl;

  std::vector<int> numbers;
  for (int i = 0; i < 100; i++) numbers.push_back(i * 7919 % 101);
  std::sort(numbers.begin(), numbers.end(), [](int x, int y) { return x > y; });
  std::cout << numbers.front() << ' ' << numbers.back() << ' ' << std::accumulate(numbers.begin(), numbers.end(), 0L) << '\n';
  std::set<int> sorted(numbers.begin(), numbers.end());
  std::cout << sorted.size() << ' ' << *sorted.lower_bound(50) << '\n';

  std::unordered_map<int, std::string> squares;
  for (int i = 0; i < 20; i++) squares[i] = std::to_string(i * i);
  std::string all;
  for (int i = 0; i < 20; i++) all += squares[i] + ",";
  std::cout << all << all.size() << '\n';

  std::function<int(int)> fibonacci = [&](int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); };
  std::cout << fibonacci(15) << '\n';

  std::priority_queue<std::pair<int, int>> queue;
  for (int i = 0; i < 50; i++) queue.push({i * 37 % 50, i});
  while (queue.size() > 45) {
    std::cout << queue.top().first << ':' << queue.top().second << ' ';
    queue.pop();
  }
  std::ostringstream out;
  out << std::hex << std::showbase << 255 << std::dec << ' ' << std::setprecision(10) << 2.0 / 3 << '|' << std::setw(6) << std::left << 42;
  std::cout << out.str() << '|' << std::boolalpha << true << '\n';
}
