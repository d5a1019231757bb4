function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) }
function sort(a, n,   i, j, t) {
  for (i = 2; i <= n; i++) { t = a[i]; for (j = i - 1; j > 0 && a[j] > t; j--) a[j + 1] = a[j]; a[j + 1] = t }
}
BEGIN {
  for (i = 0; i < 10; i++) print i, i * i, i / 3, 2 ^ i, i % 3, -i % 3
  printf "%5.2f|%-10s|%c|%x|%e|%d|%05d|%g\n", 3.14159, "ab", 65, 255, 12345.678, -7.9, 42, 1e-10
  print sin(1), cos(1), atan2(1, 2), exp(1), log(10), sqrt(2), int(-3.7)
  print f(18), 1e6, 1e300 * 1e300, -log(0), 0.1 + 0.2, 100000000000000000
  print "a" < "b", 10 < 9, "10" < "9", x++ + ++x, 1 == 1.0, "abc" ~ /b+/, !("k" in none)
  n = split("5 3 9 1 7 2", v); sort(v, n); for (i = 1; i <= n; i++) printf "%s ", v[i]; print ""
  do { k += 3; if (k == 9) continue; if (k > 20) break } while (k < 100)
  print k, substr("hello", 0, 3), index("hello", "l"), length(), sprintf("%s-%s", "a", "b")
  print "to a file" > "out"; close("out"); while ((getline line < "out") > 0) print "read", line
  "echo from a command" | getline line; print line
  exit 3
}
