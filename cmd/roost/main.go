// Command roost runs Node.js server applications. See README.md.
package main

import (
	"os"

	"roost/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args)) }
