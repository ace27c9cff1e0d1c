package os

// nice is what getpriority(2) gives.
func nice(n int) int { return n }
