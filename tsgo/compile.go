package roost

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/bundled"
	"github.com/microsoft/typescript-go/internal/checker"
	"github.com/microsoft/typescript-go/internal/compiler"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/module"
	"github.com/microsoft/typescript-go/internal/parser"
	"github.com/microsoft/typescript-go/internal/tsoptions"
	"github.com/microsoft/typescript-go/internal/tspath"
)

// File is one compiled file.
type File struct {
	Path     string
	Kind     ModuleKind
	JS       string
	Mappings string // of the source map, in its base-64 form; the only source is Path
	Err      *Error // a syntax error; JS is empty then
}

// Result is what a compilation gives.
type Result struct {
	Files  []File
	Inputs map[string][32]byte // every file that was read, with the SHA-256 of its text
	Absent []string            // paths that were looked for and not there
}

// Compile compiles roots and the project's files that they import, as one program, so that it is known which imports are
// types and what a type means in emitted metadata. Files of packages are not compiled.
//
// Declarations of packages are read only when the output depends on them. First every package is hidden; where
// metadata or a re-export then names something that cannot be resolved, the packages that it can come from are shown,
// and where that doesn't settle it, all are.
func (p *Project) Compile(roots []string) (result *Result, err error) {
	defer recovered(p.config, &err)
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, root := range roots {
		roots[i] = tspath.NormalizePath(root)
	}

	program := p.program(roots)
	emitted := map[string]File{}
	var doubtful []*ast.SourceFile
	packages := map[string]bool{}
	for _, file := range program.own() {
		out, doubts := program.emit(file)
		emitted[out.Path] = out
		if doubts.any {
			doubtful = append(doubtful, file)
			maps.Copy(packages, doubts.packages)
			if doubts.indirect {
				program.allPackages(packages)
			}
		}
	}
	for _, all := range []bool{false, true} {
		if len(doubtful) == 0 || !all && len(packages) == 0 {
			continue
		}
		p.files.show(packages, all)
		program = p.program(roots)
		var still []*ast.SourceFile
		for _, old := range doubtful {
			file := program.GetSourceFile(old.FileName())
			if file == nil {
				continue
			}
			out, doubts := program.emit(file)
			emitted[out.Path] = out
			if doubts.any && doubts.resolvable() {
				still = append(still, file)
			}
		}
		doubtful = still
	}

	result = &Result{Inputs: map[string][32]byte{}}
	for _, path := range slices.Sorted(maps.Keys(emitted)) {
		result.Files = append(result.Files, emitted[path])
	}
	p.files.read.Range(func(path, sum any) bool {
		result.Inputs[path.(string)] = sum.([32]byte)
		return true
	})
	p.files.absent.Range(func(path, _ any) bool {
		result.Absent = append(result.Absent, path.(string))
		return true
	})
	slices.Sort(result.Absent)
	return result, nil
}

// host reads files for a program and keeps what it parsed.
type host struct {
	compiler.CompilerHost
	project *Project
}

func (h *host) GetSourceFile(options ast.SourceFileParseOptions) *ast.SourceFile {
	text, ok := h.FS().ReadFile(options.FileName)
	if !ok {
		return nil
	}
	if isOwnName(options.FileName) {
		options.ExternalModuleIndicatorOptions.Force = options.ExternalModuleIndicatorOptions.Force || h.project.kind(options.FileName, text) == ESModule
	}
	if file, ok := h.project.parsed.Load(options); ok {
		return file.(*ast.SourceFile)
	}
	file := parser.ParseSourceFile(options, text, core.GetScriptKindFromFileName(options.FileName))
	h.project.parsed.Store(options, file)
	return file
}

// program is one view of a project, with the packages that were visible when it was made.
type program struct {
	*compiler.Program
	project *Project
	checker *checker.Checker
	done    func()
}

func (p *Project) program(roots []string) *program {
	options := p.options.Clone()
	if p.files.showsAll() {
		options.Types = p.user.Types
		if options.Types == nil {
			options.Types = []string{"*"}
		}
	}
	names := slices.Concat(roots, p.ambient, []string{globalsName})
	config := tsoptions.NewParsedCommandLine(options, names, tspath.ComparePathsOptions{UseCaseSensitiveFileNames: true, CurrentDirectory: p.dir})
	result := &program{project: p, Program: compiler.NewProgram(compiler.ProgramOptions{
		Host:   &host{CompilerHost: compiler.NewCompilerHost(p.dir, p.files, bundled.LibPath(), nil, nil), project: p},
		Config: config,
	})}
	result.BindSourceFiles()
	result.checker, result.done = result.GetTypeChecker(context.Background())
	return result
}

func (p *program) own() (files []*ast.SourceFile) {
	for _, file := range p.SourceFiles() {
		if isOwn(file) {
			files = append(files, file)
		}
	}
	return files
}

// allPackages adds the names of all packages that the project's files import.
func (p *program) allPackages(packages map[string]bool) {
	for _, file := range p.own() {
		for _, specifier := range file.Imports() {
			if p.isPackage(file, specifier) {
				packages[packageName(specifier.Text())] = true
			}
		}
	}
}

// isPackage tells whether an import leaves the project.
func (p *program) isPackage(file *ast.SourceFile, specifier *ast.Node) bool {
	text := specifier.Text()
	if text == "" || text[0] == '.' || text[0] == '/' || strings.HasPrefix(text, "node:") {
		return false
	}
	resolved := p.GetResolvedModuleFromModuleSpecifier(file, specifier)
	return resolved == nil || !resolved.IsResolved() || isExternal(resolved)
}

func isExternal(resolved *module.ResolvedModule) bool {
	return strings.Contains(resolved.ResolvedFileName, "/node_modules/")
}
