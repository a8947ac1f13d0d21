package tutorial

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Progress is what is remembered of a learner between sessions.
type Progress struct {
	// Lesson and Step are where the learner was last; Step counts from 0.
	Lesson int `json:"lesson"`
	Step   int `json:"step"`
	// Done holds what the learner did in each lesson, by step.
	Done map[int]map[int]Work `json:"done"`

	file string
}

// Work is what a learner did at a step.
type Work struct {
	Inputs []string `json:"inputs,omitempty"`
	// Helped says that the answer was shown, Skipped that the step was left out.
	Helped  bool `json:"helped,omitempty"`
	Skipped bool `json:"skipped,omitempty"`
}

// OpenProgress reads the file; one that is not there, or no JSON, is a new
// beginning.
func OpenProgress(file string) (*Progress, error) {
	p := &Progress{Done: map[int]map[int]Work{}, file: file}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(data, p) != nil || p.Done == nil { // damaged: begin anew rather than refuse to teach
		*p = Progress{Done: map[int]map[int]Work{}, file: file}
	}
	return p, nil
}

// Save writes the file whole or not at all.
func (p *Progress) Save() error {
	if p.file == "" {
		return nil
	}
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.file), 0o700); err != nil {
		return err
	}
	tmp := p.file + ".new"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, p.file)
}

// note remembers what was done at a step.
func (p *Progress) note(lesson, step int, w Work) error {
	if p.Done[lesson] == nil {
		p.Done[lesson] = map[int]Work{}
	}
	p.Done[lesson][step] = w
	return p.Save()
}

// Reset forgets everything.
func (p *Progress) Reset() error {
	*p = Progress{Done: map[int]map[int]Work{}, file: p.file}
	return p.Save()
}
