// Package blob is the Go half of internal:web/blob: the random names of object URLs. Blobs themselves live in JavaScript.
// It runs on the isolate's thread and keeps no state.
package blob

import (
	"crypto/rand"
	"fmt"

	"roost/internal/binding"
)

// Module is the web/blob builtin.
var Module = binding.Module{Name: "web/blob", Natives: binding.Natives{
	"randomUUID": func(c *binding.Call) { c.Return(binding.String(uuid())) },
}}

// uuid makes a version 4 UUID (RFC 9562).
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
