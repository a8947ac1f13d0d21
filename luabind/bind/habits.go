package bind

// pythonFunctions are functions of Python that Lua lacks, and what does their
// work.
var pythonFunctions = map[string]string{
	"str": "tostring(x)", "int": "math.floor(tonumber(x))", "float": "tonumber(x)", "bool": "x and true or false",
	"range": "for i = 1, n do … end", "enumerate": "for i, x in ipairs(t) do … end", "zip": "for i = 1, #a do … a[i], b[i] … end",
	"map": "a loop", "filter": "a loop", "sum": "a loop", "any": "a loop (any_() is SQL's)", "all": "a loop (all_() is SQL's)",
	"reversed": "for i = #t, 1, -1 do … end", "min": "math.min(a, b)", "max": "math.max(a, b)", "abs": "math.abs(x)",
	"round": `string.format("%.2f", x), or math.floor(x + 0.5)`, "pow": "x ^ y", "divmod": "math.floor(a / b), a % b",
	"dict": "{key = value}", "tuple": "{a, b}", "open": "io.open(name)", "input": "io.read()", "chr": "string.char(n)", "ord": "string.byte(c)",
	"iter": "for x in t do … end", "dir": "help(x)", "vars": "pairs(x)", "id": "rawequal(a, b)", "callable": `type(x) == "function"`,
	"format": "string.format(f, …)", "exit": "os.exit(status)", "quit": "os.exit(status)", "issubclass": "isinstance(x, cls)",
	"super": "Base.method(self, …)", "r": "[[…]]", "b": `"…"`, "u": `"…"`, "rb": "[[…]]",
}

// pythonModules are modules of Python that a program of SQLAlchemy's imports, and
// what there is in Lua in their place.
var pythonModules = map[string]string{
	"sqlalchemy": `every name is a global, or local sa = require "sqlalchemy"`, "sa": `local sa = require "sqlalchemy"`,
	"orm": `every name is a global, or local orm = require "sqlalchemy.orm"`,
	"sys": "os.exit(status), arg, io.stderr:write(text)", "re": "s:match(pattern), s:gsub(pattern, text)", "time": "os.time(), os.clock()",
	"random": "math.random(n)", "logging": "create_engine(url, {echo = true})", "pprint": "print(x)",
	"functools": "a function", "itertools": "a loop", "operator": "a function", "collections": "a table", "pathlib": "io.open(name)",
	"contextlib": "with(x, f)", "typing": "nothing", "traceback": "xpcall(f, debug.traceback)", "unittest": "assert(x == y)",
}

// pythonMethods are methods of Python's lists, dictionaries and strings that
// Lua's tables and strings lack.
var pythonMethods = map[string]string{
	"append": "table.insert(t, x)", "extend": "a loop with table.insert", "pop": "table.remove(t)", "index": "a loop", "sort": "table.sort(t)",
	"reverse": "for i = #t, 1, -1 do … end", "items": "for k, v in pairs(t) do … end", "keys": "for k in pairs(t) do … end",
	"values": "for k, v in pairs(t) do … end", "get": "t[k] or default", "update": "for k, v in pairs(u) do t[k] = v end",
	"setdefault": "t[k] = t[k] or default", "has_key": "t[k] ~= nil", "count": "#t",
	"join": "table.concat(t, separator)", "split": `for part in s:gmatch("[^,]+") do … end`, "strip": `s:match("^%s*(.-)%s*$")`,
	"lstrip": `s:match("^%s*(.*)$")`, "rstrip": `s:match("^(.-)%s*$")`, "startswith": "s:sub(1, #prefix) == prefix",
	"endswith": "s:sub(-#suffix) == suffix", "replace": "s:gsub(pattern, text)",
	"title": `s:gsub("%a+", f)`, "capitalize": "s:sub(1, 1):upper() .. s:sub(2)", "isdigit": `s:match("^%d+$")`, "zfill": `string.format("%05d", n)`,
	"ljust": `string.format("%-10s", s)`, "rjust": `string.format("%10s", s)`, "splitlines": `for line in s:gmatch("[^\n]+") do … end`,
}

// formerNames are attributes that SQLAlchemy 1.x had, by the class that had them,
// and what does their work since 2.0.
var formerNames = map[string]map[string]string{
	"MetaData":   {"bind": "metadata is not bound to an engine: pass it, metadata:create_all(engine)"},
	"Engine":     {"table_names": "inspect(engine):get_table_names()", "has_table": "inspect(engine):has_table(name)", "scalar": "conn:scalar(stmt)", "transaction": "with(engine:begin(), f)", "run_callable": "with(engine:begin(), f)"},
	"Table":      {"exists": "inspect(engine):has_table(name)", "count": "select(func.count()):select_from(t)"},
	"Executable": {"execute": "a connection executes a statement: conn:execute(stmt)", "scalar": "a connection executes a statement: conn:scalar(stmt)"},
	"SelectBase": {"append_whereclause": "stmt = stmt:where(…)", "append_column": "stmt = stmt:add_columns(…)", "append_order_by": "stmt = stmt:order_by(…)", "as_scalar": "stmt:scalar_subquery()"},
	"Query":      {"from_self": "select from q:subquery()", "fetchall": "q:all()", "execute": "q:all()"},
	"Session":    {"save": "session:add(obj)", "update": "session:add(obj)", "save_or_update": "session:add(obj)", "clear": "session:expunge_all()"},
	"Inspector":  {"get_primary_keys": "inspector:get_pk_constraint(table)"},
}

// formerly finds what an attribute of 1.x is since 2.0, as the end of a message.
func (c *Class) formerly(name string) string {
	if advice, ok := formerNames[c.Name][name]; ok {
		return "; since SQLAlchemy 2.0: " + advice
	}
	for _, base := range c.Bases {
		if advice := base.formerly(name); advice != "" {
			return advice
		}
	}
	return ""
}
