// Package module is the Go half of node:module: erasing types. What the loaders need is in internal/module. It runs on the isolate's
// thread; its TypeScript half alone calls it. It must not import the loaders.
package module

import (
	"errors"
	"strings"

	tsgo "github.com/microsoft/typescript-go/roost"

	"roost/internal/binding"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "module", Natives: binding.Natives{
	"erase": erase,
}}

// erase(name, text) → the JavaScript; throws Node's SyntaxError
func erase(c *binding.Call) {
	js, err := tsgo.Erase(c.String(0), c.String(1))
	if err == nil {
		c.Return(binding.String(js))
		return
	}
	code, message := "ERR_INVALID_TYPESCRIPT_SYNTAX", err.Error()
	var e *tsgo.Error
	if errors.As(err, &e) {
		message = e.Message
		if strings.HasPrefix(e.Code, "ERR_") {
			code = e.Code
		}
	}
	c.Throw(&binding.NodeError{Class: binding.ClassSyntax, Code: code, Message: message})
}
