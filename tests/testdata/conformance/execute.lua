-- EXECUTE runs the statements of compile cases on the server at URL, each in a
-- transaction that is rolled back, and says of each whether the server took it:
--   @@TAKEN case
--   @@REFUSED case Class: message
-- What only breaks a constraint was taken.

local made = {} -- names of the tables that cases made for themselves

local function named(t) return t.schema and t.schema .. "." .. t.name or t.name end

-- scratch makes the tables of a statement that the setup has not, in the shape
-- in which the statement speaks of them.
local function scratch(conn, statement)
  local seen = {}
  for element in visitors.iterate(statement) do
    local ok, kind = pcall(function() return element.__visit_name__ end)
    if ok and kind == "table" then seen[#seen + 1] = element end
  end
  for _, t in ipairs(seen) do
    if #t.c > 0 and not (metadata.tables:get(named(t)) or made[named(t)]) then
      local columns = {}
      for c in t.c do
        local kind = c.type
        if isinstance(kind, NullType) or isinstance(kind, String) and not kind.length then kind = String(20) end
        columns[#columns + 1] = Column(quoted_name(c.name, nil), kind, {primary_key = c.primary_key or false})
      end
      columns[#columns + 1] = {schema = t.schema}
      local copy = Table(t.name, MetaData(), unpack(columns))
      if t.schema and conn.dialect.name == "sqlite" then
        conn:exec_driver_sql("ATTACH ':memory:' AS " .. '"' .. t.schema .. '"')
      elseif t.schema and conn.dialect.name == "postgresql" then
        conn:execute(CreateSchema(t.schema, {if_not_exists = true}))
      end
      copy:create(conn)
      conn:commit()
      made[named(t)] = copy
    end
  end
end

-- unmake drops them: another case may mean something else by the name.
local function unmake(conn)
  conn:rollback()
  for _, t in pairs(made) do t:drop(conn) end
  for _, t in pairs(made) do
    if t.schema and conn.dialect.name == "sqlite" then
      conn:commit()
      pcall(conn.exec_driver_sql, conn, 'DETACH "' .. t.schema .. '"')
    end
  end
  conn:commit()
  made = {}
end

local function is(e, class)
  local ok, name = pcall(function() return tostring(e.class) end)
  return ok and name == class
end

local function execute(conn, x)
  local nothing = {}
  for name, value in pairs(x:compile(conn.engine).params) do
    if rawequal(value, nil) or rawequal(value, null) then nothing[name] = null end
  end
  local ok, e = pcall(conn.execute, conn, x, nothing)
  if not ok and is(e, "ObjectNotExecutableError") then
    return pcall(conn.execute, conn, select(x), nothing)
  end
  return ok, e
end

function EXECUTE(cases)
  engine = create_engine(URL)
  metadata:create_all(engine)
  local conn = engine:connect()
  for _, case in ipairs(cases) do
    local x = assert(loadfile(case .. ".lua"))()
    local refused
    for _, statement in ipairs(type(x) == "table" and x or {x}) do
      local ok, e = pcall(scratch, conn, statement)
      if ok then ok, e = execute(conn, statement) end
      conn:rollback()
      if not ok and not is(e, "IntegrityError") then
        refused = refused or tostring(e)
      end
    end
    unmake(conn)
    if refused then print("@@REFUSED " .. case .. " " .. refused:gsub("\n.*", "")) else print("@@TAKEN " .. case) end
  end
  metadata:drop_all(engine)
end
