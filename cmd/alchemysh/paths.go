package main

import (
	"os"
	"path/filepath"

	"github.com/mattn/go-isatty"
)

// xdg is a directory of the XDG specification, by its variable.
func xdg(variable, fallback string) string {
	dir := os.Getenv(variable)
	if dir == "" || !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, fallback)
	}
	return filepath.Join(dir, "alchemysh")
}

func configFile() string {
	if f := os.Getenv("ALCHEMYSH_CONFIG"); f != "" {
		return f
	}
	return within(xdg("XDG_CONFIG_HOME", ".config"), "config.toml")
}

func initFile() string {
	if f := os.Getenv("ALCHEMYSH_RC"); f != "" {
		return f
	}
	return within(xdg("XDG_CONFIG_HOME", ".config"), "init.lua")
}

// historyFile is where entries are kept; "" keeps them nowhere.
func historyFile() string {
	if f, ok := os.LookupEnv("ALCHEMYSH_HISTORY"); ok {
		return f
	}
	return within(xdg("XDG_STATE_HOME", ".local/state"), "history.jsonl")
}

func within(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }
