package baselib

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// installText replaces table.concat and string.format by versions with the
// same results that neither overflow Lua's registry nor take ten times as long
// as they must, and that know the values of this shell.
func installText(s *bind.State) {
	L := s.Main
	L.SetField(L.GetGlobal("table"), "concat", L.NewFunction(func(L *lua.LState) int { return concat(s, L) }))
	str := L.GetGlobal("string")
	L.SetField(str, "format", L.NewFunction(func(L *lua.LState) int { return format(s, L) }))
}

func concat(s *bind.State, L *lua.LState) int {
	t := L.CheckTable(1)
	sep := L.OptString(2, "")
	from, to := L.OptInt(3, 1), L.OptInt(4, t.Len())
	var b strings.Builder
	for i := from; i <= to; i++ {
		if i > from {
			b.WriteString(sep)
		}
		switch v := t.RawGetInt(i).(type) {
		case lua.LString:
			b.WriteString(string(v))
		case lua.LNumber:
			b.WriteString(types.FormatFloat(float64(v)))
		case *lua.LUserData:
			b.WriteString(s.Str(L, v))
		default:
			L.RaiseError("invalid value (%s) at index %d in table for 'concat'", v.Type().String(), i)
		}
	}
	L.Push(lua.LString(b.String()))
	return 1
}

func format(s *bind.State, L *lua.LState) int {
	f := L.CheckString(1)
	b := make([]byte, 0, len(f)+32)
	arg := 1
	for i := 0; i < len(f); i++ {
		if f[i] != '%' {
			b = append(b, f[i])
			continue
		}
		if i++; i == len(f) {
			L.RaiseError("invalid option '%%' to 'format'")
		}
		if f[i] == '%' {
			b = append(b, '%')
			continue
		}
		from := i
		for i < len(f) && strings.IndexByte("-+ #0123456789.", f[i]) >= 0 {
			i++
		}
		if i == len(f) {
			L.RaiseError("invalid option '%%%s' to 'format'", f[from:])
		}
		flags, verb := f[from:i], f[i]
		if !flagForm.MatchString(flags) {
			L.RaiseError("invalid format (width or precision too long)")
		}
		arg++
		if arg > L.GetTop() {
			L.RaiseError("bad argument #%d to 'format' (no value)", arg)
		}
		b = appendFormatted(s, L, b, flags, verb, arg)
	}
	L.Push(lua.LString(b))
	return 1
}

// flagForm is what may stand between % and the verb, as in Lua 5.1.
var flagForm = regexp.MustCompile(`^[-+ #0]{0,5}\d{0,2}(\.\d{0,2})?$`)

func appendFormatted(s *bind.State, L *lua.LState, b []byte, flags string, verb byte, arg int) []byte {
	switch verb {
	case 's':
		text := s.Str(L, L.Get(arg))
		if flags == "" {
			return append(b, text...)
		}
		return padded(b, text, flags)
	case 'd', 'i':
		n, whole := integerArg(s, L, arg)
		if whole && flags == "" {
			return strconv.AppendInt(b, n, 10)
		}
		return fmt.Appendf(b, "%"+flags+"d", n)
	case 'u':
		n, _ := integerArg(s, L, arg)
		return fmt.Appendf(b, "%"+flags+"d", uint64(n))
	case 'x', 'X', 'o':
		n, _ := integerArg(s, L, arg)
		return fmt.Appendf(b, "%"+flags+string(verb), uint64(n))
	case 'c':
		n, _ := integerArg(s, L, arg)
		return padded(b, string([]byte{byte(n)}), flags)
	case 'f', 'F', 'e', 'E', 'g', 'G':
		if d, ok := bind.Unwrap[types.Decimal](L.Get(arg)); ok && verb == 'f' {
			return appendDecimal(b, d, flags)
		}
		x := float64(numberArg(s, L, arg))
		switch { // C spells these in lower case and without a plus sign
		case math.IsNaN(x):
			return padded(b, "nan", strings.Trim(flags, "0"))
		case math.IsInf(x, 0):
			return padded(b, strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(x, 'g', -1, 64), "+")), strings.Trim(flags, "0"))
		}
		if (verb == 'g' || verb == 'G') && !strings.Contains(flags, ".") {
			flags += ".6"
		}
		return fmt.Appendf(b, "%"+flags+string(verb), x)
	case 'q':
		return appendQuoted(b, L.CheckString(arg))
	}
	L.RaiseError("invalid option '%%%s' to 'format'", string(verb))
	return b
}

// padded applies width, - and precision to text, counted in bytes as in C.
func padded(b []byte, text, flags string) []byte {
	left := strings.Contains(flags, "-")
	size, precision, cut := strings.Cut(strings.TrimLeft(flags, "-+ #0"), ".")
	if cut {
		n, _ := strconv.Atoi(precision)
		text = text[:min(n, len(text))]
	}
	width, _ := strconv.Atoi(size)
	gap := strings.Repeat(" ", max(width-len(text), 0))
	if left {
		return append(append(b, text...), gap...)
	}
	return append(append(b, gap...), text...)
}

// appendDecimal formats a decimal exactly.
func appendDecimal(b []byte, d types.Decimal, flags string) []byte {
	size, precision, given := strings.Cut(flags, ".")
	places := 6
	if given {
		places, _ = strconv.Atoi(precision)
	}
	q, err := d.Quantize(int32(places))
	if err != nil {
		q = d
	}
	return padded(b, q.Text(), size)
}

func numberArg(s *bind.State, L *lua.LState, arg int) lua.LNumber {
	if u, ok := L.Get(arg).(*lua.LUserData); ok {
		switch v := u.Value.(type) {
		case interface{ Float64() float64 }:
			return lua.LNumber(v.Float64())
		case bind.Integer:
			if n, ok := v.Go().(int64); ok {
				return lua.LNumber(n)
			}
		}
	}
	return L.CheckNumber(arg)
}

// integerArg reads an integer; whole is false when it had a fraction.
func integerArg(s *bind.State, L *lua.LState, arg int) (n int64, whole bool) {
	if i, ok := bind.Unwrap[bind.Integer](L.Get(arg)); ok {
		if n, ok := i.Go().(int64); ok {
			return n, true
		}
		return int64(i.Go().(uint64)), true
	}
	f := float64(numberArg(s, L, arg))
	return int64(f), f == math.Trunc(f)
}

func appendQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	for i := range len(text) {
		switch c := text[i]; c {
		case '"', '\\', '\n':
			b = append(b, '\\', c)
		case '\r':
			b = append(b, `\r`...)
		case 0:
			b = append(b, `\000`...)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
