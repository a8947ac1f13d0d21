package walk

import (
	"regexp"
	"slices"
	"strings"
)

var timing = regexp.MustCompile(`\[(generated in|cached since|no key|raw sql)[^\]]*\]`)

// matches reports whether output is what is written: the same lines but for
// blanks at their ends, where "..." stands for any lines and "[...]" for the
// timing mark of the echo.
func matches(want, got []string, unordered bool) bool {
	want, got = trimmed(want), trimmed(got)
	if unordered {
		want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
	}
	return matchLines(want, got)
}

func matchLines(want, got []string) bool {
	for i, w := range want {
		if w == "..." {
			for skip := i; skip <= len(got); skip++ {
				if matchLines(want[i+1:], got[skip:]) {
					return true
				}
			}
			return false
		}
		if i >= len(got) || !matchLine(w, got[i]) {
			return false
		}
	}
	return len(want) == len(got)
}

func matchLine(want, got string) bool {
	if want == got {
		return true
	}
	return strings.Contains(want, "[") && timing.ReplaceAllString(want, "[...]") == timing.ReplaceAllString(got, "[...]")
}

// trimmed cuts blanks at the ends of lines and empty lines at the end.
func trimmed(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(l, " \t\r")
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

func lines(text string) []string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
