package supervisor

// findStrays finds nothing: the system doesn't tell what a program prints to.
func findStrays(string, map[string]bool) []record { return nil }
