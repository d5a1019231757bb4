-- What Lua programs spend their time with: calls, tables, strings, floats, closures, the collector.
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local sum = fib(27)
local t = {}
for i = 1, 60000 do t[i] = (i * 7919) % 10007 end
table.sort(t)
for i, v in ipairs(t) do sum = (sum + i * v) % 3000003 end
local words = {}
for w in (('the quick brown fox jumps over the lazy dog '):rep(1500)):gmatch('%a+') do words[w] = (words[w] or 0) + 1 end
local parts = {}
for i = 1, 20000 do parts[#parts + 1] = ('%d:%x,'):format(i, i * i) end
local s = table.concat(parts):gsub('1', 'one'):upper()
local x, y = 0.1, 0.2
for i = 1, 600000 do x = x + y * 0.001; y = y - x * 0.001 + 1 / (i * 1000) end
local function counter() local n = 0; return function() n = n + 1; return n end end
local c = counter()
for _ = 1, 300000 do c() end
local objects = {}
local mt = { __index = { get = function(o) return o.v end } }
for i = 1, 300000 do objects[i % 1000 + 1] = setmetatable({ v = i, name = 'o' .. i % 50 }, mt) end
for _, o in ipairs(objects) do sum = sum + o:get() end
local co = coroutine.wrap(function() for i = 1, 30000 do coroutine.yield(i) end end)
for _ = 1, 30000 do sum = sum + co() end
print(sum, #s, words.fox, ('%.12g %.12g'):format(x, y), c())
