-- Constraints, triggers, transactions, savepoints, upserts, indexes, altering, blobs, attached databases, pragmas.
PRAGMA foreign_keys = ON;
CREATE TABLE parent(id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE COLLATE NOCASE, n INT DEFAULT 7, made TEXT AS (upper(code)) STORED, twice INT AS (n * 2) VIRTUAL);
CREATE TABLE child(id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent(id) ON DELETE CASCADE ON UPDATE SET NULL, v BLOB);
CREATE TABLE log(seq INTEGER PRIMARY KEY, what TEXT);
CREATE TRIGGER ins AFTER INSERT ON parent BEGIN INSERT INTO log(what) VALUES ('insert ' || new.code); END;
CREATE TRIGGER upd BEFORE UPDATE OF n ON parent WHEN new.n > 100 BEGIN SELECT raise(ABORT, 'n is too large'); END;
CREATE TRIGGER del AFTER DELETE ON child FOR EACH ROW BEGIN INSERT INTO log(what) SELECT 'delete ' || old.id || ' ' || count(*) FROM child; END;
INSERT INTO parent(code) VALUES ('one'), ('two'), ('three');
INSERT INTO parent(code, n) VALUES ('ONE', 5);
INSERT INTO parent(code, n) VALUES ('one', 50) ON CONFLICT(code) DO UPDATE SET n = n + excluded.n WHERE n < 100 RETURNING id, code, n;
INSERT OR IGNORE INTO parent(code) VALUES ('Two');
INSERT OR REPLACE INTO parent(id, code, n) VALUES (3, 'drei', 33);
UPDATE parent SET n = 200 WHERE id = 1;
UPDATE parent SET n = n + 1 WHERE id > 1 RETURNING id, n, made, twice;
INSERT INTO child VALUES (1, 1, x'00ff10'), (2, 1, zeroblob(5)), (3, 2, 'text'), (4, NULL, NULL);
INSERT INTO child VALUES (5, 99, NULL);
DELETE FROM parent WHERE id = 1;
UPDATE parent SET id = 20 WHERE id = 2;
SELECT id, p, quote(v), typeof(v), length(v) FROM child;
SELECT * FROM log;
SELECT * FROM sqlite_sequence;
BEGIN; INSERT INTO log(what) VALUES ('in transaction'); SAVEPOINT a; INSERT INTO log(what) VALUES ('in savepoint'); SAVEPOINT b; DELETE FROM log; ROLLBACK TO b; SELECT count(*) FROM log; ROLLBACK TO a; RELEASE a; COMMIT;
SELECT count(*), max(what) FROM log;
BEGIN; DROP TABLE child; SELECT count(*) FROM sqlite_schema WHERE name = 'child'; ROLLBACK;
SELECT count(*) FROM sqlite_schema WHERE name = 'child';
CREATE TABLE big(a INTEGER, b TEXT, c REAL, d BLOB);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO big SELECT i * 7919 % 3001, printf('%04x-%s', i * 31 % 997, substr('the quick brown fox', i % 10 + 1)), i * 1.1 - 700, CASE WHEN i % 5 = 0 THEN NULL ELSE zeroblob(i % 50) END FROM n;
CREATE INDEX big_a ON big(a); CREATE UNIQUE INDEX big_ab ON big(a, b DESC); CREATE INDEX big_expr ON big(length(b), c) WHERE d IS NOT NULL;
ANALYZE;
SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2;
EXPLAIN QUERY PLAN SELECT * FROM big WHERE a = 5 AND b > '1';
EXPLAIN QUERY PLAN SELECT a FROM big WHERE a BETWEEN 10 AND 20 ORDER BY a DESC;
EXPLAIN QUERY PLAN SELECT * FROM big WHERE length(b) = 10 AND d IS NOT NULL ORDER BY c;
SELECT sum(a), count(DISTINCT b), round(sum(c), 6), sum(length(d)), min(b), max(b) FROM big;
SELECT a, b FROM big WHERE a BETWEEN 100 AND 105 ORDER BY b;
SELECT count(*) FROM big x JOIN big y ON x.a = y.a + 1 WHERE y.c > 0;
DELETE FROM big WHERE a % 3 = 0; UPDATE big SET b = b || '!', c = -c WHERE a % 2 = 1; SELECT changes(), total_changes() > 3000;
SELECT count(*), sum(a), round(total(c), 6), max(b) FROM big;
REINDEX; VACUUM; PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA quick_check;
PRAGMA table_info(parent); PRAGMA table_xinfo(parent); PRAGMA index_list(big); PRAGMA index_info(big_ab); PRAGMA foreign_key_list(child);
PRAGMA page_size; PRAGMA encoding; PRAGMA user_version = 42; PRAGMA user_version; PRAGMA journal_mode; PRAGMA cache_size; PRAGMA auto_vacuum;
ALTER TABLE big RENAME COLUMN d TO data; ALTER TABLE big ADD COLUMN e TEXT DEFAULT 'new'; ALTER TABLE big RENAME TO large; ALTER TABLE large DROP COLUMN c;
SELECT sql FROM sqlite_schema WHERE tbl_name = 'large' ORDER BY name;
SELECT * FROM large ORDER BY a LIMIT 3;
CREATE TABLE wr(k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO wr VALUES ('z', 1), ('a', 2), ('m', 3); SELECT * FROM wr; SELECT rowid FROM wr;
CREATE TABLE st(a INTEGER, b TEXT, c REAL, d ANY) STRICT; INSERT INTO st VALUES (1, 'x', 2, 'any'); INSERT INTO st VALUES ('x', 'x', 1, 1); SELECT typeof(a), typeof(c), typeof(d) FROM st;
ATTACH ':memory:' AS aux; CREATE TABLE aux.t AS SELECT k, v * 10 AS v FROM wr; SELECT t.k, t.v, wr.v FROM aux.t JOIN wr USING (k) ORDER BY 2; DETACH aux;
CREATE TEMP TABLE tmp AS SELECT 1 AS x; SELECT * FROM temp.tmp; SELECT name FROM temp.sqlite_schema;
CREATE VIEW v AS SELECT k FROM wr; CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO wr VALUES (new.k, 'via view'); END; INSERT INTO v VALUES ('q'); SELECT * FROM wr WHERE k = 'q';
INSERT INTO wr SELECT 'dup', 1 UNION ALL SELECT 'dup', 2;
SELECT last_insert_rowid() > 0, sqlite_version(), randomblob(0) = x'', typeof(random());
-- Full-text search and spatial indexes.
CREATE VIRTUAL TABLE docs USING fts4(title, body, tokenize=porter);
INSERT INTO docs VALUES ('Cats', 'A cat sat on the mat, running happily'), ('Dogs', 'Dogs ran after the cats in the park'), ('Birds', 'The early bird catches the worm; birds sing'), ('Runner', 'She runs every day and has run marathons');
SELECT title, snippet(docs, '[', ']', '...', -1, 6) FROM docs WHERE docs MATCH 'run';
SELECT title, offsets(docs) FROM docs WHERE docs MATCH 'cat OR bird*' ORDER BY title;
SELECT title FROM docs WHERE docs MATCH '"the cats"'; SELECT title FROM docs WHERE docs MATCH 'body:the NEAR/3 park'; SELECT hex(matchinfo(docs)) FROM docs WHERE docs MATCH 'the';
DELETE FROM docs WHERE title = 'Dogs'; INSERT INTO docs(docs) VALUES ('optimize'); SELECT count(*) FROM docs WHERE docs MATCH 'cat';
CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO boxes SELECT i, i % 20, i % 20 + 1.5, i / 20, i / 20 + 0.75 FROM n;
SELECT count(*), sum(id) FROM boxes WHERE x0 >= 3 AND x1 <= 8 AND y0 > 5.5 AND y1 < 12; SELECT * FROM boxes WHERE id = 123; SELECT rtreecheck('boxes');
DELETE FROM boxes WHERE x0 < 10; SELECT count(*), min(x0), max(y1) FROM boxes;
.dump wr
.schema parent
.tables
.mode csv
SELECT * FROM wr;
.mode json
SELECT k, v FROM wr;
.mode insert wr
SELECT * FROM wr;
.mode html
SELECT * FROM wr LIMIT 1;
.mode box
SELECT 1.5 AS num, 'text' AS t, NULL AS n, x'00' AS b;
.mode markdown
SELECT k, v FROM wr;
.mode line
SELECT * FROM wr LIMIT 2;
.mode quote
SELECT 1.5, 'it''s', x'ab', NULL, 1e999;
.mode tcl
SELECT 'tab	quote"', 2;
.print done
.show
