package repl

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"alchemysh/repl/render"
)

// chartKinds are what \chart draws.
var chartKinds = []string{"bars", "histogram", "line"}

// maxBars is how many bars are drawn; beyond, a line or a histogram tells more.
const maxBars = 100

// chart draws the result of a statement. Without a kind it is bars for labels
// with numbers, a histogram for numbers alone. Columns are chosen by name: the
// last is the value, the one before the label.
func chart(ctx context.Context, s *Shell, c call) error {
	words := c.words()
	kind := ""
	if len(words) > 0 && slices.Contains(chartKinds, words[0]) {
		kind, words = words[0], words[1:]
	}
	sql, err := s.statement(c)
	if err != nil {
		return err
	}
	cols, rows, err := s.collect(ctx, sql)
	if err != nil {
		s.remember(err)
		return err
	}
	names := make([]string, len(cols))
	for i, col := range cols {
		names[i] = col.Name
	}
	label, value := -1, -1
	switch len(words) {
	case 0:
		value = numericColumn(rows, len(cols))
		if value > 0 {
			label = 0
		}
	case 1, 2:
		for _, w := range words {
			i := slices.Index(names, w)
			if i < 0 {
				return usageError(`\chart: %s is no column of the result%s`, w, nearest(w, names))
			}
			label, value = value, i
		}
	default:
		return usageError("usage: %s", usageLine(c.command))
	}
	var points []render.Point
	for _, r := range rows {
		if value < 0 || r[value] == nil {
			continue
		}
		v, ok := asNumber(r[value])
		if !ok {
			return usageError(`\chart: %q of column %s is no number`, render.Text(r[value]), names[value])
		}
		p := render.Point{Value: v}
		if label >= 0 {
			if p.Label = s.Settings.Null; r[label] != nil {
				p.Label = render.Text(r[label])
			}
		}
		points = append(points, p)
	}
	if len(points) == 0 {
		return usageError(`\chart: there are no numbers to draw`)
	}
	if kind == "" {
		switch {
		case label < 0 && len(points) > 1:
			kind = "histogram"
		case len(points) > maxBars:
			kind = "line"
		default:
			kind = "bars"
		}
	}
	width := s.Width()
	switch kind {
	case "histogram":
		var values []float64
		for _, p := range points {
			values = append(values, p.Value)
		}
		return s.emit(render.Histogram(values, width))
	case "line":
		return s.emit(render.Line(points, width, min(20, s.Height()/2)))
	}
	text := render.Bars(points[:min(len(points), maxBars)], width)
	if n := len(points) - maxBars; n > 0 {
		text += "… " + strconv.Itoa(n) + " more\n"
	}
	return s.emit(text)
}

// numericColumn is the first column after the label whose values are numbers,
// or the only column; -1 without any.
func numericColumn(rows [][]any, columns int) int {
	is := func(i int) bool {
		seen := false
		for _, r := range rows {
			if r[i] == nil {
				continue
			}
			if _, ok := asNumber(r[i]); !ok {
				return false
			}
			seen = true
		}
		return seen
	}
	for i := min(1, columns-1); i >= 0 && i < columns; i++ {
		if is(i) {
			return i
		}
	}
	if columns > 0 && is(0) {
		return 0
	}
	return -1
}

func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case bool:
		return 0, false
	case float64:
		return v, true
	default:
		f, err := strconv.ParseFloat(strings.TrimSpace(render.Text(v)), 64)
		return f, err == nil
	}
}
