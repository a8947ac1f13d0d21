package main

import (
	"context"

	"alchemysh/luabind"
	"alchemysh/repl"
)

// counts and states look at the global session from Lua, where people may have
// put whatever they like under that name.
const (
	counts = `
local ok, new, dirty, deleted = pcall(function() return #session.new, #session.dirty, #session.deleted end)
if ok then return new, dirty, deleted end
`
	states = `
local function shown(objects)
  local list = {}
  for object in objects do list[#list + 1] = repr(object) end
  return list
end
local ok, list = pcall(function()
  return {shown(session.new), shown(session.dirty), shown(session.deleted), shown(session.identity_map:values())}
end)
if ok then return list end
`
	related = `
local found = {}
local all = {}
for name, class in pairs(_G) do all[name] = class end
for name, class in pairs(type(classes) == "table" and classes or {}) do all["classes." .. name] = class end
for name, class in pairs(all) do
  pcall(function()
    if class.__name__ ~= name and class.__name__ ~= name:match("^classes%.(.*)") then return end
    for r in class.__mapper__.relationships do
      if r.mapper.local_table.name == __table then found[#found + 1] = name .. "." .. r.key end
    end
  end)
end
table.sort(found)
return found
`
	mapped = `
local lines = {}
local all = {}
for name, class in pairs(_G) do all[name] = class end
for name, class in pairs(type(classes) == "table" and classes or {}) do all["classes." .. name] = class end
for name, class in pairs(all) do
  local ok, line = pcall(function()
    local columns = {}
    for column in class.__table__.c do columns[#columns + 1] = column.name end
    return (name:match("^classes") and name or class.__name__) .. "  " .. class.__table__.name .. " (" .. table.concat(columns, ", ") .. ")"
  end)
  if ok then lines[#lines + 1] = line end
end
table.sort(lines)
return lines
`
)

// look runs a chunk of the shell's own; its failures say that there is nothing
// to see.
func (l *language) look(text string) []any {
	values, err := l.State.Eval(context.Background(), luabind.Chunk{Name: "shell", Text: text, Script: true})
	if err != nil {
		return nil
	}
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
		if held, ok := v.(luabind.Value); ok {
			out[i] = held.Go()
		}
	}
	return out
}

// SessionCounts says how much the global session has to flush.
func (l *language) SessionCounts() (added, changed, deleted int, ok bool) {
	if _, there := l.Get("session"); !there {
		return 0, 0, 0, false
	}
	values := l.look(counts)
	if len(values) != 3 {
		return 0, 0, 0, false
	}
	n := make([]int, 3)
	for i, v := range values {
		switch v := v.(type) {
		case int64:
			n[i] = int(v)
		case float64:
			n[i] = int(v)
		}
	}
	return n[0], n[1], n[2], true
}

// SessionState describes the global session.
func (l *language) SessionState() (repl.SessionState, bool) {
	values := l.look(states)
	if len(values) == 0 {
		return repl.SessionState{}, false
	}
	lists, ok := values[0].([]any)
	if !ok || len(lists) != 4 {
		return repl.SessionState{}, false
	}
	state := repl.SessionState{New: texts(lists[0]), Dirty: texts(lists[1]), Deleted: texts(lists[2]), Identities: texts(lists[3])}
	sent, _, err := l.Preview()
	for _, x := range sent {
		text := x.SQL
		if x.Params != "" && x.Params != "()" && x.Params != "{}" {
			text += "\n" + x.Params
		}
		state.Sent = append(state.Sent, text)
	}
	state.Failure = err
	return state, true
}

// Models are the mapped classes that stand as globals.
func (l *language) Models() []string {
	values := l.look(mapped)
	if len(values) == 0 {
		return nil
	}
	return texts(values[0])
}

// RelationsTo are the relationships of global classes that lead to a table.
func (l *language) RelationsTo(table string) []string {
	l.State.Set("__table", table)
	defer l.State.Set("__table", nil)
	values := l.look(related)
	if len(values) == 0 {
		return nil
	}
	return texts(values[0])
}

// TableCode is a table of the database as the Lua that defines it.
func (l *language) TableCode(ctx context.Context, table string) (string, error) {
	l.State.Set("__table", table)
	defer l.State.Set("__table", nil)
	values, err := l.State.Eval(ctx, luabind.Chunk{Name: "tolua", Text: "return generate_code(engine, {only = {__table}})", Script: true})
	if err != nil || len(values) != 1 {
		return "", err
	}
	text, _ := values[0].(luabind.Value).Go().(string)
	return text, nil
}

// texts are the texts of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
