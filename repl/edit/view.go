package edit

import (
	"fmt"
	"strings"
)

// Row is one row of the screen: its text with SGR sequences, and its width in
// cells.
type Row struct {
	Text  string
	Width int
}

// View is what the screen shows of the entry. Every row but the last is
// exactly as wide as the screen.
type View struct {
	Rows []Row
	// Row and Column of the cursor.
	Row, Column int
}

// Cells is the number of cells from the first to the last.
func (v View) Cells(width int) int {
	return (len(v.Rows)-1)*width + v.Rows[len(v.Rows)-1].Width
}

// Text is all rows one after the other.
func (v View) Text() string {
	var b strings.Builder
	for _, r := range v.Rows {
		b.WriteString(r.Text)
	}
	return b.String()
}

const (
	reset       = "\x1b[0m"
	promptStyle = "\x1b[1m"
	contStyle   = "\x1b[2m"
	menuStyle   = ""
	chosenStyle = "\x1b[7m"
	remarkStyle = "\x1b[2m"
)

// canvas lays cells into rows.
type canvas struct {
	width int
	rows  []Row
	b     strings.Builder
	used  int // cells of the row in b
	style string
}

// put writes one glyph, on the next row when it does not fit.
func (c *canvas) put(text string, width int, style string) {
	if width > c.width { // a wide character on a screen of one cell
		text, width = "?", 1
	}
	if c.used+width > c.width {
		c.fill()
	}
	if c.used == c.width {
		c.row()
	}
	if style != c.style {
		if c.style != "" {
			c.b.WriteString(reset)
		}
		c.b.WriteString(style)
		c.style = style
	}
	c.b.WriteString(text)
	c.used += width
}

// fill ends the row with blanks.
func (c *canvas) fill() {
	if c.style != "" {
		c.b.WriteString(reset)
		c.style = ""
	}
	if c.used < c.width {
		c.b.WriteString(strings.Repeat(" ", c.width-c.used))
		c.used = c.width
	}
}

func (c *canvas) row() {
	if c.style != "" {
		c.b.WriteString(reset)
		c.style = ""
	}
	c.rows = append(c.rows, Row{c.b.String(), c.used})
	c.b.Reset()
	c.used = 0
}

// line begins a new row.
func (c *canvas) line() {
	c.fill()
	c.row()
}

// write puts text that has no newlines; what goes beyond limit cells of this
// row is cut.
func (c *canvas) write(text, style string, limit int) {
	n := 0
	for text != "" {
		g := nextGlyph(text, n)
		if n+g.width > limit {
			return
		}
		if g.width > 1 && g.text == strings.Repeat(" ", g.width) {
			for range g.width {
				c.put(" ", 1, style)
			}
		} else {
			c.spell(g, style)
		}
		n += g.width
		text = text[g.bytes:]
	}
}

// spell puts a glyph; one that is several cells of ASCII may be parted
// between rows.
func (c *canvas) spell(g glyph, style string) {
	if g.width == len(g.text) {
		for i := range len(g.text) {
			c.put(g.text[i:i+1], 1, style)
		}
		return
	}
	c.put(g.text, g.width, style)
}

// place is where the next cell goes.
func (c *canvas) place() (row, col int) {
	if c.used == c.width {
		return len(c.rows) + 1, 0
	}
	return len(c.rows), c.used
}

// View lays out the prompt, the text and the menu for the screen.
func (m *Model) View() View {
	c := &canvas{width: m.width}
	prompt := m.prompt
	if m.search != nil {
		prompt = m.search.prompt()
	}
	c.write(prompt, promptStyle, max(m.width*2/3, min(m.width, 20)))
	m.highlight()
	row, col := -1, 0
	spans := m.spans
	lineCol, lines := 0, 0
	var prompts []string
	if m.Continuations != nil && strings.Contains(m.text, "\n") {
		prompts = m.Continuations(m.text)
	}
	for i := 0; i < len(m.text); {
		if i == m.cursor {
			row, col = c.place()
		}
		if m.text[i] == '\n' {
			c.line()
			lineCol = 0
			i++
			if lines < len(prompts) {
				c.write(prompts[lines], contStyle, max(0, min(m.width/2, m.width-2)))
			}
			lines++
			continue
		}
		for len(spans) > 0 && spans[0].End <= i {
			spans = spans[1:]
		}
		style := ""
		if len(spans) > 0 && spans[0].Start <= i {
			style = spans[0].Style
		}
		if m.search != nil && m.search.query != "" && !m.search.failed && i >= m.cursor && i < m.cursor+len(m.search.query) {
			style = "\x1b[4m"
		}
		g := nextGlyph(m.text[i:], lineCol)
		if m.text[i] == '\t' {
			for range g.width {
				c.put(" ", 1, style)
			}
		} else {
			c.spell(g, style)
		}
		lineCol += g.width
		i += g.bytes
	}
	if m.mark != "" {
		c.write(m.mark, "", m.width)
	}
	if row < 0 {
		row, col = c.place()
	}
	if c.style != "" {
		c.b.WriteString(reset)
		c.style = ""
	}
	if row > len(c.rows) { // the cursor stands on a row of its own
		c.row()
	}
	c.rows = append(c.rows, Row{c.b.String(), c.used})
	rows := c.rows
	menu := m.menuView()
	limit := max(1, m.height-1)
	if len(menu) > 0 && limit < 4 {
		menu = nil
	}
	rows, row, col = m.viewport(rows, row, col, max(1, limit-len(menu)))
	if len(menu) > 0 {
		last := &rows[len(rows)-1]
		if gap := m.width - last.Width; gap > 0 {
			last.Text += strings.Repeat(" ", gap)
			last.Width = m.width
		}
		rows = append(rows, menu...)
	}
	return View{Rows: rows, Row: row, Column: col}
}

// viewport cuts rows to what the screen holds, the cursor's among them, and
// says how many are not shown.
func (m *Model) viewport(rows []Row, row, col, limit int) ([]Row, int, int) {
	if len(rows) <= limit {
		return rows, row, col
	}
	top := min(max(0, row-limit/2), len(rows)-limit)
	shown := append([]Row(nil), rows[top:top+limit]...)
	below := len(rows) - top - limit
	row -= top
	if limit >= 4 {
		if top > 0 {
			if row == 0 {
				top, row = top-1, 1
				shown = append([]Row(nil), rows[top:top+limit]...)
				below++
			}
			shown[0] = m.remark(top+1, "above", true)
		}
		if below > 0 {
			shown[limit-1] = m.remark(below+1, "below", false)
		}
		if row == limit-1 && below > 0 { // never hide the cursor's row
			shown = append([]Row(nil), rows[top+1:top+1+limit]...)
			top++
			below--
			row--
			shown[0] = m.remark(top+1, "above", true)
			if below > 0 {
				shown[limit-1] = m.remark(below+1, "below", false)
			}
		}
	}
	for i := range shown[:len(shown)-1] {
		if gap := m.width - shown[i].Width; gap > 0 {
			shown[i].Text += strings.Repeat(" ", gap)
			shown[i].Width = m.width
		}
	}
	return shown, row, col
}

func (m *Model) remark(n int, where string, full bool) Row {
	text := fmt.Sprintf("[+%d lines %s]", n, where)
	if len(text) > m.width {
		text = text[:m.width]
	}
	r := Row{Text: remarkStyle + text + reset, Width: len(text)}
	if full && r.Width < m.width {
		r.Text += strings.Repeat(" ", m.width-r.Width)
		r.Width = m.width
	}
	return r
}

// highlight styles the text when it has changed.
func (m *Model) highlight() {
	if m.Highlight == nil {
		return
	}
	if m.styled != m.text {
		m.spans, m.styled = m.Highlight(m.text), m.text
	}
}

// maxMenuRows bounds the rows of candidates.
const maxMenuRows = 8

// columns is how many candidates stand side by side, and how wide each is.
func (m *Model) menuColumns() (columns, cells int) {
	for _, c := range m.menu.candidates {
		cells = max(cells, width(c.Text))
	}
	cells = min(cells+2, m.width)
	return max(1, m.width/cells), cells
}

func (m *Model) menuRows() int {
	columns, _ := m.menuColumns()
	return max(1, min(maxMenuRows, m.height/2, (len(m.menu.candidates)+columns-1)/columns))
}

// menuView lays the candidates out in columns, each read downwards, and the
// usage line of the chosen one below.
func (m *Model) menuView() []Row {
	if m.menu == nil {
		return nil
	}
	columns, cells := m.menuColumns()
	rows := m.menuRows()
	page := rows * columns
	first := 0
	if m.menu.selected >= 0 {
		first = m.menu.selected / page * page
	}
	c := &canvas{width: m.width}
	n := len(m.menu.candidates)
	shown := min(n-first, page)
	for r := range min(rows, shown) {
		if r > 0 {
			c.line()
		}
		for k := range columns {
			i := first + k*rows + r
			if i >= n || i >= first+page {
				break
			}
			style := menuStyle
			if i == m.menu.selected {
				style = chosenStyle
			}
			text := m.menu.candidates[i].Text
			start := c.used
			limit := min(cells-2, m.width-start)
			if columns == 1 {
				limit = m.width
			}
			c.write(text, style, limit)
			for c.used < start+cells && c.used < m.width {
				c.put(" ", 1, "")
			}
		}
	}
	foot := ""
	if m.menu.selected >= 0 {
		foot = m.menu.candidates[m.menu.selected].Usage
	}
	if more := n - first - shown; more > 0 || first > 0 {
		foot = strings.TrimSpace(fmt.Sprintf("%d–%d of %d  %s", first+1, first+shown, n, foot))
	}
	if foot != "" {
		c.line()
		foot, _, _ = strings.Cut(foot, "\n")
		c.write(foot, remarkStyle, m.width)
	}
	if c.style != "" {
		c.b.WriteString(reset)
	}
	return append(c.rows, Row{c.b.String(), c.used})
}

// width counts the cells of a text.
func width(s string) int {
	n := 0
	for s != "" {
		g := nextGlyph(s, n)
		n += g.width
		s = s[g.bytes:]
	}
	return n
}
