-- Numbers: integers that wrap, floats with all their corners, conversions, math.
local function try(...)
  local t = table.pack(pcall(...))
  for i = 1, t.n do t[i] = type(t[i]) == 'table' and 'a table' or type(t[i]) == 'function' and 'a function' or tostring(t[i]) end
  return table.concat(t, '; ')
end
local function show(...)
  local t = table.pack(...)
  for i = 1, t.n do
    local v = t[i]
    if v ~= v then v = 'nan' end
    t[i] = math.type(v) and (math.type(v) == 'integer' and 'i' or 'f') .. tostring(v) or tostring(v)
  end
  print(table.concat(t, ' ', 1, t.n))
end
local ints = { 0, 1, -1, 2, -2, 3, 7, -7, 10, 63, 64, 65, -64, 255, 256, 65535, 1 << 31, -(1 << 31), 1 << 53, math.maxinteger, math.mininteger, math.mininteger + 1 }
local floats = { 0.0, -0.0, 0.5, -0.5, 1.0, -1.5, 2.5, 3.7, -3.7, 1e15, 1e16, 2.0 ^ 53, 2.0 ^ 63, -2.0 ^ 63, 1e308, -1e308, 5e-324, 2.2250738585072014e-308, 1 / 0, -1 / 0, 0 / 0 }
local sum = 0
for _, a in ipairs(ints) do
  for _, b in ipairs(ints) do
    sum = sum * 31 + (a + b) ~ (a - b) ~ (a * b) ~ (a & b) ~ (a | b) ~ (a << (b & 127)) ~ (a >> (b & 127)) ~ (a << -(b & 63))
    if b ~= 0 then sum = sum * 31 + (a // b) ~ (a % b) end
    if a < b then sum = sum + 1 end
    if a <= b then sum = sum + 3 end
    if a == b then sum = sum + 7 end
  end
  show(a, -a, ~a, a // 3, a % 3, a // -3, a % -3, a / 4, a << 1, a >> 1, a >> 60, a + 0.0, a * 1.5)
end
show(sum)
for _, a in ipairs(floats) do
  for _, b in ipairs(floats) do
    show(a, b, a + b, a - b, a * b, a / b, a % b, a // b, a < b, a <= b, a == b, a ~= b, a > b)
  end
end
for _, a in ipairs(floats) do
  show(a, -a, math.abs(a), math.floor(a), math.ceil(a), math.tointeger(a), math.fmod(a, 3), math.modf(a))
  show(math.sqrt(a), math.exp(a), math.log(a), math.log(a, 2), math.log(a, 10), math.ult(1, -1), math.max(a, 1), math.min(a, 1), a ^ 2, a ^ 0.5, 2 ^ a)
  for _, i in ipairs(ints) do
    local r = (a < i and 1 or 0) + (a <= i and 2 or 0) + (a == i and 4 or 0) + (i < a and 8 or 0) + (i <= a and 16 or 0)
    io.write(r, ' ')
  end
  print()
end
for i = -8, 8 do show(math.sin(i), math.cos(i), math.tan(i), math.atan(i), math.atan(i, 3), math.asin(i / 8), math.acos(i / 8), math.exp(i), math.log(i + 9), i ^ 3, i ^ -1) end
show(try(function() return 1 // 0 end), try(function() return 1 % 0 end), 1 // 0.0, -1 // 0.0, 0 / 0 ~= 0 / 0)
show(try(function() return 1.5 | 1 end), try(function() return '3' | 1 end), try(function() return 2 ^ 63 | 0 end), try(function() return {} + 1 end))
show(math.mininteger // -1, math.mininteger % -1, math.maxinteger + 1, math.mininteger - 1, math.maxinteger * 2, math.maxinteger + 0.0 == math.maxinteger)
show(1e15, 1e14, 123456.7, 0.1 + 0.2, 100 / 3, 3 | 0, 7 // 2, 7.0 // 2, -7 // 2, 7 % -3, -7 % 3, 7.5 % -2, -7.5 % 2, 5 % math.huge, -5 % math.huge)
show(0x7fffffffffffffff, 0xffffffffffffffff, 0x1p-2, 0xA.8p0, 1e2, .5, 3., 0x.1, 9223372036854775807, 9223372036854775808, 1e400)
show(math.tointeger('8'), math.tointeger(3.0), math.tointeger(3.5), math.type(1), math.type(1.0), math.type('1'), math.pi, math.huge, -math.huge)
for i = 3, 1, -1 do io.write(i, ' ') end
for i = 1.0, 2.0, 0.25 do io.write(i, ' ') end
for i = math.maxinteger - 2, math.maxinteger do io.write(i, ' ') end
for i = math.mininteger, math.mininteger + 2 do io.write(i, ' ') end
for i = 1, 0 do io.write('never') end
for i = 3, 2.5, -0.5 do io.write(i, ' ') end
print(try(function() for i = 1, 10, 0 do end end), try(function() for i = 'a', 2 do end end))
math.randomseed(42)
for i = 1, 5 do show(math.random(), math.random(100), math.random(-10, 10), math.random(0), math.random(math.mininteger, math.maxinteger)) end
math.randomseed(1, 2)
show(math.random(1 << 40), try(math.random, 2, 1), try(math.random, 1, 2, 3))

-- Numerical work: sums, matrices, a series, primes.
local h, e, f = 0.0, 1.0, 1.0
for i = 1, 2000 do h = h + 1 / i end
for i = 1, 20 do f = f * i; e = e + 1 / f end
local m, p = {}, { { 1.0, 1.0 }, { 1.0, 0.0 } }
local function mul(a, b)
  local r = {}
  for i = 1, 2 do r[i] = {}; for j = 1, 2 do r[i][j] = a[i][1] * b[1][j] + a[i][2] * b[2][j] end end
  return r
end
m = p
for _ = 1, 70 do m = mul(m, p) end
local primes, sieve = 0, {}
for i = 2, 5000 do if not sieve[i] then primes = primes + 1; for j = i * i, 5000, i do sieve[j] = true end end end
show(h, e, f, m[1][1], m[2][1], primes)
local x = 0.5
for i = 1, 1000 do x = 3.9 * x * (1 - x) end
print(('%a %.17g'):format(x, x))
