from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
import sqlite3
db = sqlite3.connect(":memory:")
cur = db.cursor()
cur.execute("create table t (id integer primary key, name text, val real, data blob)")
print(cur.description, cur.rowcount, cur.lastrowid)
cur.execute("insert into t (name, val) values (?, ?)", ("a", 1.5))
print(cur.lastrowid, cur.rowcount)
cur.executemany("insert into t (name, val) values (?, ?)", [("b", 2.0), ("c", None)])
print(cur.rowcount)
cur.execute("insert into t (name) values (:name)", {"name": "named"})
cur.execute("select id, name, val from t order by id")
print([d[0] for d in cur.description], cur.fetchone(), cur.fetchmany(2), cur.fetchall(), cur.fetchone())
for row in cur.execute("select name, val from t where val is not null"):
    print(row, row[0])
try:
    cur.execute("insert into t (id) values (1)")
except sqlite3.IntegrityError as e:
    print(type(e).__name__)
try:
    cur.execute("selekt 1")
except sqlite3.OperationalError as e:
    print(type(e).__name__)
try:
    cur.execute("select ?", (1, 2))
except sqlite3.ProgrammingError as e:
    print(type(e).__name__)
db.rollback()
print(cur.execute("select count(*) from t").fetchone())
print(sqlite3.paramstyle, sqlite3.apilevel, sqlite3.threadsafety)
cur.execute("insert into t (name) values ('kept')")
db.commit()
print(db.in_transaction, db.total_changes if False else "")
cur.close()
db.close()
try:
    db.cursor()
except sqlite3.ProgrammingError as e:
    print("closed")
