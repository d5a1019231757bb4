PRAGMA integrity_check;
SELECT count(*), sum(v), min(k), max(k) FROM kv;
SELECT id, length(b), hex(substr(b, 49990, 20)) FROM blobs;
DELETE FROM blobs WHERE id = 1; VACUUM; PRAGMA page_count; PRAGMA freelist_count;
.backup copy.db
.open copy.db
SELECT count(*) FROM kv;
.dump blobs
SELECT name, sum(pgsize) > 0 FROM sqlite_schema LEFT JOIN (SELECT 'x' AS nm, 1 AS pgsize) ON 1 GROUP BY name;
.once out.csv
SELECT * FROM kv ORDER BY k LIMIT 20;
.mode csv
.import out.csv imported
SELECT count(*) FROM imported;
.output stdout
.sha3sum
