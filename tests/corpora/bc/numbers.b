2^200
1/3
scale = 50
1/7
sqrt(2)
-17 / 5
-17 % 5
length(12345.678)
scale(1.2345)
obase = 16
2^64 - 1
255
obase = 2
10
obase = 10
ibase = 16
FF
ibase = A
s(1); c(1); a(1); l(2); e(1); j(0, 1)
for (i = 1; i < 4; i++) i^i^i
