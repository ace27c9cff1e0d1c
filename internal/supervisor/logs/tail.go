package logs

import (
	"bytes"
	"io"
	"os"
	"strings"
)

// Tail gives the last n lines of a log file, read from its end. What isn't a regular file has none.
func Tail(path string, n int) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	const block = 16 << 10
	var text []byte
	for end := info.Size(); end > 0 && bytes.Count(text, []byte("\n")) <= n; {
		from := max(0, end-block)
		part := make([]byte, end-from)
		if _, err := f.ReadAt(part, from); err != nil && err != io.EOF {
			return nil, err
		}
		text = append(part, text...)
		end = from
	}
	if len(text) == 0 {
		return nil, nil
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	return lines[max(0, len(lines)-n):], nil
}
