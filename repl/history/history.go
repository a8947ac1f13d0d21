package history

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// History is the entries of one file.
type History struct {
	path    string // "" keeps them in memory
	entries []string
	read    int64 // how far the file has been read
	url     string
}

// record is a line of the file.
type record struct {
	Time time.Time `json:"time"`
	Text string    `json:"text"`
	DB   string    `json:"db,omitempty"`
}

// Limit is how many entries are kept in memory.
const Limit = 10000

// maxEntry is how long a statement may be to be kept: a longer one is data.
const maxEntry = 1 << 20

// Open reads the history of a file, which need not exist. An empty path, or
// one that cannot be read, gives a history in memory.
func Open(path string) (*History, error) {
	h := &History{path: path}
	if path == "" {
		return h, nil
	}
	if err := h.refresh(); err != nil && !errors.Is(err, os.ErrNotExist) {
		h.path = ""
		return h, err
	}
	return h, nil
}

// SetDatabase names the database that the following entries belong to.
func (h *History) SetDatabase(url string) { h.url = url }

// Entries are the statements, oldest first.
func (h *History) Entries() []string {
	if h.path != "" {
		_ = h.refresh() // a file that has become unreadable: what is known still serves
	}
	return h.entries
}

// Add appends a statement, unless it repeats the one before or holds a secret.
// After an error the history goes on in memory.
func (h *History) Add(text string) (err error) {
	text = strings.TrimRight(text, " \t\r\n")
	if strings.TrimSpace(text) == "" || len(text) > maxEntry || Secret(text) {
		return nil
	}
	if h.path == "" {
		h.remember(text)
		return nil
	}
	defer func() {
		if err != nil {
			h.path = ""
			h.remember(text)
		}
	}()
	if err := h.refresh(); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if n := len(h.entries); n > 0 && h.entries[n-1] == text {
		return nil
	}
	line, err := json.Marshal(record{Time: time.Now().UTC().Truncate(time.Second), Text: text, DB: h.url})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	// One write in append mode: lines of several shells never mix.
	_, err = f.Write(append(line, '\n'))
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return h.refresh()
}

func (h *History) remember(text string) {
	if n := len(h.entries); n > 0 && h.entries[n-1] == text {
		return
	}
	h.entries = append(h.entries, text)
	if len(h.entries) > 2*Limit {
		h.entries = append([]string(nil), h.entries[len(h.entries)-Limit:]...)
	}
}

// refresh reads what has been added to the file. Lines that are no record, a
// torn one at the end among them, are passed over.
func (h *History) refresh() error {
	f, err := os.Open(h.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == h.read {
		return nil
	}
	if info.Size() < h.read { // made anew
		h.read, h.entries = 0, nil
	}
	if _, err := f.Seek(h.read, 0); err != nil {
		return err
	}
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil { // without its newline the line is not whole yet
			return nil
		}
		h.read += int64(len(line))
		var r record
		if json.Unmarshal(line, &r) == nil && r.Text != "" {
			h.remember(r.Text)
		}
	}
}

var secret = regexp.MustCompile(`(?is)` +
	`\b\w+(\+\w+)?://[^\s/:@'"]*:[^\s/@'"*][^\s@'"]*@` + // user:password@host
	`|\b(password|passwd|pwd|secret|token|api_?key)\b["'\]]?\s*(=|:|\bis\b|=>)\s*\S` +
	`|\bidentified\s+(with\s+\S+\s+)?(by|as)\b|\bpassword\s+'` +
	`|\bset\s+password\b`)

// Secret says that a text holds a password.
func Secret(text string) bool { return secret.MatchString(text) }
