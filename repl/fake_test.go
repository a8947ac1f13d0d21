package repl_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"alchemysh/repl"
	"alchemysh/repl/input"
	"alchemysh/repl/render"
)

// calculator is a language of assignments and sums, for tests of the shell.
type calculator struct {
	vars map[string]any
	ran  []string
}

var (
	assignment = regexp.MustCompile(`^(\w+) = (.+)$`)
	sum        = regexp.MustCompile(`^[\w' ]+(\+[\w' ]+)*$`)
)

func (c *calculator) Parse(text string) input.Status {
	text = strings.TrimSpace(text)
	if strings.Count(text, "(") > strings.Count(text, ")") {
		return input.Incomplete
	}
	if expr, ok := strings.CutPrefix(text, "return "); ok {
		if expr = strings.TrimSpace(expr); sum.MatchString(expr) && (!strings.Contains(expr, " ") || strings.Contains(expr, "+")) {
			return input.Complete
		}
		return input.Invalid
	}
	for line := range strings.Lines(text) {
		if !assignment.MatchString(strings.TrimSpace(line)) {
			return input.Invalid
		}
	}
	return input.Complete
}

func (c *calculator) Eval(_ context.Context, chunk repl.Chunk) ([]any, error) {
	text := strings.TrimSpace(chunk.Text)
	c.ran = append(c.ran, text)
	if chunk.Expr {
		v, err := c.value(text)
		return []any{v}, err
	}
	for line := range strings.Lines(text) {
		m := assignment.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			return nil, fmt.Errorf("%s:1: syntax error near '%s'", chunk.Name, line)
		}
		v, err := c.value(m[2])
		if err != nil {
			return nil, err
		}
		c.Set(m[1], v)
	}
	return nil, nil
}

func (c *calculator) value(expr string) (any, error) {
	if s, ok := strings.CutPrefix(expr, "'"); ok {
		return strings.TrimSuffix(s, "'"), nil
	}
	total := int64(0)
	for term := range strings.SplitSeq(expr, "+") {
		term = strings.TrimSpace(term)
		if n, err := strconv.ParseInt(term, 10, 64); err == nil {
			total += n
			continue
		}
		v, ok := c.vars[term]
		if !ok {
			return nil, fmt.Errorf("no variable %s", term)
		}
		n, ok := v.(int64)
		if !ok {
			return v, nil
		}
		total += n
	}
	return total, nil
}

func (c *calculator) Repr(v any) string {
	if s, ok := v.(string); ok {
		return "'" + s + "'"
	}
	return render.Text(v)
}

func (c *calculator) Get(name string) (any, bool) { v, ok := c.vars[name]; return v, ok }

func (c *calculator) Set(name string, v any) {
	if c.vars == nil {
		c.vars = map[string]any{}
	}
	c.vars[name] = v
}

func (c *calculator) Help(topic string) (string, bool) {
	return "help on " + topic, topic == "select"
}

func (c *calculator) Complete(text string, pos int) (found []repl.Candidate) {
	start := strings.LastIndexAny(text[:pos], " =+(") + 1
	for n := range c.vars {
		if strings.HasPrefix(n, text[start:pos]) {
			found = append(found, repl.Candidate{Text: n, Start: start})
		}
	}
	return found
}
