package tests

import (
	"flag"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
)

var recordAgain = flag.Bool("record", false, "make docs/recording.txt and .svg anew, and the README's copy")

// recorded is what is typed in the README's recording.
var recorded = []string{
	`customer = t.customer`,
	`nl = select(customer.c.email):where(customer.c.country_code == "NL")`,
	`print(nl)`,
	`\sqlecho on`,
	`conn:execute(nl:limit(3)):all()`,
	`select state, count(*) from orders group by state order by state;`,
	`c = session:get(classes.country, "NL")`,
	`c.name`,
	`c.name = "Holland" session:flush()`,
	`\q`,
}

const (
	recordingText = "../docs/recording.txt"
	recordingSVG  = "../docs/recording.svg"
)

var recordingTimes = regexp.MustCompile(`(generated in|cached since) [0-9.e-]+s`)

// TestRecording: the README's recording is what the program shows today. It is
// made by go test ./tests -run Recording -record
func TestRecording(t *testing.T) {
	const columns, rows = 80, 120
	c := startConsole(t, columns, rows, t.TempDir(), "demo", "-q", "--color=always")
	prompt := func(screen string) bool { return memoryPrompt.MatchString(screen) }
	c.until(prompt, "prompt")
	seen := []int{len(strings.Split(c.text(), "\n"))}
	for _, entry := range recorded {
		c.send(entry)
		c.see(entry[max(0, len(entry)-8):])
		if entry == `\q` {
			break
		}
		before := len(strings.Split(c.text(), "\n"))
		c.send("\r")
		c.until(func(screen string) bool { return prompt(screen) && len(strings.Split(screen, "\n")) > before }, "prompt after "+entry)
		time.Sleep(30 * time.Millisecond)
		seen = append(seen, len(strings.Split(c.text(), "\n")))
	}
	lines := strings.Split(c.text(), "\n")
	text := "$ alchemysh demo -q\n" + strings.Join(lines[:len(lines)-1], "\n") + "\n"
	text = recordingTimes.ReplaceAllString(text, "$1 0.0001s")
	if *recordAgain {
		write(t, recordingText, text)
		write(t, recordingSVG, svg(c.screen, columns, seen))
		readme := read(t, "../README.md")
		head, rest, ok := strings.Cut(readme, "```text\n")
		_, tail, closed := strings.Cut("\n"+rest, "\n```\n")
		if !ok || !closed {
			t.Fatal("the README has no text fence for the recording")
		}
		write(t, "../README.md", head+"```text\n"+text+"```\n"+tail)
	}
	if old := read(t, recordingText); old != text {
		t.Errorf("docs/recording.txt is stale (go test ./tests -run Recording -record):\n%s", text)
	}
	if !strings.Contains(read(t, "../README.md"), "```text\n"+read(t, recordingText)+"```\n") {
		t.Error("the README does not show docs/recording.txt")
	}
	drawn := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(read(t, recordingSVG), ""))
	for _, want := range []string{"FROM customer", "Netherlands", "UPDATE country SET name=?"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("docs/recording.svg does not show %q", want)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// palette are the first sixteen colours of a terminal.
var palette = [16]string{"#1e1e2e", "#f38ba8", "#a6e3a1", "#f9e2af", "#89b4fa", "#cba6f7", "#94e2d5", "#cdd6f4",
	"#6c7086", "#f38ba8", "#a6e3a1", "#f9e2af", "#89b4fa", "#cba6f7", "#94e2d5", "#ffffff"}

// svg draws what stands on a screen as a terminal that is typed in: entry after
// entry comes into sight, the older scroll away.
func svg(screen vt10x.Terminal, columns int, seen []int) string {
	const cell, line, margin, view = 8.4, 18.0, 12.0, 20
	var b strings.Builder
	width, height := cell*float64(columns)+2*margin, line*view+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14" fill="#cdd6f4">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<title>alchemysh demo</title><rect width="100%%" height="100%%" rx="8" fill="#1e1e2e"/>`+"\n")
	var times, shown, moved []string
	for i, n := range seen {
		times = append(times, fmt.Sprintf("%.3f", float64(i)/float64(len(seen)+1)))
		shown = append(shown, fmt.Sprintf("%.0f", line*float64(n)+4))
		moved = append(moved, fmt.Sprintf("0 %.0f", -line*float64(max(0, n-view))))
	}
	animation := func(name, kind string, values []string) string {
		return fmt.Sprintf(`<%s attributeName="%s" %sdur="%ds" repeatCount="indefinite" calcMode="discrete" keyTimes="%s" values="%s"/>`,
			map[bool]string{true: "animateTransform", false: "animate"}[kind != ""], name, kind, 3*(len(seen)+1), strings.Join(times, ";"), strings.Join(values, ";"))
	}
	last := seen[len(seen)-1]
	fmt.Fprintf(&b, `<clipPath id="view"><rect x="0" y="%.0f" width="%.0f" height="%.0f"/></clipPath>`+"\n", margin, width, line*view)
	fmt.Fprintf(&b, `<clipPath id="typed"><rect x="0" y="0" width="%.0f" height="%.0f">%s</rect></clipPath>`+"\n", width, line*float64(last)+4, animation("height", "", shown))
	fmt.Fprintf(&b, `<g clip-path="url(#view)"><g transform="translate(%.0f %.0f)"><g>%s<g clip-path="url(#typed)" xml:space="preserve">`+"\n", margin, margin, animation("transform", `type="translate" `, moved))
	for y := range last {
		var spans strings.Builder
		color, run := "", ""
		flush := func() {
			switch {
			case run == "":
			case color == "":
				spans.WriteString(html.EscapeString(run))
			default:
				fmt.Fprintf(&spans, `<tspan fill="%s">%s</tspan>`, color, html.EscapeString(run))
			}
			run = ""
		}
		for x := range columns {
			g := screen.Cell(x, y)
			now := ""
			if g.FG < 16 {
				now = palette[g.FG]
			}
			if now != color {
				flush()
				color = now
			}
			run += string(g.Char)
		}
		run = strings.TrimRight(run, " ")
		flush()
		if spans.Len() > 0 {
			fmt.Fprintf(&b, `<text y="%.0f">%s</text>`+"\n", line*float64(y+1)-4, spans.String())
		}
	}
	b.WriteString("</g></g></g></g>\n</svg>\n")
	return b.String()
}
