package repl

import (
	"context"

	"alchemysh/repl/render"
)

// passwordCommand changes a password. It is asked for unseen, twice, and never
// part of what is kept, echoed or shown.
func passwordCommand(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	if s.Secret == nil {
		return usageError("%s: there is no terminal to ask for the password on", c.name)
	}
	if s.ReadOnly {
		return usageError("--read-only: %s is refused", c.name)
	}
	user := c.word(0)
	if user == "" {
		if user, err = db.User(ctx); err != nil {
			return err
		}
	}
	password, err := s.Secret("Enter new password for user \"" + render.Visible(user, false) + "\": ")
	if err != nil {
		return err
	}
	again, err := s.Secret("Enter it again: ")
	if err != nil {
		return err
	}
	if password != again {
		return usageError("%s: the passwords did not match; nothing is changed", c.name)
	}
	if err := db.SetPassword(ctx, user, password); err != nil {
		s.remember(err)
		return err
	}
	s.remark("The password is changed.\n")
	return nil
}
