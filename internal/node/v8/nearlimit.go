package v8

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/sys"
)

// Heap that a snapshot may need while it is made, and the program gets afterwards, to go on until the next one or the end.
const (
	snapshotRoom = 192 << 20
	afterRoom    = 64 << 20
)

// nearLimit writes heap snapshots when the heap of an isolate comes near its limit. The isolate's thread only.
type nearLimit struct {
	isolate *engine.Isolate
	left    int    // snapshots that may still be written
	folder  string // "": the working directory
	thread  int
	written int
	inside  bool // a snapshot is being made
	verbose bool // NODE_DEBUG_NATIVE=diagnostics
}

type nearLimitKey struct{}

// snapshotNearLimit(limit, folder, threadId): at most limit snapshots. Only the first call counts.
func snapshotNearLimit(c *binding.Call) {
	first := false
	env := c.Env()
	n := env.State(nearLimitKey{}, func() any {
		first = true
		return &nearLimit{isolate: env.Isolate, left: c.Int(0), folder: c.String(1), thread: c.Int(2),
			verbose: strings.Contains(strings.ToLower(os.Getenv("NODE_DEBUG_NATIVE")), "diagnostics")}
	}).(*nearLimit)
	if first && n.left > 0 {
		env.Isolate.OnNearHeapLimit(n.ask)
	}
}

// ask is called in the middle of an allocation.
func (n *nearLimit) ask(current, initial uint64) uint64 {
	switch {
	case n.inside:
		return current + snapshotRoom
	case n.left == 0:
		return current
	}
	if available, err := sys.AvailableMemory(); err == nil && available < initial+snapshotRoom {
		n.say("Not generating snapshots because it's too risky.\n")
		return current
	}
	n.left--
	n.inside = true
	defer func() { n.inside = false }()
	if err := n.write(); err != nil {
		fmt.Fprintf(os.Stderr, "Failed to write a heap snapshot: %s\n", err)
	}
	return current + afterRoom
}

func (n *nearLimit) say(text string) {
	if n.verbose {
		fmt.Fprint(os.Stderr, text)
	}
}

// write writes a snapshot to a file of a new name.
func (n *nearLimit) write() error {
	n.written++
	name := fmt.Sprintf("Heap.%s.%d.%d.%03d.heapsnapshot", time.Now().Format("20060102.150405"), os.Getpid(), n.thread, n.written)
	path, err := filepath.Abs(filepath.Join(n.folder, name))
	if err != nil {
		return err
	}
	n.say(fmt.Sprintf("Start generating %s...\n", name))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 256<<10)
	if !n.isolate.HeapSnapshot(false, false, func(piece []byte) { out.Write(piece) }) { // Flush tells of errors
		return fmt.Errorf("%s: the engine gave none", path)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "Wrote snapshot to %s\n", path)
	return nil
}
