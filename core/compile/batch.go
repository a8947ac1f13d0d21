package compile

import (
	"strconv"
	"strings"
)

// RenderBatch writes an INSERT with its VALUES tuple repeated for n rows, as
// SQLAlchemy's insertmanyvalues does. Arguments of the tuple tell their row;
// those outside it (ON CONFLICT, RETURNING) stand once, with Row -1.
//
// values are the first row's: expanding parameters outside the tuple are laid
// out by them.
func (c *Compiled) RenderBatch(n int, values []any) (*Rendered, error) {
	f := c.Dialect.Features()
	w := &writer{c: c, values: values, style: f.Style, wirest: f.Wire, out: &Rendered{}, seen: map[string]int{}, row: -1}
	start, end := c.valuesTuple()
	if start < 0 {
		return c.Render(values)
	}
	write := func(ps []piece) error {
		for _, p := range ps {
			switch {
			case p.param >= 0:
				if err := w.param(p); err != nil {
					return err
				}
			default:
				w.text(p.text)
			}
		}
		return nil
	}
	if err := write(c.template[:start]); err != nil {
		return nil, err
	}
	for i := range n {
		if i > 0 {
			w.text(", ")
		}
		w.row = i
		if err := write(c.template[start:end]); err != nil {
			return nil, err
		}
	}
	w.row = -1
	if err := write(c.template[end:]); err != nil {
		return nil, err
	}
	w.out.SQL, w.out.Wire = w.sql.String(), w.wire.String()
	return w.out, nil
}

// RenderOrderedBatch writes the batch so that RETURNING gives the rows in
// order on a database that promises none: the rows come from a VALUES table
// with a counter, INSERT … SELECT … ORDER BY it (SQLAlchemy's form for
// PostgreSQL). typeName gives the SQL type to cast each column's values to.
func (c *Compiled) RenderOrderedBatch(n int, values []any, typeName func(*Param) (string, error)) (*Rendered, error) {
	f := c.Dialect.Features()
	start, end := c.valuesTuple()
	if start < 0 {
		return c.Render(values)
	}
	w := &writer{c: c, values: values, style: f.Style, wirest: f.Wire, out: &Rendered{}, seen: map[string]int{}, row: -1}
	write := func(ps []piece) error {
		for _, p := range ps {
			if p.param >= 0 {
				if err := w.param(p); err != nil {
					return err
				}
				continue
			}
			w.text(p.text)
		}
		return nil
	}
	head := c.template[:start-1] // without the mark before the tuple
	tuple := c.template[start:end]
	for i, p := range head { // "… VALUES " gives way to SELECT
		if i == len(head)-1 && p.param < 0 {
			w.text(strings.TrimSuffix(p.text, " VALUES ") + " SELECT ")
			continue
		}
		if err := write(head[i : i+1]); err != nil {
			return nil, err
		}
	}
	columns := 0
	for i, p := range tuple { // each parameter becomes a cast column of the table
		if p.param < 0 {
			text := p.text
			if i == 0 {
				text = strings.TrimPrefix(text, "(")
			}
			if i == len(tuple)-1 {
				text = strings.TrimSuffix(text, ")")
			}
			w.text(text)
			continue
		}
		t, err := typeName(&c.Params[p.param])
		if err != nil {
			return nil, err
		}
		w.text("p" + strconv.Itoa(columns) + "::" + t)
		columns++
	}
	w.text(" FROM (VALUES ")
	for i := range n {
		if i > 0 {
			w.text(", ")
		}
		w.row = i
		w.text("(")
		for _, p := range tuple {
			if p.param >= 0 {
				if err := w.param(piece{param: p.param, cast: p.cast}); err != nil {
					return nil, err
				}
				w.text(", ")
			}
		}
		w.text(strconv.Itoa(i) + ")")
	}
	w.row = -1
	w.text(") AS imp_sen(")
	for i := range columns {
		w.text("p" + strconv.Itoa(i) + ", ")
	}
	w.text("sen_counter) ORDER BY sen_counter")
	if err := write(c.template[end:]); err != nil {
		return nil, err
	}
	w.out.SQL, w.out.Wire = w.sql.String(), w.wire.String()
	return w.out, nil
}

// valuesTuple is where the tuple that a batch repeats begins and ends, -1 if
// the statement has none.
func (c *Compiled) valuesTuple() (start, end int) {
	start = -1
	for i, p := range c.template {
		switch p.values {
		case valuesStart:
			start = i + 1
		case valuesEnd:
			return start, i
		}
	}
	return -1, -1
}
