// Package module is the Go half of node:module: TypeScript text to JavaScript. What the loaders need is in internal/module. It runs on the
// isolate's thread; its TypeScript half alone calls it. It must not import the loaders.
package module

import (
	"errors"
	"strings"

	tsgo "github.com/microsoft/typescript-go/roost"

	"roost/internal/binding"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "module", Natives: binding.Natives{
	"erase":     erase,
	"transform": transform,
}}

// erase(name, text) → [JavaScript]; [code, message, report] of a mistake
func erase(c *binding.Call) {
	js, err := tsgo.Erase(c.String(0), c.String(1))
	if err != nil {
		c.Return(mistake(err))
		return
	}
	c.Return(binding.List(binding.String(js)))
}

// transform(name, text) → [JavaScript, mappings]; [code, message, report] of a mistake
func transform(c *binding.Call) {
	js, mappings, err := tsgo.Transform(c.String(0), c.String(1))
	if err != nil {
		c.Return(mistake(err))
		return
	}
	c.Return(binding.List(binding.String(js), binding.String(mappings)))
}

// mistake tells the code and the message of an error of the compiler, and what its stack begins with: the place and its line.
func mistake(err error) binding.Result {
	code, message, report := tsgo.CodeInvalidSyntax, err.Error(), ""
	var e *tsgo.Error
	if errors.As(err, &e) {
		message = e.Message
		if strings.HasPrefix(e.Code, "ERR_") {
			code = e.Code
		}
		if e.Line > 0 {
			report = e.Place()
		}
	}
	return binding.List(binding.String(code), binding.String(message), binding.String(report))
}
