//go:build tools

package v8c

import _ "github.com/tommie/v8go/deps/include" // keeps the headers' module in go.mod; `make deps` links them to ./include
