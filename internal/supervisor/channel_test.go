package supervisor

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// far is the program's end of a channel.
type far struct {
	t    *testing.T
	conn *net.UnixConn
	in   *bufio.Reader
}

func newPair(t *testing.T) (*channel, far) {
	t.Helper()
	c, fd, err := newChannel()
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "far")
	conn, err := net.FileConn(f)
	f.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); c.close() })
	return c, far{t, conn.(*net.UnixConn), bufio.NewReader(conn)}
}

func (f far) read() map[string]any {
	f.t.Helper()
	line, err := f.in.ReadBytes('\n')
	if err != nil {
		f.t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		f.t.Fatal(err)
	}
	return m
}

func (f far) write(text string, fd int) {
	f.t.Helper()
	var rights []byte
	if fd >= 0 {
		rights = unix.UnixRights(fd)
	}
	if _, _, err := f.conn.WriteMsgUnix([]byte(text), rights, nil); err != nil {
		f.t.Fatal(err)
	}
}

// A worker hands over the socket that it listens on; one that has none says so, one that doesn't answer is not waited for.
func TestAskForSocket(t *testing.T) {
	c, worker := newPair(t)
	go c.run(func(json.RawMessage) {})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	q := query{Port: &port, AddressType: 4}
	got := make(chan int, 1)
	n := neighbour{pid: 0, ipc: c}
	go func() { got <- n.listener("key", q) }()
	if m := worker.read(); m["act"] != "share" || m["key"] != "key" || m["seq"] != 1.0 {
		t.Errorf("%v", m)
	}
	worker.write(`{"cmd":"NODE_HANDLE","type":"net.Native","msg":{"cmd":"NODE_CLUSTER","ack":1,"seq":4,"found":true}}`+"\n", int(f.Fd()))
	if m := worker.read(); m["cmd"] != "NODE_HANDLE_ACK" {
		t.Errorf("%v", m)
	}
	fd := <-got
	if fd < 0 || !isListener(fd, port) {
		t.Errorf("descriptor %d", fd)
	}
	_ = unix.Close(fd)
	go func() { got <- c.askForSocket("key") }()
	worker.read()
	worker.write(`{"cmd":"NODE_CLUSTER","ack":2,"found":false}`+"\n", -1)
	if fd := <-got; fd != -1 {
		t.Errorf("descriptor %d", fd)
	}
	began := time.Now()
	if fd := c.askForSocket("key"); fd != -1 || time.Since(began) < askLimit/2 {
		t.Errorf("descriptor %d after %v", fd, time.Since(began))
	}
	worker.read()
	go func() { got <- c.askForSocket("key") }()
	worker.read()
	worker.conn.Close()
	if fd := <-got; fd != -1 {
		t.Errorf("descriptor %d", fd)
	}
}

// Descriptors that nobody has asked for don't stay open.
func TestUnwantedDescriptors(t *testing.T) {
	c, worker := newPair(t)
	messages := make(chan string, 10)
	go c.run(func(m json.RawMessage) { messages <- string(m) })
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	worker.write(`{"cmd":"NODE_HANDLE","type":"net.Socket","msg":{"a":1}}`+"\n", int(w.Fd()))
	worker.write("no json\n", int(w.Fd()))
	worker.write("{\"b\":\n2}", -1)
	worker.write("\n\"last\"\n", -1)
	w.Close()
	if m := <-messages; m != `{"a":1}` {
		t.Error(m)
	}
	if m := <-messages; m != `"last"` {
		t.Error(m)
	}
	_ = r.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := r.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("a descriptor is still open: %v", err)
	}
}
