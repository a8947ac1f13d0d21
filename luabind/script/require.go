package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// installRequire puts the door in the place of require and of its searcher of
// files.
func (d *Door) installRequire() {
	library, ok := d.L.GetGlobal("package").(*lua.LTable)
	if !ok {
		return
	}
	if loaders, ok := library.RawGetString("loaders").(*lua.LTable); ok && loaders.Len() >= 2 {
		loaders.RawSetInt(2, d.L.NewFunction(d.searchFile))
	}
	d.L.SetGlobal("require", d.L.NewFunction(d.require))
}

// SearchBeside has require look for modules beside a script too, before
// anywhere else.
func (d *Door) SearchBeside(script string) {
	library, ok := d.L.GetGlobal("package").(*lua.LTable)
	if !ok { // safe mode
		return
	}
	path, ok := library.RawGetString("path").(lua.LString)
	if !ok {
		return
	}
	dir := filepath.Dir(script)
	parts := strings.Split(string(path), ";")
	for _, pattern := range []string{"?/init.lua", "?.lua"} {
		pattern = dir + string(filepath.Separator) + filepath.FromSlash(pattern)
		if !slices.Contains(parts, pattern) {
			parts = slices.Insert(parts, 0, pattern)
		}
	}
	library.RawSetString("path", lua.LString(strings.Join(parts, ";")))
}

// require is Lua's: each module is run once. One that failed may be tried
// again.
func (d *Door) require(L *lua.LState) int {
	name := L.CheckString(1)
	library, _ := L.GetGlobal("package").(*lua.LTable)
	loaded, ok := L.GetField(library, "loaded").(*lua.LTable)
	if !ok {
		L.RaiseError("package.loaded must be a table")
	}
	if v := loaded.RawGetString(name); lua.LVAsBool(v) {
		if v == d.loading {
			L.RaiseError("loop or previous error loading module '%s'", name)
		}
		L.Push(v)
		return 1
	}
	loaders, ok := L.GetField(library, "loaders").(*lua.LTable)
	if !ok {
		L.RaiseError("package.loaders must be a table")
	}
	var loader *lua.LFunction
	var tried strings.Builder
	for i := 1; loader == nil; i++ {
		search := loaders.RawGetInt(i)
		if search == lua.LNil {
			L.RaiseError("module '%s' not found:%s", name, tried.String())
		}
		L.Push(search)
		L.Push(lua.LString(name))
		L.Call(1, 1)
		switch found := L.Get(-1).(type) {
		case *lua.LFunction:
			loader = found
		case lua.LString:
			for line := range strings.SplitSeq(string(found), "\n") {
				if line = strings.TrimSpace(line); line != "" {
					tried.WriteString("\n\t" + line)
				}
			}
		}
		L.Pop(1)
	}
	loaded.RawSetString(name, d.loading)
	done := false
	defer func() {
		if !done {
			loaded.RawSetString(name, lua.LNil)
		}
	}()
	L.Push(loader)
	L.Push(lua.LString(name))
	L.Call(1, 1)
	done = true
	if v := L.Get(-1); v != lua.LNil {
		loaded.RawSetString(name, v)
	}
	L.Pop(1)
	if loaded.RawGetString(name) == d.loading {
		loaded.RawSetString(name, lua.LTrue)
	}
	L.Push(loaded.RawGetString(name))
	return 1
}

// searchFile is require's searcher of Lua files along package.path.
func (d *Door) searchFile(L *lua.LState) int {
	name := strings.ReplaceAll(L.CheckString(1), ".", string(filepath.Separator))
	path, ok := L.GetField(L.GetGlobal("package"), "path").(lua.LString)
	if !ok {
		L.RaiseError("package.path must be a string")
	}
	var tried strings.Builder
	for _, pattern := range strings.Split(string(path), ";") {
		file := strings.ReplaceAll(pattern, "?", name)
		b, err := os.ReadFile(file)
		if err != nil {
			tried.WriteString("\n\tno file '" + file + "'")
			continue
		}
		fn, err := d.Load(string(b), file, File)
		if err != nil {
			L.Error(lua.LString(err.Error()), 0)
		}
		L.Push(fn)
		return 1
	}
	L.Push(lua.LString(tried.String()))
	return 1
}
