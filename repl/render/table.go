package render

import (
	"bufio"
	"fmt"
	"strings"
)

// cell is a value ready for the screen: its lines and where it stands.
type cell struct {
	lines []string
	null  bool
}

func (o Options) cell(v any) cell {
	if v == nil {
		return cell{lines: []string{o.Null}, null: true}
	}
	return cell{lines: strings.Split(Visible(o.text(v), true), "\n")}
}

// text is a value's text, by the caller's own rule first.
func (o Options) text(v any) string {
	if o.Text != nil {
		if s, ok := o.Text(v); ok {
			return s
		}
	}
	return Text(v)
}

// grid is rows laid out: the cells, each column's width and side.
type grid struct {
	heads  []cell
	cells  [][]cell
	widths []int
	right  []bool
}

func layout(cols []Column, rows [][]any, o Options) grid {
	g := grid{widths: make([]int, len(cols)), right: make([]bool, len(cols))}
	for i, c := range cols {
		h := cell{lines: strings.Split(Visible(c.Name, true), "\n")}
		g.heads = append(g.heads, h)
		g.fit(i, h)
	}
	numbers, others := make([]bool, len(cols)), make([]bool, len(cols))
	for _, r := range rows {
		line := make([]cell, len(cols))
		for i := range cols {
			var v any
			if i < len(r) {
				v = r[i]
			}
			line[i] = o.cell(v)
			g.fit(i, line[i])
			switch {
			case v == nil, v == "": // says nothing of the side
			case numeric(v):
				numbers[i] = true
			default:
				others[i] = true
			}
		}
		g.cells = append(g.cells, line)
	}
	for i := range cols {
		g.right[i] = numbers[i] && !others[i]
	}
	return g
}

func (g *grid) fit(i int, c cell) {
	for _, l := range c.lines {
		g.widths[i] = max(g.widths[i], Width(l))
	}
}

// width of the whole grid when each column takes extra cells besides its text.
func (g *grid) width(extra int) int {
	n := 0
	for _, w := range g.widths {
		n += w + extra
	}
	return n
}

const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

func writeTable(w *bufio.Writer, cols []Column, rows [][]any, o Options) {
	g := layout(cols, rows, o)
	if o.expand(g.width(3) - 1) {
		expanded(w, g, o)
		return
	}
	o.title(w, g.width(3)-1)
	if len(cols) == 0 {
		return
	}
	edge, gap, cross := "", "|", "+"
	switch o.Border {
	case 0:
		gap, cross = " ", " "
	case 2:
		edge = "|"
	}
	rule := func() {
		if o.Border == 2 {
			w.WriteByte('+')
		}
		for i, n := range g.widths {
			if i > 0 {
				w.WriteString(cross)
			}
			if o.Border > 0 {
				n += 2
			}
			w.WriteString(strings.Repeat("-", n))
		}
		if o.Border == 2 {
			w.WriteByte('+')
		}
		w.WriteByte('\n')
	}
	line := func(cells []cell, head bool) {
		height := 1
		for _, c := range cells {
			height = max(height, len(c.lines))
		}
		for k := range height {
			w.WriteString(edge)
			for i, c := range cells {
				if i > 0 {
					w.WriteString(gap)
				}
				text, mark := "", " "
				if k < len(c.lines) {
					text = c.lines[k]
				}
				if k+1 < len(c.lines) {
					mark = "+"
				}
				last := i == len(cells)-1 && edge == ""
				if o.Border > 0 && (!last || text != "" || mark == "+") {
					w.WriteByte(' ')
				}
				var padded string
				switch {
				case head:
					left := (g.widths[i] - Width(text)) / 2
					padded = pad(strings.Repeat(" ", left)+text, g.widths[i], false)
				default:
					padded = pad(text, g.widths[i], g.right[i])
				}
				if last && mark == " " {
					padded = strings.TrimRight(padded, " ")
				}
				o.paint(w, padded, head, c.null)
				if !last || mark == "+" {
					if o.Border > 0 || mark == "+" {
						w.WriteString(mark)
					}
				}
			}
			w.WriteString(edge)
			w.WriteByte('\n')
		}
	}
	if o.Border == 2 {
		rule()
	}
	if !o.TuplesOnly {
		line(g.heads, true)
		rule()
	}
	for _, r := range g.cells {
		line(r, false)
	}
	if o.Border == 2 {
		rule()
	}
}

// paint writes text in the colour of what it is.
func (o Options) paint(w *bufio.Writer, text string, head, null bool) {
	switch {
	case o.Color && head:
		w.WriteString(bold + text + plain)
	case o.Color && null:
		w.WriteString(faint + text + plain)
	default:
		w.WriteString(text)
	}
}

func (o Options) title(w *bufio.Writer, width int) {
	if o.Title == "" || o.TuplesOnly {
		return
	}
	t := Visible(o.Title, false)
	if left := (width - Width(t)) / 2; left > 0 {
		t = strings.Repeat(" ", left) + t
	}
	fmt.Fprintln(w, t)
}

// expand says whether rows are shown one line per value.
func (o Options) expand(width int) bool {
	switch o.Expanded {
	case "on":
		return true
	case "auto":
		return o.Width > 0 && width > o.Width
	}
	return false
}

func writeBox(w *bufio.Writer, cols []Column, rows [][]any, o Options) {
	g := layout(cols, rows, o)
	if o.expand(g.width(3) + 1) {
		expanded(w, g, o)
		return
	}
	o.title(w, g.width(3)+1)
	if len(cols) == 0 {
		return
	}
	rule := func(left, mid, right string) {
		w.WriteString(left)
		for i, n := range g.widths {
			if i > 0 {
				w.WriteString(mid)
			}
			w.WriteString(strings.Repeat("─", n+2))
		}
		w.WriteString(right + "\n")
	}
	line := func(cells []cell, head bool) {
		height := 1
		for _, c := range cells {
			height = max(height, len(c.lines))
		}
		for k := range height {
			for i, c := range cells {
				text := ""
				if k < len(c.lines) {
					text = c.lines[k]
				}
				w.WriteString("│ ")
				o.paint(w, pad(text, g.widths[i], g.right[i] && !head), head, c.null)
				w.WriteByte(' ')
			}
			w.WriteString("│\n")
		}
	}
	rule("┌", "┬", "┐")
	if !o.TuplesOnly {
		line(g.heads, true)
		rule("├", "┼", "┤")
	}
	for _, r := range g.cells {
		line(r, false)
	}
	rule("└", "┴", "┘")
}

func writeExpanded(w *bufio.Writer, cols []Column, rows [][]any, o Options) {
	expanded(w, layout(cols, rows, o), o)
}

func expanded(w *bufio.Writer, g grid, o Options) {
	o.title(w, 0)
	name, value := 0, 0
	for i, h := range g.heads {
		for _, l := range h.lines {
			name = max(name, Width(l))
		}
		value = max(value, g.widths[i])
	}
	for n, r := range g.cells {
		if !o.TuplesOnly {
			mark := fmt.Sprintf("-[ RECORD %d ]", n+1)
			width := name + 3 + value
			if o.Width > 0 {
				width = min(width, o.Width)
			}
			if at := name + 1; len(mark) <= at {
				mark += strings.Repeat("-", at-len(mark)) + "+"
			}
			if len(mark) < width {
				mark += strings.Repeat("-", width-len(mark))
			}
			o.paint(w, mark, true, false)
			w.WriteByte('\n')
		} else if n > 0 {
			w.WriteByte('\n')
		}
		for i, c := range r {
			for k, l := range c.lines {
				head, mark := "", ""
				if k < len(g.heads[i].lines) {
					head = g.heads[i].lines[k]
				}
				if k+1 < len(c.lines) {
					mark = "+"
				}
				o.paint(w, pad(head, name, false), true, false)
				w.WriteString(" | ")
				o.paint(w, l+mark, false, c.null)
				w.WriteByte('\n')
			}
		}
	}
}

func writeMarkdown(w *bufio.Writer, cols []Column, rows [][]any, o Options) {
	escape := func(c cell) cell {
		text := strings.Join(c.lines, "<br>")
		return cell{lines: []string{strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(text)}, null: c.null}
	}
	g := layout(cols, rows, o)
	for i := range g.heads {
		g.heads[i] = escape(g.heads[i])
		g.widths[i] = 3
		g.fit(i, g.heads[i])
	}
	for _, r := range g.cells {
		for i := range r {
			r[i] = escape(r[i])
			g.fit(i, r[i])
		}
	}
	line := func(cells []cell) {
		for i, c := range cells {
			w.WriteString("| " + pad(c.lines[0], g.widths[i], g.right[i]) + " ")
		}
		w.WriteString("|\n")
	}
	line(g.heads)
	for i, n := range g.widths {
		if g.right[i] {
			w.WriteString("|" + strings.Repeat("-", n+1) + ":")
		} else {
			w.WriteString("|" + strings.Repeat("-", n+2))
		}
	}
	w.WriteString("|\n")
	for _, r := range g.cells {
		line(r)
	}
}
