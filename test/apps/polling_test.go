package apps

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Long polling needs all requests of a client at one instance: over four it fails, unless clients stick to instances.
func TestPolling(t *testing.T) {
	roost, _ := programs(t)
	const clients = 8
	for mode, options := range map[string][]string{"not sticky": {}, "sticky": {"--sticky"}, "sticky threads": {"--sticky", "--threads"}} {
		t.Run(mode, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			_, port, _ := net.SplitHostPort(l.Addr().String())
			l.Close()
			home := filepath.Join(t.TempDir(), "h")
			run := func(args ...string) string {
				ctx, cancel := context.WithTimeout(context.Background(), scriptLimit)
				defer cancel()
				cmd := exec.CommandContext(ctx, roost, args...)
				cmd.Env = append(os.Environ(), "ROOST_HOME="+home, "PORT="+port)
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %v\n%s", args, err, out)
				}
				return string(out)
			}
			defer run("kill")
			run(append([]string{"start", "polling.mjs", "-i", "4"}, options...)...)
			for id := range 4 {
				log := filepath.Join(home, "logs", "polling-out-"+strconv.Itoa(id)+".log")
				for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
					if text, _ := os.ReadFile(log); strings.Contains(string(text), "listens") {
						break
					}
					if time.Now().After(end) {
						t.Fatalf("instance %d does not listen", id)
					}
				}
			}
			out := run("polling.mjs", "client", port, strconv.Itoa(clients))
			good := strings.Count(out, "served by ") - strings.Count(out, "served by several")
			if sticks := len(options) > 0; sticks && good != clients || !sticks && good == clients {
				t.Errorf("%d of %d clients were served by one instance:\n%s", good, clients, out)
			}
		})
	}
}
