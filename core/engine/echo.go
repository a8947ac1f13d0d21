package engine

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"alchemysh/core/compile"
)

// newParamsRepr spells parameters in the manner of a style: a dictionary where
// parameters have names, else a tuple.
func newParamsRepr(style compile.ParamStyle, names []string) *paramsRepr {
	return &paramsRepr{names: names, dict: style == compile.PyFormat || style == compile.Named}
}

// cacheMark says what the statement cache did for a statement.
type cacheMark uint8

const (
	rawSQL cacheMark = iota
	noKey
	generated
	cachedHit
	cachingDisabled
)

func (x *Execution) mark() string {
	since := time.Since(x.made).Seconds()
	switch x.cache {
	case noKey:
		return fmt.Sprintf("no key %.5fs", since)
	case generated:
		return fmt.Sprintf("generated in %.5fs", since)
	case cachedHit:
		return "cached since " + general4(since) + "s ago"
	case cachingDisabled:
		return fmt.Sprintf("caching disabled %.5fs", since)
	}
	return "raw sql"
}

// general4 is Python's %.4g.
func general4(f float64) string {
	s := strconv.FormatFloat(f, 'g', 4, 64)
	if m, e, ok := strings.Cut(s, "e"); ok { // e-07 in Python, e-07 in Go
		return m + "e" + e
	}
	return s
}

// echoStatement shows one statement with its parameters before it goes out.
func (c *Connection) echoStatement(sql, mark string, params func() string) {
	if !c.echoes(EchoOn) {
		return
	}
	c.log(sql)
	if c.Engine.HideParameters {
		c.log("[" + mark + "] [SQL parameters hidden due to hide_parameters=true]")
		return
	}
	c.log("[" + mark + "] " + params())
}

// Quietly runs f while nothing of the connection is echoed.
func (c *Connection) Quietly(f func() error) error {
	echo := c.echo
	c.echo = EchoOff
	defer func() { c.echo = echo }()
	return f()
}
