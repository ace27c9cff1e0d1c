//go:build !linux

package fs

func readCached(int, []byte, int64) (n int, whole bool) { return 0, false }
