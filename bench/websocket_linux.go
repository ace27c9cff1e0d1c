package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The least of a WebSocket client (RFC 6455): masked text frames of one length, whole answers.

const wsMessage = "the message that comes back, sixty-four bytes of text in all ..."

// echo sends a message on every connection, waits for it to come back, and so on; it gives the number of messages that came.
func echo(addr string, conns int, d time.Duration) (int, error) {
	var count atomic.Int64
	var failure atomic.Pointer[error]
	deadline := time.Now().Add(d)
	var all sync.WaitGroup
	for range conns {
		all.Go(func() {
			if err := echoOne(addr, deadline, &count); err != nil {
				failure.Store(&err)
			}
		})
	}
	all.Wait()
	if err := failure.Load(); err != nil {
		return 0, *err
	}
	if count.Load() == 0 {
		return 0, errors.New("no message came back")
	}
	return int(count.Load()), nil
}

func echoOne(addr string, deadline time.Time, count *atomic.Int64) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(deadline.Add(10 * time.Second)); err != nil {
		return err
	}
	r := bufio.NewReader(c)
	if _, err := fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", addr); err != nil {
		return err
	}
	for first := true; ; first = false {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		if first && !strings.Contains(line, " 101 ") {
			return fmt.Errorf("no upgrade: %q", line)
		}
		if line == "\r\n" {
			break
		}
	}
	frame := append([]byte{0x81, 0x80 | byte(len(wsMessage)), 0, 0, 0, 0}, wsMessage...) // the mask of zeros changes nothing
	answer := make([]byte, 2+len(wsMessage))
	for time.Now().Before(deadline) {
		if _, err := c.Write(frame); err != nil {
			return err
		}
		if _, err := io.ReadFull(r, answer); err != nil {
			return err
		}
		if answer[0] != 0x81 || int(answer[1]) != len(wsMessage) || string(answer[2:]) != wsMessage {
			return fmt.Errorf("another answer: %q", answer)
		}
		count.Add(1)
	}
	return nil
}
