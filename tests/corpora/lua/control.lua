-- Coroutines, errors, loading code, modules, garbage collection, os and io.
local function try(...)
  local t = table.pack(pcall(...))
  for i = 1, t.n do t[i] = type(t[i]) == 'table' and 'a table' or type(t[i]) == 'function' and 'a function' or tostring(t[i]) end
  return table.concat(t, '; ')
end
local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end return 'end' end) end
local g = gen(3)
print(g(), g(), g(), g(), try(g))
local co = coroutine.create(function(a, b)
  print('start', a, b)
  local c = coroutine.yield(a + b)
  print('got', c)
  local d, e = coroutine.yield(c * 2)
  print('got', d, e, coroutine.isyieldable(), coroutine.running() ~= nil)
  error({ code = 42 })
end)
print(coroutine.status(co), coroutine.resume(co, 1, 2))
print(coroutine.status(co), coroutine.resume(co, 10))
local ok, err = coroutine.resume(co, 'x', 'y')
print(coroutine.status(co), ok, type(err), err.code, coroutine.resume(co), coroutine.close(co), coroutine.isyieldable())
local function permutations(a, n)
  n = n or #a
  if n <= 1 then coroutine.yield(table.concat(a)) else
    for i = 1, n do a[n], a[i] = a[i], a[n]; permutations(a, n - 1); a[n], a[i] = a[i], a[n] end
  end
end
local all = {}
for p in coroutine.wrap(function() permutations { 'a', 'b', 'c', 'd' } end) do all[#all + 1] = p end
print(#all, all[1], all[24], table.concat(all, ' ', 5, 10))
local producer = coroutine.wrap(function() for w in ('a b c'):gmatch('%a') do coroutine.yield(w) end end)
local filter = coroutine.wrap(function() for w in producer do coroutine.yield(w:upper() .. w) end end)
for w in filter do io.write(w, ' ') end
print(select(2, try(coroutine.wrap(function() try(coroutine.yield, 1); error('later') end))))
print(coroutine.resume(coroutine.create(function() return pcall(function() coroutine.yield('inside pcall') end) end)))
local sorter = coroutine.wrap(function() table.sort({ 3, 2, 1 }, function(a, b) return a < b end) coroutine.yield('sorted') end)
print(sorter(), try(coroutine.resume, nil))
local closing = coroutine.create(function() local x <close> = setmetatable({}, { __close = function(_, e) print('closed', e) end }); coroutine.yield() end)
coroutine.resume(closing)
print(coroutine.close(closing), coroutine.status(closing))

-- Errors.
print(try(error), try(error, nil), try(error, 'msg', 0), try(error, 'msg'), try(error, { 1 }) )
print(select(2, try(function() error('level 1', 1) end)), select(2, try(function() error('level 2', 2) end)))
print(select(2, try(function() local x; x.y = 1 end)), select(2, try(function() local x = 5; x() end)), select(2, try(function() undefinedfn() end)))
print(select(2, try(function() return 1 < 'x' end)), select(2, try(function() return {} < {} end)), select(2, try(function() return #5 end)), select(2, try(function() return 'a' .. {} end)))
print(select(2, try(function() return math.floor('x') end)), select(2, try(string.rep)), select(2, try(setmetatable, 1, 2)), select(2, try(ipairs)))
print(xpcall(function() error('handled') end, function(m) return 'handler: ' .. m end), xpcall(function(...) return select('#', ...) end, print, 1, 2, 3))
print(xpcall(function() error('a') end, function() error('b') end))
local trace = select(2, xpcall(function() local function inner() error('deep') end inner() end, debug.traceback))
print(trace)
local function nested(n) if n == 0 then error('bottom') end local ok, e = pcall(nested, n - 1); error(e .. n, 0) end
print(try(nested, 10))
print(try(assert, false), try(assert, nil, 'assert message'), try(assert, false, { 1 }), assert(1, 2, 3), try(assert))
local depth = 0
local function overflow() depth = depth + 1; return overflow() + 1 end
local ok2, e2 = pcall(overflow)
print(ok2, e2:match('stack overflow'), depth > 1000)
print(try(string.gsub, 'x', 'x', function() error('in callback') end), try(table.sort, { 1, 2, 3 }, function() error('in compare') end))

-- Loading.
print(load('return 1 + 1')(), load('syntax error here'), type(load(function() return nil end)), try(load, nil))
local env = { print = print, x = 5 }
print(load('x = x + 1; return x', 'chunk', 't', env)(), env.x, x, load('return ...', 'va')(1, 2), load('\27Lua', 'b', 't'))
local pieces, at = { 'return ', '"pie', 'ces"' }, 0
print(load(function() at = at + 1; return pieces[at] end)())
local dumped = string.dump(function(a, b) local t = { a, b, x = 1.5, 'str' }; for i = 1, #t do a = a .. tostring(t[i]) end return a, t.x, 1 << 40, nil, true end)
print(#dumped > 50, load(dumped, 'd', 'b')('p', 'q'))
for _, src in ipairs { 'x =', 'for', 'local x <const> = 1; x = 2', 'goto nowhere', 'break', 'return return', '"unfinished', '[[unfinished', 'x = }', '::a:: ::a::', 'local t = {1,2', 'f(', "x = '\\q'", 'x = 0x', 'x = 1..2', 'local function f() return ... end', "x = '\\u{110000000}'", '--[==[ unfinished', 'if x then else elseif', 'x = 3 = 4', 'a.b:c = 1', 'x = ~', 'local <close> x' } do
  print(select(2, load(src, '=src')))
end
package.preload.mod = function(name, extra) return { name = name, extra = extra } end
print(require('mod').name, require('mod').extra, require('mod') == require('mod'), package.loaded.mod ~= nil, (pcall(require, 'no.such.module')))
print(debug.getinfo(1, 'l').currentline, debug.getinfo(print).what, debug.getinfo(1, 'S').short_src ~= nil, debug.getinfo(function() end, 'u').nups)
local function locals(a, b) local c = a + b; local n, v = debug.getlocal(1, 3); return n, v end
print(locals(1, 2), (debug.getupvalue(function() return g end, 1)))
local hooks = 0
debug.sethook(function() hooks = hooks + 1 end, 'l'); local q = 1
q = 2
debug.sethook(); print(hooks)

-- Garbage.
local weak, n = setmetatable({}, { __mode = 'v' }), 0
for i = 1, 100 do weak[i] = { i } end
local keep = weak[50]
collectgarbage()
for _ in pairs(weak) do n = n + 1 end
print(n, weak[50] == keep)
local eph = setmetatable({}, { __mode = 'k' })
do local k = {}; eph[k] = { k }; k = nil end
collectgarbage(); print(next(eph))
local gone = 0
for i = 1, 50 do setmetatable({}, { __gc = function() gone = gone + 1 end }) end
collectgarbage(); collectgarbage(); print(gone)
print(collectgarbage('count') > 0, collectgarbage('isrunning'), collectgarbage('stop'), collectgarbage('isrunning'), collectgarbage('restart'))
print(collectgarbage('generational'), collectgarbage('incremental'), collectgarbage('step', 1000))
local big = {}
for i = 1, 20000 do big[i] = { i, tostring(i), { x = i } } end
for i = 1, 20000, 2 do big[i] = nil end
collectgarbage('generational')
for i = 1, 20000, 2 do big[i] = 'new' .. i end
collectgarbage(); print(#big, big[19999], big[20000][2], big[2][3].x)

-- os and io.
print(os.time { year = 2020, month = 2, day = 30, hour = 12 } == os.time { year = 2020, month = 3, day = 1, hour = 12 }, os.date('!%Y-%m-%d %H:%M:%S', 86400 * 365), os.date('!*t', 1e9).yday)
print(os.date('!%c|%x|%X|%p|%A|%B|%j|%U|%w|%y|%%', 1234567890), os.getenv('NO_SUCH_VARIABLE'), os.difftime(10, 5), type(os.clock()), try(os.date, '%Ez', 0))
local name = 'scratch.txt'
local f = assert(io.open(name, 'w'))
print(io.type(f), f:write('line 1\n', 2, '\n', 3.5, '\nlast'), f:seek('cur'), f:seek('set', 2), f:write('X'), f:close(), io.type(f), try(f.write, f, 'x'))
for l in io.lines(name) do io.write('[', l, ']') end
for l in io.lines(name, 'L') do io.write('[', l, ']') end
for a, b in io.lines(name, 1, 2) do io.write('<', a, b or '', '>') end
f = io.open(name); print(f:read('l', 'n', 'n', 'l', 'a', 'a', 'l')); f:close()
f = io.open(name, 'a+'); f:write('\nappended'); f:seek('set'); print(#f:read('a'), f:read(0), f:read('l')); f:close()
f = io.open(name, 'rb'); print(f:read(4), f:read(0), f:seek('end'), f:read(1), f:setvbuf('full', 1024)); f:close()
f = io.open('numbers.txt', 'w'); f:write('1 -2 0x1F 3.5e2 .5 nope'); f:close()
f = io.open('numbers.txt'); print(f:read('n', 'n', 'n', 'n', 'n', 'n')); f:close()
print(io.open('no/such/file'), try(io.lines, 'no such file'), os.rename(name, 'renamed.txt'), os.remove('renamed.txt'), os.remove('renamed.txt'), os.remove('numbers.txt'))
local p = io.popen('echo from a shell; exit 3'); print(p:read('a'), p:close())
print(os.execute('exit 5'), os.execute(), tostring(io.stdout):match('^file'), io.write('') == io.stdout)
io.stderr:write('to standard error\n')
warn('@on'); warn('a ', 'warning')
os.exit(7, true)
