package main

import (
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
	"github.com/mattn/go-isatty"
)

func configFile() string {
	if f := os.Getenv("ALCHEMYSH_CONFIG"); f != "" {
		return f
	}
	return within(xdg.ConfigHome, "config.toml")
}

func initFile() string {
	if f := os.Getenv("ALCHEMYSH_RC"); f != "" {
		return f
	}
	return within(xdg.ConfigHome, "init.lua")
}

// historyFile is where entries are kept; "" keeps them nowhere.
func historyFile() string {
	if f, ok := os.LookupEnv("ALCHEMYSH_HISTORY"); ok {
		return f
	}
	return within(xdg.StateHome, "history.jsonl")
}

// within is our file in a folder of the XDG specification; "" when the person has
// no home to keep it in.
func within(folder, name string) string {
	if !filepath.IsAbs(folder) {
		return ""
	}
	return filepath.Join(folder, "alchemysh", name)
}

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }
