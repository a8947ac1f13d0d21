package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Point is one value of a chart with what it stands for.
type Point struct {
	Label string
	Value float64
}

// chartWidth is how wide a chart is where no screen says.
const chartWidth = 80

// eighths are the parts of a cell that a bar fills.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// bar is a bar of so many cells, exact to an eighth.
func bar(cells float64) string {
	n := int(math.Round(cells * 8))
	text := strings.Repeat("█", n/8)
	if n%8 > 0 {
		text += string(eighths[n%8])
	}
	return text
}

// number is a value as short as it can be told.
func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// Bars draws one bar for each point, to the right of its label; those below
// zero go to the left of a common axis.
func Bars(points []Point, width int) string {
	if width <= 0 {
		width = chartWidth
	}
	labels, values := 0, 0
	lowest, highest := 0.0, 0.0
	for _, p := range points {
		labels = max(labels, Width(Visible(p.Label, false)))
		values = max(values, len(number(p.Value)))
		lowest, highest = min(lowest, p.Value), max(highest, p.Value)
	}
	labels = min(labels, max(4, width/3))
	room := float64(max(4, width-labels-values-4))
	unit := 0.0
	if highest > lowest {
		unit = room / (highest - lowest)
	}
	left := int(math.Round(-lowest * unit))
	var b strings.Builder
	for _, p := range points {
		b.WriteString(pad(Cut(Visible(p.Label, false), labels), labels, false) + " ")
		drawn := ""
		if p.Value < 0 {
			n := int(math.Round(-p.Value * unit))
			drawn = strings.Repeat(" ", max(0, left-n)) + strings.Repeat("█", n)
		} else {
			drawn = strings.Repeat(" ", left) + bar(p.Value*unit)
		}
		b.WriteString("│" + drawn + " " + number(p.Value) + "\n")
	}
	return b.String()
}

// Histogram counts values in classes of equal width, and draws the counts.
func Histogram(values []float64, width int) string {
	if len(values) == 0 {
		return ""
	}
	lowest, highest := values[0], values[0]
	for _, v := range values {
		lowest, highest = min(lowest, v), max(highest, v)
	}
	classes := min(20, int(math.Ceil(math.Log2(float64(len(values)))))+1) // Sturges' rule
	step := round((highest - lowest) / float64(classes))
	if step == 0 {
		step = 1
	}
	start := math.Floor(lowest/step) * step
	n := int(math.Floor((highest-start)/step)) + 1
	counts := make([]float64, n)
	for _, v := range values {
		counts[min(n-1, max(0, int(math.Floor((v-start)/step))))]++
	}
	points := make([]Point, n)
	texts := 0
	for i := range points {
		points[i] = Point{number(nice(start+float64(i)*step)) + " … " + number(nice(start+float64(i+1)*step)), counts[i]}
		texts = max(texts, Width(points[i].Label))
	}
	for i := range points {
		points[i].Label = strings.Repeat(" ", texts-Width(points[i].Label)) + points[i].Label
	}
	return Bars(points, width)
}

// round makes a step that people count in: 1, 2 or 5 times a power of ten.
func round(step float64) float64 {
	if step <= 0 {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, f := range []float64{1, 2, 5, 10} {
		if step <= f*power {
			return f * power
		}
	}
	return step
}

// nice takes away what adding steps has left behind the decimal point.
func nice(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// dots are the eight dots of a Braille cell, by column and row.
var dots = [2][4]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// Line draws values in their order as a line, on an axis with the lowest and
// the highest, the first and the last label below.
func Line(points []Point, width, height int) string {
	if len(points) == 0 {
		return ""
	}
	if width <= 0 {
		width = chartWidth
	}
	if height < 4 {
		height = 12
	}
	lowest, highest := points[0].Value, points[0].Value
	for _, p := range points {
		lowest, highest = min(lowest, p.Value), max(highest, p.Value)
	}
	axis := max(len(number(lowest)), len(number(highest)))
	columns := max(2, width-axis-3)
	grid := make([][]rune, height)
	for i := range grid {
		grid[i] = make([]rune, columns)
	}
	place := func(x, y int) {
		if x >= 0 && y >= 0 && x < columns*2 && y < height*4 {
			grid[height-1-y/4][x/2] |= dots[x%2][3-y%4]
		}
	}
	at := func(i int) (x, y float64) {
		if len(points) > 1 {
			x = float64(i) / float64(len(points)-1) * float64(columns*2-1)
		}
		if highest > lowest {
			y = (points[i].Value - lowest) / (highest - lowest) * float64(height*4-1)
		}
		return x, y
	}
	for i := range points {
		x, y := at(i)
		place(int(math.Round(x)), int(math.Round(y)))
		if i+1 == len(points) {
			break
		}
		nx, ny := at(i + 1)
		steps := int(max(math.Abs(nx-x), math.Abs(ny-y)))
		for k := 1; k < steps; k++ {
			f := float64(k) / float64(steps)
			place(int(math.Round(x+(nx-x)*f)), int(math.Round(y+(ny-y)*f)))
		}
	}
	var b strings.Builder
	for i, row := range grid {
		text := ""
		switch i {
		case 0:
			text = number(highest)
		case height - 1:
			text = number(lowest)
		}
		var line strings.Builder
		for _, r := range row {
			if r == 0 {
				line.WriteByte(' ')
			} else {
				line.WriteRune(0x2800 + r)
			}
		}
		fmt.Fprintf(&b, "%*s ┤%s\n", axis, text, strings.TrimRight(line.String(), " "))
	}
	first := Cut(Visible(points[0].Label, false), columns/2)
	last := Cut(Visible(points[len(points)-1].Label, false), columns/2)
	if len(points) > 1 && first+last != "" {
		b.WriteString(strings.Repeat(" ", axis+2) + first + strings.Repeat(" ", max(1, columns-Width(first)-Width(last))) + last + "\n")
	}
	return b.String()
}
