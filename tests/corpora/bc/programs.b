define f(n) {
  if (n < 2) return (1)
  return (n * f(n - 1))
}
f(60)
define p(x, y) {
  auto a, b
  b = 1
  while (y > 0) {
    if (y % 2 == 1) b = b * x
    x = x * x
    y = y / 2
  }
  return (b)
}
p(3, 100)
define z(a[], n) {
  auto i, s
  for (i = 0; i < n; i++) {
    s += a[i]
    if (s > 100) break
  }
  return (s)
}
for (i = 0; i < 20; i++) v[i] = i^2
z(v[], 20)
"a string
"
print "hi", 3, "\n"
x = 5
x += 2; x ^= 3; x %= 50; x
if (x > 3 && !(x == 43)) print "yes\n" else print "no\n"
1 / 0
undefined_function(3)
2 +
quit
