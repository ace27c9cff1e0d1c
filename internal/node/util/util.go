// Package util is the Go half of node:util: the table of system errors, and the format of .env files. It runs on the isolate's thread and keeps no state.
package util

import (
	"roost/internal/binding"
	"roost/internal/dotenv"
	"roost/internal/sys"
)

// Module is the util builtin.
var Module = binding.Module{Name: "util", Natives: binding.Natives{
	"systemErrors": systemErrors,
	"dotenv":       parseDotenv,
}}

// dotenv(text) → [name, value, ...]
func parseDotenv(c *binding.Call) {
	var flat []binding.Result
	for _, v := range dotenv.Parse(c.String(0)) {
		flat = append(flat, binding.String(v.Name), binding.String(v.Value))
	}
	c.Return(binding.List(flat...))
}

// systemErrors gives number, name and message of every system error, one after the other in one array.
func systemErrors(c *binding.Call) {
	table := sys.Errnos()
	flat := make([]binding.Result, 0, 3*len(table))
	for _, info := range table {
		flat = append(flat, binding.Int(sys.ErrnoNumber(info.Errno)), binding.String(info.Name), binding.String(info.Message))
	}
	c.Return(binding.List(flat...))
}
