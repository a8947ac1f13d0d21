package repl

import "context"

// tutorialCommand runs the course; this session waits and is as it was.
func tutorialCommand(ctx context.Context, s *Shell, c call) error {
	if s.Subcommand == nil {
		return usageError("%s: there is no tutorial here", c.name)
	}
	return s.Subcommand(ctx, "tutorial", c.words())
}
