package logs

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Files that were put aside are named app-out__2026-11-29_00-00-00.log, then .log.gz; a second one of that second gets ~1. They sort by age.

const archiveTime = "2006-01-02_15-04-05"

func archiveName(path string, now time.Time) string {
	ext := filepath.Ext(path)
	base := strings.TrimSuffix(path, ext) + "__" + now.Format(archiveTime)
	for n := 0; ; n++ {
		name := base + ext
		if n > 0 {
			name = fmt.Sprintf("%s~%06d%s", base, n, ext)
		}
		if !exists(name) && !exists(name+".gz") {
			return name
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Archives lists the files put aside for path, oldest first.
func Archives(path string) []string {
	ext := filepath.Ext(path)
	prefix := strings.TrimSuffix(filepath.Base(path), ext) + "__"
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		stamp, ok := strings.CutPrefix(e.Name(), prefix)
		if !ok || len(stamp) < len(archiveTime) {
			continue
		}
		if _, err := time.Parse(archiveTime, stamp[:len(archiveTime)]); err != nil {
			continue
		}
		if strings.HasSuffix(stamp, ext) || strings.HasSuffix(stamp, ext+".gz") {
			out = append(out, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(archiveKey(a, ext), archiveKey(b, ext)) })
	return out
}

// archiveKey is the name without its endings, which would sort ~ after the dot.
func archiveKey(name, ext string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ext)
}

// archiver compresses and removes old files, one at a time, beside the writers.
type archiver struct {
	one     sync.Mutex // held while files are compressed
	running sync.WaitGroup
}

func (a *archiver) start(path string, r Rotation) {
	a.running.Add(1)
	go func() {
		defer a.running.Done()
		a.one.Lock()
		defer a.one.Unlock()
		tidy(path, r)
	}()
}

func (a *archiver) wait() { a.running.Wait() }

// tidy compresses every old file, also those that a killed daemon left, and removes those beyond Keep.
func tidy(path string, r Rotation) {
	old := Archives(path)
	if r.Keep > 0 {
		for ; len(old) > r.Keep; old = old[1:] {
			_ = os.Remove(old[0])
		}
	}
	if !r.Compress {
		return
	}
	for _, name := range old {
		if !strings.HasSuffix(name, ".gz") {
			_ = compress(name) // a full disk: it stays as it is, and is tried again next time
		}
	}
}

// compress replaces a file by its compressed form, which appears whole or not at all.
func compress(name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	temporary := name + ".gz.tmp"
	out, err := os.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(out)
	_, err = io.Copy(z, in)
	if e := z.Close(); err == nil {
		err = e
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temporary, name+".gz")
	}
	if err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return os.Remove(name)
}
