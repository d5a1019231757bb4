-- Tables, closures, metatables, sorting.
local function try(...)
  local t = table.pack(pcall(...))
  for i = 1, t.n do t[i] = type(t[i]) == 'table' and 'a table' or type(t[i]) == 'function' and 'a function' or tostring(t[i]) end
  return table.concat(t, '; ')
end
local t = {}
for i = 1, 100 do t[i] = (i * 7919) % 101 end
table.sort(t)
print(table.concat(t, ' '))
table.sort(t, function(a, b) return a > b end)
print(t[1], t[50], t[100], #t, select('#', table.unpack(t)))
local words = {}
for w in ('the quick brown fox jumps over the lazy dog and runs away from the angry bear'):gmatch('%a+') do words[#words + 1] = w end
table.sort(words)
print(table.concat(words, ','))
table.sort(words, function(a, b) if #a ~= #b then return #a < #b end return a < b end)
print(table.concat(words, ','))
print(try(table.sort, { 3, 1, 2, 5, 4, 1, 9, 8, 7 }, function() return true end))
table.insert(t, 'end'); table.insert(t, 1, 'start'); print(table.remove(t), table.remove(t, 1), #t, table.remove({}), pcall(table.insert, t, 1000, 1))
print(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ','), table.concat(table.move({ 1, 2, 3, 4 }, 2, 4, 1), ','), table.concat({}, 'x'), table.concat({ 1, 2.5, 'x' }, '-', 2, 3))
print(table.pack(1, nil, 3).n, table.unpack({ 1, 2, 3 }, 2), table.unpack({ 1, 2 }, 1, 4), try(table.concat, { {} }), try(table.unpack, {}, 1, 1e8))
local mixed = { 10, 20, 30, nil, 50, x = 1, ['y z'] = 2, [3.5] = 3, [-1] = 4, [true] = 5, [2 ^ 53] = 6 }
print(mixed[1], mixed[5], mixed.x, mixed['y z'], mixed[3.5], mixed[-1], mixed[true], mixed[2 ^ 53], mixed[1.0], mixed[9007199254740992], rawlen(mixed) >= 3)
print(try(function() mixed[nil] = 1 end), try(function() mixed[0 / 0] = 1 end), mixed[nil], next({}), type(next), rawequal(t, t), rawget(mixed, 'x'))
local keys = {}
for i = 1, 1000 do keys['k' .. i] = i end
for i = 1, 1000, 3 do keys['k' .. i] = nil end
local n, sum = 0, 0
for k, v in pairs(keys) do n = n + 1; sum = sum + v; assert(k == 'k' .. v) end
print(n, sum)
for k in pairs(keys) do keys[k] = nil end
print(next(keys))
local sparse = {}
for i = 1, 20 do sparse[1 << i] = i end
n = 0
for k, v in pairs(sparse) do n = n + k * v end
print(n)

-- Metatables.
local V = {}
V.__index = V
V.__add = function(a, b) return V.new(a.x + b.x, a.y + b.y) end
V.__sub = function(a, b) return V.new(a.x - b.x, a.y - b.y) end
V.__mul = function(a, b) if type(a) == 'number' then return V.new(a * b.x, a * b.y) end if type(b) == 'number' then return b * a end return a.x * b.x + a.y * b.y end
V.__unm = function(a) return V.new(-a.x, -a.y) end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__len = function(a) return 2 end
V.__concat = function(a, b) return tostring(a) .. '..' .. tostring(b) end
V.__tostring = function(a) return '(' .. a.x .. ', ' .. a.y .. ')' end
V.__call = function(self, k) return self[k] end
V.__idiv = function() return 'idiv' end; V.__mod = function() return 'mod' end; V.__pow = function() return 'pow' end; V.__div = function() return 'div' end
V.__band = function() return 'band' end; V.__bor = function() return 'bor' end; V.__bxor = function() return 'bxor' end; V.__shl = function() return 'shl' end; V.__shr = function() return 'shr' end; V.__bnot = function() return 'bnot' end
V.__close = function(v) print('closing', v) end
V.__name = 'Vector'
function V.new(x, y) return setmetatable({ x = x, y = y }, V) end
function V:norm() return math.sqrt(self * self) end
local a, b = V.new(3, 4), V.new(1, 2)
print(a + b, a - b, a * b, 2 * a, a * 2, -a, a == V.new(3, 4), a ~= b, a < b, a <= b, a > b, #a, a .. b, a .. 'x', 1 .. a, a 'x', a:norm())
print(a // b, a % b, a ^ b, a / b, a & b, a | 1, 1 ~ a, a << 1, a >> 1, ~a)
do local c <close> = V.new(9, 9); local d <const> = 5; print('in block', d) end
print(try(function() local c <close> = V.new(8, 8); error('leaving') end))
local log = {}
local proxy = setmetatable({}, { __index = function(_, k) log[#log + 1] = 'get ' .. tostring(k); return k end, __newindex = function(_, k, v) log[#log + 1] = 'set ' .. tostring(k); rawset(_, k, v) end, __pairs = function() return function(_, k) k = (k or 0) + 1; if k <= 3 then return k, k * k end end, nil, nil end })
proxy.a = 1; proxy.a = 2; print(proxy.a, proxy.b, proxy[1], table.concat(log, ' '))
for k, v in pairs(proxy) do io.write(k, '=', v, ' ') end
print(getmetatable('x').__index == string, getmetatable(setmetatable({}, { __metatable = 'locked' })), try(setmetatable, setmetatable({}, { __metatable = 1 }), {}))
local chain = setmetatable({}, { __index = setmetatable({ one = 1 }, { __index = setmetatable({ two = 2 }, { __index = function(_, k) return k .. '?' end }) }) })
print(chain.one, chain.two, chain.three)

-- Closures and varargs.
local function counter() local i = 0; return function() i = i + 1; return i end, function() i = i - 1; return i end end
local up, down = counter()
print(up(), up(), up(), down(), up())
local fs = {}
for i = 1, 5 do local j = i * i; fs[i] = function(d) j = j + d; return i, j end end
for i = 1, 5 do io.write(table.concat({ fs[i](i) }, ':'), ' ') end
for i = 1, 5 do io.write(table.concat({ fs[i](1) }, ':'), ' ') end
print()
local function va(...) local a, b = ...; return select('#', ...), a, b, select(-1, ...), (select(2, ...)) end
print(va(1, 2, 3), va('x', nil), (va(7, 8)), try(select, 0))
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local function fact(n, acc) if n <= 1 then return acc end return fact(n - 1, n * acc) end
local function ack(m, n) if m == 0 then return n + 1 elseif n == 0 then return ack(m - 1, 1) else return ack(m - 1, ack(m, n - 1)) end end
print(fib(20), fact(20, 1), fact(25, 1.0), ack(2, 9))
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
local function tail(n) if n == 0 then return 'done' end return tail(n - 1) end
print(deep(10000), tail(100000), pcall(function() local function inf() return 1 + inf() end return inf() end)==false)
goto skip
print 'not reached'
::skip::
for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then goto continue end
    if i == 3 then goto out end
    io.write(i, j, ' ')
    ::continue::
  end
end
::out::
local i = 0
repeat local k = i; i = i + 1 until k >= 3
while true do i = i + 1; if i > 10 then break end end
print(i)
