package process

// setTitle does nothing: macOS has no way to rename a process that tools show.
func setTitle(string) {}
