package walk

import (
	"encoding/xml"
	"fmt"
	"io"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *struct{}     `xml:"skipped,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Results are the reports of one walk, and the databases it was not run on.
type Results struct {
	Walk    *Walk
	Reports []*Report
	Skipped []string
}

// WriteJUnit writes results in the format that continuous integration reads:
// a suite for each walk and database, a case for each step.
func WriteJUnit(out io.Writer, results []Results) error {
	var doc junitSuites
	for _, res := range results {
		for _, r := range res.Reports {
			doc.Suites = append(doc.Suites, suiteOf(res.Walk, r))
		}
		for _, url := range res.Skipped {
			name := res.Walk.Path + " on " + Dialect(url)
			doc.Suites = append(doc.Suites, junitSuite{
				Name: name, Tests: 1, Skipped: 1, Time: "0",
				Cases: []junitCase{{Name: "connect", Class: name, Skipped: &struct{}{}}},
			})
		}
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(out)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

func suiteOf(w *Walk, r *Report) junitSuite {
	dialect := Dialect(r.URL)
	suite := junitSuite{
		Name: w.Path + " on " + dialect, Failures: len(r.Mismatches), Time: fmt.Sprintf("%.3f", r.Elapsed.Seconds()),
	}
	failed := map[*Step]*Mismatch{}
	for _, m := range r.Mismatches {
		failed[m.Step] = m
	}
	for _, b := range w.Blocks {
		if b.Attributes.Skip || !w.applies(b, dialect) {
			continue
		}
		for _, s := range b.Steps {
			c := junitCase{Name: fmt.Sprintf("line %d", s.Line), Class: suite.Name}
			if m := failed[s]; m != nil {
				c.Failure = &junitFailure{Message: "does not show what is written", Text: m.String()}
			}
			suite.Cases = append(suite.Cases, c)
		}
	}
	suite.Tests = len(suite.Cases)
	return suite
}
