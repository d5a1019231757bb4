-- Strings: methods, formats, packing, UTF-8.
local function try(...)
  local t = table.pack(pcall(...))
  for i = 1, t.n do t[i] = type(t[i]) == 'table' and 'a table' or type(t[i]) == 'function' and 'a function' or tostring(t[i]) end
  return table.concat(t, '; ')
end
local s = 'The quick brown fox jumps over the lazy dog'
print(#s, s:upper(), s:lower(), s:reverse(), s:sub(-3), s:sub(5, 9), s:sub(0), s:sub(-100, 3), s:sub(44))
print(s:byte(1, 5), s:byte(-1), s:byte(100), string.char(72, 105), string.rep('ab', 3, ', '), ('x'):rep(0), ('x'):rep(-1))
print(s:find('quick'), s:find('o', 14), s:find('o', -5), s:find('%a+', 11), s:find('', 10), s:find('', 50), s:find('.', 1, true))
for _, f in ipairs { '%d', '%5d', '%-5d|', '%05d', '%+d', '% d', '%x', '%X', '%#x', '%o', '%#o', '%i', '%u' } do
  local parts = {}
  for _, n in ipairs { 0, 1, -1, 42, -42, 123456789, math.maxinteger, math.mininteger } do
    local ok, r = pcall(string.format, f, n)
    parts[#parts + 1] = ok and r or r:gsub('^.-:%d+: ', '')
  end
  print(f, table.concat(parts, ' '))
end
for _, f in ipairs { '%f', '%.0f', '%.3f', '%10.2f', '%-10.2f|', '%+.1f', '%e', '%.3E', '%g', '%.10g', '%G', '%#.3g', '%a', '%.2a', '%A' } do
  local parts = {}
  for _, n in ipairs { 0.0, -0.0, 1.0, -1.5, 3.14159265358979, 1e10, 1.5e300, 1e-300, 5e-324, 1 / 0, -1 / 0, 2 ^ 53, 123456.789 } do
    parts[#parts + 1] = string.format(f, n)
  end
  print(f, table.concat(parts, ' '))
end
print(string.format('%s %10s %-10s| %.3s %q', 'abc', 'abc', 'abc', 'abcdef', 'line\nbreak "quoted" \\ \0 \r \t \200'))
print(string.format('%q %q %q %q', 1 / 3, math.mininteger, 1 / 0, -1 / 0), string.format('%q', 0 / 0))
print(string.format('%c%c%c %% %5s %s %s', 76, 117, 97, true, nil, 12.0), string.format('%-20s|%20s|', 'left', 'right'))
print(try(string.format, '%d', 1.5), try(string.format, '%d', 'x'), try(string.format, '%y', 1), try(string.format, '%d'))
print(string.format('%s', setmetatable({}, { __tostring = function() return 'custom' end })), string.format('%5.1s|', 'xyz'))

-- Patterns.
print(('hello world from lua'):gsub('(%w+) (%w+)', '%2 %1'), ('abc'):gsub('', '-'), ('abc'):gsub('%w', '%0%0', 2))
print(('x = 10, y = 20'):gsub('(%w+) = (%w+)', { x = 'ex' }), ('$name is $age'):gsub('%$(%w+)', { name = 'Bob', age = 42 }))
print(('THE (quick) fox'):find('%((%a+)%)'), ('key = value'):match('^(%w+)%s*=%s*(%w+)$'), ('  trim  '):match('^%s*(.-)%s*$') .. '|')
print(('f(a(b)c)d'):match('%b()'), ('THE END'):match('%f[%a]%a+%f[%A]'), ('0x1F'):match('^0[xX](%x+)$'), ('[[x]]'):find('[]]'), ('a-b'):find('[a%-]', 2))
for k, v in ('a=1, b=2, c=3'):gmatch('(%w+)=(%w+)') do io.write(k, ':', v, ' ') end
for w in ('one two  three'):gmatch('%S+') do io.write('<', w, '>') end
for a, b in ('abcd'):gmatch('()(.)') do io.write(a, b) end
print()
print(('abc123def'):gsub('%d', function(d) return '<' .. d * 2 .. '>' end), ('abc'):gsub('b', '%%'), try(string.gsub, 'abc', 'b', '%2'))
print(try(string.rep, 'x', 1 << 40), try(string.find, 'a', '[a'), try(string.find, 'a', '%'), try(string.match, 'a', '(a'))
print(('x'):rep(300):gsub('x', 'yy'):len(), ('a'):rep(1000):find(('a?'):rep(20) .. ('a'):rep(20)), ('aXb'):gsub('%u', '%%%0'))
print(('\u{48}\u{20AC}\u{1F600}'):byte(1, -1))

-- Comparison and concatenation.
print('a' < 'b', 'a' < 'A', '' < 'a', 'abc' < 'abd', 'Z' < 'a', 'a\0b' < 'a\0c', 10 .. 20, 1.5 .. '', -0.0 .. '', 2 ^ 63 .. '')
print('10' + 5, '0x10' * 2, '3.5' // 1, ' 7 ' % 4, try(function() return 'a' + 1 end), 10 == '10', #'\z
       skipped')
print(tostring(12), tostring(-0.0), tostring(1e15), tostring(1e16), tostring(123456789012), tostring(0.1), 1e100, 2 ^ 31, 1 / 3)
print(tonumber('10'), tonumber('  0x1p4  '), tonumber('1e1'), tonumber('abc'), tonumber('z', 36), tonumber('777', 8), tonumber('8', 8), tonumber('1e'), tonumber(''), tonumber('0x'), tonumber('1_0'))
print(tonumber('9223372036854775807'), tonumber('9223372036854775808'), tonumber('-9223372036854775808'), tonumber('0xffffffffffffffff'), tonumber('0x1.8p1'), tonumber('inf'), tonumber('nan'))

-- Packing.
local function hex(x) return (x:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
print(hex(string.pack('<i1i2i4i8', -1, -2, -3, -4)), hex(string.pack('>I2I3I7', 258, 66051, 1)), hex(string.pack('<fdn', 1.5, -2.25, 1e300)))
print(hex(string.pack('z s1 s2', 'abc', 'de', 'f')), hex(string.pack('!4 i1 i4 !8 i1 i8', 1, 2, 3, 4)), hex(string.pack('<i16', -5)))
print(string.unpack('<i1i2i4i8', string.pack('<i1i2i4i8', -1, -2, -3, -4)))
print(string.unpack('>I2I3I7z', string.pack('>I2I3I7z', 258, 66051, 1, 'zero')))
print(string.unpack('<fd', string.pack('<fd', 0.1, 0.1)), string.packsize('<i4 i8 !8 d'), try(string.pack, 'i1', 300), try(string.unpack, '<i4', 'abc'))

-- UTF-8.
local u = 'häß€😀'
print(#u, utf8.len(u), utf8.codepoint(u, 1, -1))
for p, c in utf8.codes(u) do io.write(p, ':', c, ' ') end
print(utf8.offset(u, 3), utf8.offset(u, -1), utf8.char(104, 228, 8364, 0x1F600), utf8.len('\xff'), try(utf8.codepoint, '\xff'), utf8.charpattern)
