package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"alchemysh/repl"
	"alchemysh/repl/tutorial"
	"alchemysh/repl/walk"
)

// subcommand runs `alchemysh tutorial` from the prompt: in a process of its own,
// for a terminal has one reader.
func (p *program) subcommand(ctx context.Context, name string, args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{name}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) { // it has told why
		return nil
	}
	return err
}

// walk runs a walkthrough as a script: on the shell's database, or, where none
// was named, as `alchemysh run` does it, on a fresh one.
func (p *program) walk(ctx context.Context, name, text string) error {
	if p.shell.DB == nil {
		if status := runCommand([]string{name}); status != 0 {
			return &repl.Exit{Status: status}
		}
		return nil
	}
	file, err := walk.Parse(name, text)
	if err != nil {
		return err
	}
	show := &showing{out: p.out, screen: tutorial.Screen{Width: walkWidth - 2, Color: p.shell.Color}}
	if p.interactive {
		show.wait = bufio.NewReader(os.Stdin)
	}
	for _, fixture := range file.Meta.Fixture {
		text, err := fixtureBeside(file, fixture)
		if err == nil {
			err = p.shell.RunText(ctx, fixture, text, nil)
		}
		if err != nil {
			return fmt.Errorf("fixture %s: %w", fixture, err)
		}
	}
	for _, part := range file.For(p.shell.DB.Dialect()) {
		switch part := part.(type) {
		case walk.Prose:
			err = show.prose(part)
		case *walk.Block:
			if part.Runs() {
				err = p.walkBlock(ctx, show, part)
			}
		}
		if errors.Is(err, errLeft) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// walkBlock runs one block as if it were typed.
func (p *program) walkBlock(ctx context.Context, show *showing, b *walk.Block) error {
	if err := show.before(b); err != nil {
		return err
	}
	name := fmt.Sprintf("%s:%d", filepath.Base(b.Heading), b.Line)
	if b.Lang != walk.Transcript {
		return p.walkFailure(b, p.shell.RunText(ctx, name+"."+b.Lang, b.Source(), nil))
	}
	for _, s := range b.Steps {
		if !b.Attrs.Hidden && !b.Attrs.Setup {
			show.typed(s.Input)
		}
		if err := p.walkFailure(b, p.shell.Run(ctx, s.Input, replPrompt)); err != nil {
			return err
		}
	}
	return nil
}

// walkFailure shows an error that belongs to the walkthrough and gives back
// one that does not.
func (p *program) walkFailure(b *walk.Block, err error) error {
	if err != nil && (b.Attrs.Fail || b.Lang == walk.Transcript) {
		p.shell.ShowError(err)
		return nil
	}
	return err
}
