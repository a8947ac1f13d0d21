package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
)

// config is config.toml.
type config struct {
	// Settings are options of \pset, Variables those of \set.
	Settings    map[string]any               `toml:"settings"`
	Variables   map[string]any               `toml:"variables"`
	Connections map[string]connectionSection `toml:"connections"`
}

// connectionSection is [connections.NAME].
type connectionSection struct {
	URL         string `toml:"url"`
	PromptColor string `toml:"prompt_color"`
	ReadOnly    bool   `toml:"read_only"`
	Init        string `toml:"init"` // Lua or SQL to run after connecting
}

// readConfig reads config.toml; one that is not there is empty.
func readConfig(path string) (*config, error) {
	c := &config{}
	if path == "" {
		return c, nil
	}
	meta, err := toml.DecodeFile(path, c)
	if errors.Is(err, os.ErrNotExist) {
		return &config{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		var names []string
		for _, k := range unknown {
			names = append(names, k.String())
		}
		sort.Strings(names)
		return nil, fmt.Errorf("%s: unknown: %s", path, strings.Join(names, ", "))
	}
	return c, nil
}
