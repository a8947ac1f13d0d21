-- Part 2 of the curriculum: the Engine.
--
-- An Engine knows how to reach one database. It keeps connections to it and
-- speaks its dialect of SQL. This script needs no tables of its own making
-- yet: the SQL is written by hand, so that only the Engine is new.

print("--- a URL says which database")

-- sqlite:// alone is a database in memory. A file is sqlite:///shop.db, a
-- server postgresql://user:password@host/name or mysql://user:password@host/name.
engine = create_engine("sqlite://")
print(engine)
print(engine.dialect.name)

-- Passwords are kept out of what is printed.
print(make_url("postgresql://scott:tiger@localhost/test"))

print("--- a connection executes SQL")

-- create_engine did not connect. connect() does.
conn = engine:connect()

-- text() marks a string as SQL.
conn:execute(text("CREATE TABLE employee (emp_id INTEGER PRIMARY KEY, emp_name VARCHAR(30), salary NUMERIC)"))

-- Values never belong into the string. :name is a bound parameter.
conn:execute(text("INSERT INTO employee (emp_name, salary) VALUES (:name, :salary)"),
  {name = "ed", salary = 1200})

-- A list of parameter tables executes the statement once for each.
conn:execute(text("INSERT INTO employee (emp_name, salary) VALUES (:name, :salary)"), {
  {name = "jack", salary = 1500},
  {name = "fred", salary = 900},
  {name = "wendy", salary = null}, -- null is NULL: Lua would drop nil from a table
})

-- Nothing is kept until we say so.
conn:commit()

print("--- the result")

result = conn:execute(text("SELECT emp_id, emp_name, salary FROM employee ORDER BY emp_id"))

-- A row reads like a tuple and like a record. Positions count from 1.
row = result:fetchone()
print(row)
print(row[1], row.emp_name, row["salary"])

-- What is left of the result:
print(result:fetchall())

-- A result that is iterated gives its rows.
result = conn:execute(text("SELECT emp_id, emp_name FROM employee WHERE salary > :least ORDER BY emp_id"), {least = 1000})
for row in result do
  print(row.emp_id, row.emp_name)
end

-- Two or more names unpack the row.
for id, name in conn:execute(text("SELECT emp_id, emp_name FROM employee ORDER BY emp_name")) do
  print(id .. " is " .. name)
end

-- Short cuts for one row and one value.
print(conn:execute(text("SELECT * FROM employee WHERE emp_id = :id"), {id = 2}):first())
print(conn:scalar(text("SELECT count(*) FROM employee")))
print(conn:scalars(text("SELECT emp_name FROM employee ORDER BY emp_name")):all())

-- Columns by name, for code that does not know them.
result = conn:execute(text("SELECT emp_id, emp_name FROM employee"))
print(result:keys())
print(result:mappings():first())
result:close()

print("--- transactions, with the echo turned on")

conn:close()
engine.echo = true

-- The first statement begins a transaction by itself; closing without
-- commit() rolls it back.
conn = engine:connect()
conn:execute(text("DELETE FROM employee"))
conn:close()

-- begin() as a block commits at its end, or rolls back when it fails.
with(engine:begin(), function(conn)
  conn:execute(text("UPDATE employee SET salary = salary + :raise WHERE emp_name = :name"), {raise = 50, name = "fred"})
end)

local ok, problem = pcall(function()
  with(engine:begin(), function(conn)
    conn:execute(text("UPDATE employee SET salary = 0"))
    error("second thoughts")
  end)
end)
print(ok)

with(engine:connect(), function(conn)
  print(conn:execute(text("SELECT emp_name, salary FROM employee WHERE emp_name = 'fred'")):one())
end)

print("--- errors are values")

engine.echo = false
conn = engine:connect()
local ok, problem = pcall(function()
  conn:execute(text("SELECT bonus FROM employee WHERE emp_id = :id"), {id = 1})
end)
print(problem)
print(problem:is(OperationalError), problem:is(SQLAlchemyError), problem:is(IntegrityError))
conn:close()
