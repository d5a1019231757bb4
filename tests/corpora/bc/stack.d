2 3 + p
10 k 2 v p
5 3 % p
100 16 o p
10 o
[hello]P 10 P
[la1+dsa*pla10>y]sy 0sa1 lyx
20 k 2 3 ^ p 7 3 / p 3 7 r - p
5 d * p f c
1 2 3 z f
16i FF p A i
3 4 ~ f c
2 10 1000 | p
1 :a 7 2 :a 2 ;a p
0 0 /
[unbalanced
