package roost

import (
	"slices"

	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/tsoptions"
)

// heldBy finds the configuration that a program with this entry point belongs to, where the nearest tsconfig.json only lists others, as workspaces
// of Vite, Nx and Angular have it: the first of its references, and of theirs, whose files or include hold the entry point. That is the one
// by which `tsc -b` compiles the file and which editors take for it. Nil when the configuration holds the file itself, or nobody does.
// https://www.typescriptlang.org/docs/handbook/project-references.html
//
// A reference that can't be read is passed over: it may be one that has nothing to do with this program.
func (p *Project) heldBy(config *tsoptions.ParsedCommandLine, entry string) *tsoptions.ParsedCommandLine {
	if slices.Contains(config.FileNames(), entry) {
		return nil
	}
	seen := map[string]bool{config.ConfigName(): true}
	var search func(from *tsoptions.ParsedCommandLine) *tsoptions.ParsedCommandLine
	search = func(from *tsoptions.ParsedCommandLine) *tsoptions.ParsedCommandLine {
		for _, reference := range from.ProjectReferences() {
			name := core.ResolveProjectReferencePath(reference)
			if seen[name] {
				continue
			}
			seen[name] = true
			referenced, err := p.parseConfig(name)
			if err != nil {
				continue
			}
			if slices.Contains(referenced.FileNames(), entry) {
				return referenced
			}
			if found := search(referenced); found != nil {
				return found
			}
		}
		return nil
	}
	return search(config)
}
