package walk

import (
	"encoding/xml"
	"fmt"
	"io"
)

// The elements of a JUnit report that other programs read.
type (
	JUnitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []JUnitSuite `xml:"testsuite"`
	}
	JUnitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []JUnitCase `xml:"testcase"`
	}
	JUnitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Time    string        `xml:"time,attr"`
		Failure *JUnitMessage `xml:"failure,omitempty"`
		Error   *JUnitMessage `xml:"error,omitempty"`
		Skipped *JUnitMessage `xml:"skipped,omitempty"`
	}
	JUnitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// Add counts a case in.
func (s *JUnitSuite) Add(c JUnitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// Write writes the report as XML.
func (j *JUnitSuites) Write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(j); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// JUnit writes the results of the suite.
func (s *Suite) JUnit(w io.Writer) error {
	report := &JUnitSuites{}
	for _, r := range s.Results {
		suite := JUnitSuite{Name: r.File.Name + " (" + r.Dialect + ")"}
		total := 0.0
		for _, step := range r.Steps {
			total += step.Took.Seconds()
			c := JUnitCase{
				Name: fmt.Sprintf("line %d: %s", step.Step.Line, firstLine(step.Step.Input)), Class: step.Block.Heading,
				File: r.File.Name, Line: step.Step.Line, Time: fmt.Sprintf("%.3f", step.Took.Seconds()),
			}
			switch step.Outcome {
			case Mismatch:
				c.Failure = &JUnitMessage{"what came is not what is written", step.Diff(r)}
			case Failed:
				c.Error = &JUnitMessage{"an error that nobody expected", step.Diff(r)}
			case Ignored:
				if !step.Block.Attrs.Setup {
					c.Skipped = &JUnitMessage{Message: "run, not compared"}
				}
			}
			suite.Add(c)
		}
		if r.Err != nil {
			suite.Add(JUnitCase{Name: "run", Time: "0", Error: &JUnitMessage{Message: r.Err.Error()}})
		}
		suite.Time = fmt.Sprintf("%.3f", total)
		report.Suites = append(report.Suites, suite)
	}
	for _, k := range s.Skipped {
		suite := JUnitSuite{Name: k.File + " (" + k.Dialect + ")", Time: "0"}
		suite.Add(JUnitCase{Name: "all", Time: "0", Skipped: &JUnitMessage{Message: k.Err.Error()}})
		report.Suites = append(report.Suites, suite)
	}
	for _, err := range s.Broken {
		suite := JUnitSuite{Name: "walkthroughs", Time: "0"}
		suite.Add(JUnitCase{Name: "parse", Time: "0", Error: &JUnitMessage{Message: err.Error()}})
		report.Suites = append(report.Suites, suite)
	}
	return report.Write(w)
}
