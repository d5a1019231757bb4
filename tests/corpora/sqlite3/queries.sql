-- Joins, aggregates, subqueries, CTEs, window functions, views, expressions.
.headers on
.mode column
CREATE TABLE dept(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, budget REAL CHECK (budget >= 0));
CREATE TABLE emp(id INTEGER PRIMARY KEY, name TEXT, dept INTEGER REFERENCES dept(id), salary NUMERIC, hired TEXT, boss INTEGER REFERENCES emp(id));
INSERT INTO dept VALUES (1, 'Engineering', 1e6), (2, 'Sales', 250000.5), (3, 'Research', 0), (4, 'Empty', NULL);
INSERT INTO emp VALUES (1, 'Ann', 1, 9000, '2010-01-15', NULL), (2, 'Bob', 1, 7000.5, '2012-06-01', 1), (3, 'Cid', 2, 5000, '2011-03-03', 1),
  (4, 'Dee', 2, NULL, '2015-12-31', 3), (5, 'Eve', 3, 8000, '2009-07-07', 1), (6, 'Fay', NULL, 4000, '2020-02-29', 2), (7, 'Gus', 1, 7000.5, '2018-08-18', 2);
SELECT d.name, count(e.id) AS n, sum(salary), avg(salary), min(hired), max(hired), group_concat(e.name, '/') FROM dept d LEFT JOIN emp e ON e.dept = d.id GROUP BY d.id ORDER BY n DESC, d.name;
SELECT a.name, b.name FROM emp a JOIN emp b ON a.boss = b.id WHERE a.salary > 4500 ORDER BY 1;
SELECT * FROM dept NATURAL JOIN (SELECT 1 AS id UNION SELECT 3);
SELECT e.name, d.name FROM emp e FULL JOIN dept d ON e.dept = d.id ORDER BY 1, 2;
SELECT e.name, d.name FROM emp e RIGHT JOIN dept d ON e.dept = d.id ORDER BY 2, 1;
SELECT count(*) FROM emp, dept, emp AS e2;
SELECT name FROM emp WHERE salary = (SELECT max(salary) FROM emp) OR id IN (SELECT boss FROM emp GROUP BY boss HAVING count(*) > 1) ORDER BY id;
SELECT name, EXISTS (SELECT 1 FROM emp x WHERE x.boss = e.id) AS leads, (SELECT count(*) FROM emp x WHERE x.salary > e.salary) AS richer FROM emp e;
WITH RECURSIVE chain(id, name, depth, path) AS (SELECT id, name, 0, name FROM emp WHERE boss IS NULL UNION ALL SELECT e.id, e.name, depth + 1, path || '>' || e.name FROM emp e JOIN chain c ON e.boss = c.id)
  SELECT substr('..........', 1, depth * 2) || name AS tree, path FROM chain ORDER BY path;
WITH RECURSIVE fib(n, a, b) AS (VALUES (1, 0, 1) UNION ALL SELECT n + 1, b, a + b FROM fib WHERE n < 90) SELECT max(n), max(a) FROM fib;
WITH RECURSIVE x(cx, cy) AS (SELECT -2.0, -1.2 UNION ALL SELECT CASE WHEN cx < 1.1 THEN cx + 0.1 ELSE -2.0 END, CASE WHEN cx < 1.1 THEN cy ELSE cy + 0.2 END FROM x WHERE cy < 1.2),
  m(iter, cx, cy, a, b) AS (SELECT 0, cx, cy, 0.0, 0.0 FROM x UNION ALL SELECT iter + 1, cx, cy, a * a - b * b + cx, 2.0 * a * b + cy FROM m WHERE a * a + b * b < 4.0 AND iter < 28),
  m2(iter, cx, cy) AS (SELECT max(iter), cx, cy FROM m GROUP BY cy, cx) SELECT group_concat(substr(' .+*#', 1 + min(iter / 7, 4), 1), '') AS line FROM m2 GROUP BY cy;
SELECT name, salary, row_number() OVER w AS rn, rank() OVER w AS rk, dense_rank() OVER w AS dr, percent_rank() OVER w AS pr, cume_dist() OVER w AS cd, ntile(3) OVER w AS nt FROM emp WINDOW w AS (ORDER BY salary DESC);
SELECT name, dept, sum(salary) OVER (PARTITION BY dept ORDER BY id) AS running, lag(name, 1, '-') OVER (ORDER BY id) AS prev, lead(name) OVER (ORDER BY id) AS next, first_value(name) OVER (PARTITION BY dept ORDER BY salary) AS lowest, nth_value(name, 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second FROM emp;
SELECT id, avg(salary) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS m3, count(*) OVER (ORDER BY salary RANGE BETWEEN 1000 PRECEDING AND CURRENT ROW) AS r, group_concat(name, '') FILTER (WHERE salary > 5000) OVER (ORDER BY id GROUPS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS g FROM emp;
CREATE VIEW rich AS SELECT name, salary * 12 AS yearly FROM emp WHERE salary > 6000;
SELECT * FROM rich ORDER BY yearly DESC, name LIMIT 2 OFFSET 1;
SELECT name FROM emp WHERE dept = 1 UNION SELECT name FROM emp WHERE salary > 7000 EXCEPT SELECT 'Bob' INTERSECT SELECT name FROM emp ORDER BY name;
SELECT CASE WHEN salary IS NULL THEN 'none' WHEN salary > 7500 THEN 'high' ELSE 'low' END AS class, count(*) FROM emp GROUP BY class ORDER BY class;
.mode list
.headers off
SELECT 7 / 2, -7 / 2, 7 % -3, -7 % 3, 7.0 / 2, 1 / 0, 1 % 0, 5 & 3, 5 | 3, ~5, 1 << 40, -1 >> 60, 9223372036854775807 + 1, -9223372036854775808, 2 - -3, 1 << 64, 1 << -1;
SELECT 'a' || 1 || 2.5 || NULL IS NULL, 'abc' < 'abd', 1 < 'a', NULL = NULL, NULL IS NULL, 3 BETWEEN 1 AND 5, 'x' IN ('y', 'x'), NOT 0, 1 AND NULL, 0 AND NULL, 1 OR NULL;
SELECT upper('abc'), lower('ÄBC'), length('häß'), length(x'010203'), substr('hello', 2, 3), substr('hello', -3), trim('  x  '), ltrim('xxabc', 'x'), rtrim('abc..', '.'), replace('banana', 'an', 'AN'), instr('hello', 'll'), hex('abc'), char(72, 8364), unicode('€'), quote('it''s'), quote(x'00ff'), quote(1.5), quote(NULL);
SELECT abs(-5), abs(-2.5), round(2.5), round(-2.5), round(3.14159, 2), round(1234.5678, -2), sign(-3), max(3, 1, 2), min('b', 'a'), coalesce(NULL, NULL, 3), nullif(1, 1), ifnull(NULL, 'd'), iif(1 > 2, 'y', 'n'), typeof(1), typeof(1.0), typeof('x'), typeof(x'00'), typeof(NULL);
SELECT 'abc' LIKE 'A%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\%c' ESCAPE '\', 'abc' GLOB 'a*', 'abc' GLOB '[a-c]?[^x]', 'ABC' GLOB 'a*';
SELECT CAST('12abc' AS INTEGER), CAST('1e3' AS REAL), CAST(1e20 AS INTEGER), CAST(-1.9 AS INTEGER), CAST(123 AS TEXT), CAST('x' AS BLOB), CAST(x'3132' AS TEXT), CAST('0x10' AS INTEGER), 0x7fffffffffffffff, 0xffffffffffffffff;
SELECT 1e308 * 10, -1e308 * 10, 1e-320, 0.1 + 0.2, 1.0, 100.0, 1e15, 1e16, 123456789012345678, 1.7976931348623157e308, 4.9e-324, 3.0e-5, -0.0, 1e100, 2.0 / 3, 1.0e10, 12345678.9;
SELECT printf('%d %5d %-5d| %05d %x %X %o %c %s %10s %-10s| %.3f %e %g %G %%', 42, 42, 42, 42, 255, 255, 8, 'char', 'str', 'right', 'left', 3.14159, 12345.678, 0.0001, 1e20);
SELECT printf('%,d %+d %q %Q %w %!.20g %#.3g %z', 1234567890, 5, 'it''s', 'it''s', 'id"x', 0.1, 1.0, 'z'), format('%s', NULL), printf('%.*f', 3, 2.0);
SELECT sum(v), total(v), avg(v), count(v), count(*), group_concat(v) FROM (SELECT 1 AS v UNION ALL SELECT 2.5 UNION ALL SELECT NULL UNION ALL SELECT 'x');
SELECT sum(v) FROM (SELECT 9223372036854775807 AS v UNION ALL SELECT 1);
SELECT date('2024-02-29', '+1 year'), datetime(1234567890, 'unixepoch'), time('12:34:56.789'), julianday('2000-01-01 12:00'), strftime('%Y %j %W %w %d/%m %H:%M:%f %s', '2023-11-05 06:07:08.125'), date('2023-01-31', '+1 month'), date('2023-03-15', 'start of month', '-1 day'), date('2023-03-15', 'weekday 0'), datetime('2023-01-01', '-1 second', '+90 minutes'), unixepoch('2100-01-01'), date('bogus'), strftime('%J', '1970-01-01');
SELECT a.value, b.value FROM json_each('[1, 2]') a, json_each('{"x": 3, "y": [4]}') b;
SELECT json('{ "a" : [1, 2.50, "x\u00e9"] }'), json_extract('{"a":{"b":[10,20,{"c":null}]}}', '$.a.b[1]', '$.a.b[2].c'), '{"a":5}' -> '$.a', '{"a":"t"}' ->> 'a', json_array(1, 'x', NULL, json('[2]')), json_object('k', 1.5, 'l', json_array()), json_type('[1]', '$[0]'), json_valid('{bad'), json_array_length('[1,2,3]');
SELECT json_set('{"a":1}', '$.b', 2, '$.a', 9), json_insert('{"a":1}', '$.a', 2), json_replace('{"a":1}', '$.a', 'r'), json_remove('[1,2,3]', '$[1]'), json_patch('{"a":1,"b":2}', '{"a":null,"c":3}'), json_group_array(value), json_group_object(key, value) FROM json_each('{"p":1,"q":"two"}');
SELECT key, value, type, fullkey, path FROM json_tree('{"a":[1,{"b":2.5}],"c":"d"}');
SELECT value, count(*) FROM (SELECT value % 7 AS value FROM generate_series(1, 100)) GROUP BY value;
SELECT name, typeof(salary), salary COLLATE NOCASE FROM emp ORDER BY name COLLATE NOCASE DESC LIMIT 3;
VALUES (1, 'a'), (2, 'b');
EXPLAIN QUERY PLAN SELECT * FROM emp e JOIN dept d ON e.dept = d.id WHERE e.id < 5 ORDER BY d.name;
EXPLAIN SELECT name FROM emp WHERE id = 3;
SELECT no_such_column FROM emp;
SELECT * FROM no_such_table;
SELEC 1;
SELECT abs(-9223372036854775808);
SELECT json_extract('{', '$');
