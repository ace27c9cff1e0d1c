package cli

import (
	"fmt"
	"os"

	"roost/internal/dotenv"
)

// envFile is an --env-file or --env-file-if-exists, in the order of the command line.
type envFile struct {
	path     string
	optional bool
}

// loadEnvFiles sets what the files name and the environment doesn't; a later file counts over an earlier one. NODE_OPTIONS of a file is
// seen by the program's options, as it is set before they are read.
func loadEnvFiles(files []envFile) error {
	found := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f.path)
		if err != nil {
			if f.optional {
				fmt.Fprintf(os.Stderr, "%s not found. Continuing without it.\n", f.path)
				continue
			}
			return fmt.Errorf("%s: not found", f.path)
		}
		for _, v := range dotenv.Parse(string(text)) {
			found[v.Name] = v.Value
		}
	}
	for name, value := range found {
		if _, set := os.LookupEnv(name); !set {
			_ = os.Setenv(name, value) // fails for names that no environment can hold
		}
	}
	return nil
}
