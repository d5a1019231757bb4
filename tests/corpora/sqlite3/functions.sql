-- Mathematics, FTS5, arithmetic over many values.
SELECT sqrt(2), pow(2, 0.5), exp(1), ln(10), log(100), log(2, 8), log2(10), sin(1), cos(1), tan(1), asin(0.5), acos(0.5), atan(0.5), atan2(1, -1), sinh(1), cosh(1), tanh(1), ceil(-1.5), floor(-1.5), trunc(-1.5), mod(7.5, 2), degrees(pi()), radians(180), sqrt(-1), ln(0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT printf('%.15g', sum(sin(i) * i)), printf('%.15g', avg(sqrt(i))), sum(i * i % 97), sum(i << (i % 40)), total(i / 3.0) FROM n;
CREATE VIRTUAL TABLE ft USING fts5(a, b, prefix = '2 3');
INSERT INTO ft VALUES ('alpha beta gamma', 'one two three'), ('beta delta', 'two three four'), ('gamma gamma gamma', 'five'), ('epsilon', 'alpha two');
SELECT rowid, highlight(ft, 0, '<', '>'), snippet(ft, -1, '[', ']', '..', 3) FROM ft WHERE ft MATCH 'gamma OR two' ORDER BY rank;
SELECT rowid, printf('%.10f', bm25(ft)) FROM ft WHERE ft MATCH 'gamma' ORDER BY rank;
SELECT rowid FROM ft('al* AND b: two'); SELECT rowid FROM ft WHERE ft MATCH 'NEAR(beta gamma)'; SELECT rowid FROM ft WHERE a MATCH '^beta';
UPDATE ft SET a = 'changed words' WHERE rowid = 2; DELETE FROM ft WHERE rowid = 3; INSERT INTO ft(ft) VALUES ('integrity-check'); SELECT count(*) FROM ft WHERE ft MATCH 'gamma OR changed';
CREATE TABLE f(x REAL);
WITH RECURSIVE n(i) AS (SELECT -30 UNION ALL SELECT i + 1 FROM n WHERE i < 30) INSERT INTO f SELECT 1.2345678901234567 * pow(10, i) FROM n;
SELECT x, CAST(x AS INTEGER), round(x, 3), printf('%.3e', x), CAST(CAST(x AS TEXT) AS REAL) = x FROM f;
SELECT typeof(sum(x)), max(x), min(x) FROM f; SELECT x FROM f ORDER BY -x LIMIT 3; SELECT count(*) FROM f WHERE x > 1 AND x < 1000000;
CREATE TABLE m(i INTEGER, r REAL); INSERT INTO m VALUES (9007199254740993, 9007199254740992.0), (9223372036854775807, 9223372036854775807.0), (-9223372036854775808, -9223372036854775808.0), (1, 1.0), (0, -0.0);
SELECT i = r, i < r, i > r, i + 1, i - 1, i * 2, -i, abs(r), i / 3, i % 10, r / 3, i & 255, i | 1, i << 3, i >> 3 FROM m;
SELECT x'53514c69746500ff', hex(x'53514c' || x'ff'), substr(x'0102030405', 2, 2) = x'0203', length(zeroblob(1000)), instr(x'010203', x'03'), quote(substr('héllo', 2, 1)), upper(x'6162');
