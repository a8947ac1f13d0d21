package tutorial

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Progress is what is remembered of a learner between sessions. Lessons and
// steps are remembered by their keys, not their numbers, so that a course that
// grows keeps what was done in it.
type Progress struct {
	// Lesson and Step are the keys of where the learner was last.
	Lesson string `json:"lesson"`
	Step   string `json:"step"`
	// Done holds what the learner did, by the keys of lesson and step.
	Done map[string]map[string]Work `json:"done"`

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
	p := &Progress{Done: map[string]map[string]Work{}, file: file}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(data, p) != nil || p.Done == nil { // damaged: begin anew rather than refuse to teach
		*p = Progress{Done: map[string]map[string]Work{}, file: file}
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
func (p *Progress) note(l *Lesson, step int, w Work) error {
	key := l.Key()
	if p.Done[key] == nil {
		p.Done[key] = map[string]Work{}
	}
	p.Done[key][l.StepKeys()[step]] = w
	return p.Save()
}

// Of is what was done in a lesson as it is now, by step counted from 0.
func (p *Progress) Of(l *Lesson) map[int]Work {
	work := map[int]Work{}
	for i, key := range l.StepKeys() {
		if w, ok := p.Done[l.Key()][key]; ok {
			work[i] = w
		}
	}
	return work
}

// at remembers where the learner is.
func (p *Progress) at(l *Lesson, step int) error {
	p.Lesson, p.Step = l.Key(), l.StepKeys()[step]
	return p.Save()
}

// Place is where the learner was last, as indexes. A step that is gone since
// is the beginning of its lesson.
func (p *Progress) Place(lessons []*Lesson) (lesson, step int, ok bool) {
	for i, l := range lessons {
		if l.Key() == p.Lesson {
			return i, max(slices.Index(l.StepKeys(), p.Step), 0), true
		}
	}
	return 0, 0, false
}

// Reset forgets everything.
func (p *Progress) Reset() error {
	*p = Progress{Done: map[string]map[string]Work{}, file: p.file}
	return p.Save()
}
