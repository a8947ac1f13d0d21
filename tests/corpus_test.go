package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// An area is one file of the conformance corpus.
type area struct {
	Area   string           `json:"area"`
	Setups map[string]setup `json:"setups"`
	Cases  []*corpusCase    `json:"cases"`
}

type setup struct {
	Lua string `json:"lua"`
}

// A corpusCase is one small program with what SQLAlchemy gives for it.
type corpusCase struct {
	Name          string                 `json:"name"`
	Kind          string                 `json:"kind"` // "compile" or "run"
	Setup         string                 `json:"setup"`
	CompileKwargs map[string]bool        `json:"compile_kwargs"`
	Lua           string                 `json:"lua"`
	Expect        map[string]expectation `json:"expect"` // by "default" or a dialect's name
}

// An expectation is what a compiled thing is, or what a program leaves.
type expectation struct {
	List        []expectation  `json:"list"` // several compiled things, in place of the next three
	SQL         string         `json:"sql"`
	Params      map[string]any `json:"params"` // nil where the file leaves it out
	Positiontup []string       `json:"positiontup"`
	Stdout      string         `json:"stdout"`
	Error       *failure       `json:"error"`
}

// A failure is an error: the expected one, with what of it may be compared,
// or the one that happened.
type failure struct {
	Class         string `json:"class"`
	Message       string `json:"message"`
	Statement     string `json:"statement"`
	Text          string `json:"text"`
	PythonClass   bool   `json:"python_class"`
	PythonMessage bool   `json:"python_message"`
	DriverMessage bool   `json:"driver_message"`
}

// corpus reads all areas in the order of their files.
func corpus(t *testing.T) []area {
	t.Helper()
	files, err := filepath.Glob("testdata/conformance/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the corpus is not there: %v", err)
	}
	areas := make([]area, len(files))
	for i, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &areas[i]); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
	}
	return areas
}
