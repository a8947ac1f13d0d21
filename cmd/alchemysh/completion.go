package main

import (
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/spf13/pflag"

	"alchemysh/repl"
	"alchemysh/repl/render"
)

func init() {
	subcommands["completion"] = subcommand{"completion for a shell: bash, zsh, fish", completion}
}

// completion writes a completion script made from the table of options.
func completion(args []string) int {
	if len(args) == 1 {
		if script, ok := map[string]func() string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[args[0]]; ok {
			return show(script())
		}
	}
	fmt.Fprintln(os.Stderr, "usage: alchemysh completion bash|zsh|fish")
	return repl.StatusError
}

// values are what an option takes, where they are few.
func values(name string) []string {
	switch name {
	case "format":
		return render.Formats()
	case "echo":
		return []string{"on", "off", "full", "debug"}
	case "echo-to":
		return []string{"stdout", "stderr"}
	case "color":
		return []string{"auto", "always", "never"}
	}
	return nil
}

func flags() []*pflag.Flag {
	var all []*pflag.Flag
	newFlags(&options{}).VisitAll(func(f *pflag.Flag) { all = append(all, f) })
	return all
}

func words() []string {
	var names []string
	for n := range subcommands {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func bashCompletion() string {
	var options []string
	var cases strings.Builder
	for _, f := range flags() {
		options = append(options, "--"+f.Name)
		if f.Shorthand != "" {
			options = append(options, "-"+f.Shorthand)
		}
		if v := values(f.Name); v != nil {
			fmt.Fprintf(&cases, "    --%s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", f.Name, strings.Join(v, " "))
		}
	}
	return fmt.Sprintf(`# bash completion for alchemysh: source <(alchemysh completion bash)
_alchemysh() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  case $prev in
%s  esac
  case $cur in
    -*) COMPREPLY=($(compgen -W %q -- "$cur")) ;;
    *)
      COMPREPLY=($(compgen -f -- "$cur"))
      if [ "$COMP_CWORD" = 1 ]; then COMPREPLY+=($(compgen -W %q -- "$cur")); fi ;;
  esac
}
complete -o filenames -F _alchemysh alchemysh
`, cases.String(), strings.Join(options, " "), strings.Join(words(), " "))
}

func zshCompletion() string {
	var lines strings.Builder
	escape := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`, "'", `'\''`)
	for _, f := range flags() {
		argument := ""
		if f.Value.Type() != "bool" && f.NoOptDefVal == "" {
			argument = ":" + f.Name + ":_files"
		}
		if v := values(f.Name); v != nil {
			argument = ":" + f.Name + ":(" + strings.Join(v, " ") + ")"
		}
		fmt.Fprintf(&lines, "    '*--%s[%s]%s' \\\n", f.Name, escape.Replace(f.Usage), argument)
		if f.Shorthand != "" && f.Shorthand != "?" {
			fmt.Fprintf(&lines, "    '*-%s[%s]%s' \\\n", f.Shorthand, escape.Replace(f.Usage), argument)
		}
	}
	return fmt.Sprintf(`#compdef alchemysh
# zsh completion for alchemysh: alchemysh completion zsh > "${fpath[1]}/_alchemysh"
_arguments -s \
%s    '1:database or script:{_alternative "files:file:_files" "commands:command:(%s)"}' \
    '*:file:_files'
`, lines.String(), strings.Join(words(), " "))
}

func fishCompletion() string {
	var b strings.Builder
	b.WriteString("# fish completion for alchemysh: alchemysh completion fish | source\n")
	fmt.Fprintf(&b, "complete -c alchemysh -n __fish_use_subcommand -a %q\n", strings.Join(words(), " "))
	for _, f := range flags() {
		fmt.Fprintf(&b, "complete -c alchemysh -l %s", f.Name)
		if f.Shorthand != "" {
			fmt.Fprintf(&b, " -s '%s'", f.Shorthand)
		}
		if v := values(f.Name); v != nil {
			fmt.Fprintf(&b, " -x -a %q", strings.Join(v, " "))
		} else if f.Value.Type() != "bool" && f.NoOptDefVal == "" {
			b.WriteString(" -r")
		}
		fmt.Fprintf(&b, " -d '%s'\n", strings.ReplaceAll(f.Usage, "'", `\'`))
	}
	return b.String()
}
