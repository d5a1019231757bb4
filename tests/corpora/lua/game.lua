-- Longer programs: life, queens, a JSON printer and parser, string building, big integers, a tiny interpreter.
local function life(w, h, steps)
  local g = {}
  for y = 0, h - 1 do g[y] = {}; for x = 0, w - 1 do g[y][x] = (x * x + y * 3) % 5 == 0 and 1 or 0 end end
  for _ = 1, steps do
    local n = {}
    for y = 0, h - 1 do
      n[y] = {}
      for x = 0, w - 1 do
        local s = 0
        for dy = -1, 1 do for dx = -1, 1 do if dx ~= 0 or dy ~= 0 then s = s + g[(y + dy) % h][(x + dx) % w] end end end
        n[y][x] = (s == 3 or (s == 2 and g[y][x] == 1)) and 1 or 0
      end
    end
    g = n
  end
  for y = 0, h - 1 do local r = {}; for x = 0, w - 1 do r[#r + 1] = g[y][x] == 1 and '#' or '.' end print(table.concat(r)) end
end
life(30, 12, 25)
local function queens(n)
  local c, count = {}, 0
  local function ok(r, col) for i = 1, r - 1 do if c[i] == col or math.abs(c[i] - col) == r - i then return false end end return true end
  local function place(r) if r > n then count = count + 1; return end for col = 1, n do if ok(r, col) then c[r] = col; place(r + 1) end end end
  place(1)
  return count
end
print(queens(6), queens(7))
local json = {}
function json.encode(v)
  if type(v) == 'table' then
    local parts = {}
    if #v > 0 then for _, x in ipairs(v) do parts[#parts + 1] = json.encode(x) end return '[' .. table.concat(parts, ',') .. ']' end
    local keys = {}
    for k in pairs(v) do keys[#keys + 1] = k end
    table.sort(keys)
    for _, k in ipairs(keys) do parts[#parts + 1] = json.encode(k) .. ':' .. json.encode(v[k]) end
    return '{' .. table.concat(parts, ',') .. '}'
  elseif type(v) == 'string' then return '"' .. v:gsub('[%c"\\]', function(c) return ('\\u%04x'):format(c:byte()) end) .. '"'
  else return tostring(v) end
end
function json.decode(s)
  local at = 1
  local function space() at = s:match('^%s*()', at) end
  local function value()
    space()
    local c = s:sub(at, at)
    if c == '{' then
      local t = {}; at = at + 1; space()
      while s:sub(at, at) ~= '}' do local k = value(); space(); at = at + 1; t[k] = value(); space(); if s:sub(at, at) == ',' then at = at + 1; space() end end
      at = at + 1; return t
    elseif c == '[' then
      local t = {}; at = at + 1; space()
      while s:sub(at, at) ~= ']' do t[#t + 1] = value(); space(); if s:sub(at, at) == ',' then at = at + 1 end end
      at = at + 1; return t
    elseif c == '"' then
      local e = s:find('"', at + 1, true); local r = s:sub(at + 1, e - 1); at = e + 1
      return (r:gsub('\\u(%x%x%x%x)', function(h) return utf8.char(tonumber(h, 16)) end))
    end
    local w = s:match('^[%w%.%-+]+', at); at = at + #w
    if w == 'true' then return true elseif w == 'false' then return false elseif w == 'null' then return nil end
    return tonumber(w)
  end
  return value()
end
local doc = '{"name": "x\\u0041y", "list": [1, 2.5, -3e2, true, false], "nested": {"a": {"b": [[], {}, [1,[2,[3]]]]}}}'
print(json.encode(json.decode(doc)), json.encode(json.decode(json.encode(json.decode(doc)))) == json.encode(json.decode(doc)))
local function bigmul(a, n) local r, carry = {}, 0; for i = 1, #a do local x = a[i] * n + carry; r[i] = x % 10000000; carry = x // 10000000 end while carry > 0 do r[#r + 1] = carry % 10000000; carry = carry // 10000000 end return r end
local b = { 1 }
for i = 1, 60 do b = bigmul(b, i) end
local s = tostring(b[#b])
for i = #b - 1, 1, -1 do s = s .. ('%07d'):format(b[i]) end
print('60! = ' .. s)
local function brainfuck(prog, input)
  local jump, stack = {}, {}
  for i = 1, #prog do local c = prog:sub(i, i); if c == '[' then stack[#stack + 1] = i elseif c == ']' then local j = table.remove(stack); jump[i], jump[j] = j, i end end
  local tape, p, i, out = setmetatable({}, { __index = function() return 0 end }), 0, 1, {}
  while i <= #prog do
    local c = prog:byte(i)
    if c == 62 then p = p + 1 elseif c == 60 then p = p - 1 elseif c == 43 then tape[p] = (tape[p] + 1) & 255 elseif c == 45 then tape[p] = (tape[p] - 1) & 255
    elseif c == 46 then out[#out + 1] = string.char(tape[p]) elseif c == 91 then if tape[p] == 0 then i = jump[i] end elseif c == 93 then if tape[p] ~= 0 then i = jump[i] end end
    i = i + 1
  end
  return table.concat(out)
end
print((brainfuck('++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.')))
local crc = {}
for i = 0, 255 do local c = i; for _ = 1, 8 do c = c & 1 == 1 and 0xEDB88320 ~ (c >> 1) or c >> 1 end crc[i] = c end
local function crc32(str) local c = 0xffffffff; for i = 1, #str do c = crc[(c ~ str:byte(i)) & 255] ~ (c >> 8) end return c ~ 0xffffffff end
print(('%08x %08x'):format(crc32('123456789'), crc32(('lua'):rep(1000))))
local function mandelbrot(w, h)
  for y = 0, h - 1 do
    local row = {}
    for x = 0, w - 1 do
      local cr, ci, zr, zi, n = 3.0 * x / w - 2.2, 2.4 * y / h - 1.2, 0.0, 0.0, 0
      while n < 60 and zr * zr + zi * zi < 4.0 do zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci; n = n + 1 end
      row[#row + 1] = (' .:-=+*#%@'):sub(n // 7 + 1, n // 7 + 1)
    end
    print(table.concat(row))
  end
end
mandelbrot(60, 20)
local bodies = { { 0, 0, 0, 0, 0, 0, 39.47 }, { 4.84, -1.16, -0.10, 0.6, 2.8, -0.02, 0.037 }, { 8.34, 4.12, -0.4, -1.01, 1.8, 0.008, 0.011 } }
for _ = 1, 300 do
  for i = 1, #bodies do
    local p = bodies[i]
    for j = i + 1, #bodies do
      local q = bodies[j]
      local dx, dy, dz = p[1] - q[1], p[2] - q[2], p[3] - q[3]
      local d2 = dx * dx + dy * dy + dz * dz
      local mag = 0.01 / (d2 * math.sqrt(d2))
      p[4], p[5], p[6] = p[4] - dx * q[7] * mag, p[5] - dy * q[7] * mag, p[6] - dz * q[7] * mag
      q[4], q[5], q[6] = q[4] + dx * p[7] * mag, q[5] + dy * p[7] * mag, q[6] + dz * p[7] * mag
    end
  end
  for _, p in ipairs(bodies) do p[1], p[2], p[3] = p[1] + 0.01 * p[4], p[2] + 0.01 * p[5], p[3] + 0.01 * p[6] end
end
for _, p in ipairs(bodies) do print(('%.17g %.17g %.17g'):format(p[1], p[2], p[3])) end
