-- What a case answers, as lines that conformance_test.go reads:
--   @@COMPILED key {"sql": …, "params": …, "positiontup": …}
--   @@ERROR {"class": …, "message": …, "statement": …, "text": …}

local json

local function quote(s)
  return '"' .. s:gsub('[%c"\\\127-\255]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end


local function object(keys, get)
  local out = {}
  for _, k in ipairs(keys) do out[#out + 1] = quote(tostring(k)) .. ":" .. json(get(k)) end
  return "{" .. table.concat(out, ",") .. "}"
end

local function keysof(t)
  local keys = {}
  if type(t) == "table" then
    for k in pairs(t) do keys[#keys + 1] = k end
  else
    for k in t:keys() do keys[#keys + 1] = k end
  end
  return keys
end

function json(v)
  if rawequal(v, nil) or rawequal(v, null) then return "null" end
  local kind = type(v)
  if kind == "boolean" or kind == "number" then return tostring(v) end
  if kind == "string" then return quote(v) end
  if kind == "table" then
    if #v == 0 then return object(keysof(v), function(k) return v[k] end) end
    local out = {}
    for i = 1, #v do out[i] = json(v[i]) end
    return "[" .. table.concat(out, ",") .. "]"
  end
  if tostring(v):sub(1, 1) == "{" then -- a list that is no table
    local ok, text = pcall(function()
      local out = {}
      for x in v do out[#out + 1] = json(x) end
      return "[" .. table.concat(out, ",") .. "]"
    end)
    if ok and text ~= "[]" then return text end
  end
  return '{"$repr":' .. quote(repr(v)) .. "}"
end

local function failure(e)
  local class, message, statement
  if type(e) ~= "string" then
    pcall(function() class, message, statement = e.class, e.message, e.statement end)
  end
  return '{"class":' .. quote(tostring(class or "?")) .. ',"message":' .. quote(tostring(message or e)) ..
    ',"statement":' .. (statement and quote(tostring(statement)) or "null") .. ',"text":' .. quote(tostring(e)) .. "}"
end

local function compiled(x, dialect, compile_kwargs)
  local options = {}
  if dialect then options.dialect = dialect end
  if compile_kwargs then options.compile_kwargs = compile_kwargs end
  local ok, c = pcall(function() return x:compile(options) end)
  if not ok then return '{"error":' .. failure(c) .. "}" end
  local out = '{"sql":' .. quote(tostring(c))
  local params, positions -- DDL has neither
  pcall(function() params, positions = c.params, c.positiontup end)
  if params ~= nil then out = out .. ',"params":' .. object(keysof(params), function(k) return params[k] end) end
  if positions ~= nil and #positions > 0 then
    local names = {}
    for i = 1, #positions do names[i] = positions[i] end
    out = out .. ',"positiontup":' .. json(names)
  end
  return out .. "}"
end

-- COMPILE runs case.lua, or another file, and compiles what it returns once per key.
function COMPILE(keys, compile_kwargs, file)
  local ok, x = pcall(assert(loadfile(file or "case.lua")))
  if not ok then return print("@@ERROR " .. failure(x)) end
  for _, key in ipairs(keys) do
    local dialect
    if key ~= "default" then dialect = _G[key].dialect() end
    local ok, text = pcall(function()
      if type(x) ~= "table" then return compiled(x, dialect, compile_kwargs) end
      local out = {}
      for i = 1, #x do out[i] = compiled(x[i], dialect, compile_kwargs) end
      return '{"list":[' .. table.concat(out, ",") .. "]}"
    end)
    if ok then print("@@COMPILED " .. key .. " " .. text)
    else print("@@COMPILED " .. key .. ' {"error":' .. failure(text) .. "}") end
  end
end

-- RUN runs case.lua; what it writes stands between the marks.
function RUN()
  pcall(function() local c = engine:connect() c:close() end)
  print("@@CASE")
  local ok, e = pcall(assert(loadfile("case.lua")))
  print("@@END")
  if not ok then print("@@ERROR " .. failure(e)) end
end
