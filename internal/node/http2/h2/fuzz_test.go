package h2

import (
	"testing"
)

// FuzzReceive feeds a session whatever comes: it must neither panic, nor give more than a peer can be answered, nor lose count of its streams.
func FuzzReceive(f *testing.F) {
	join := func(parts ...[]byte) (out []byte) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	open := frame(frameHeaders, flagEndHeaders, 1, get...)
	for _, seed := range [][]byte{
		open, join(open, frame(frameData, flagEndStream, 1, 1, 2, 3)), frame(frameSettings, 0, 0, 0, 4, 0, 0, 0, 9), frame(framePing, 0, 0, make([]byte, 8)...),
		join(frame(frameHeaders, 0, 1, get[:2]...), frame(frameContinuation, flagEndHeaders, 1, get[2:]...)), frame(frameGoaway, 0, 0, make([]byte, 8)...),
		join(open, frame(frameReset, 0, 1, 0, 0, 0, 8)), frame(frameWindowUpdate, 0, 0, 0, 0, 0, 9), join(open, frame(frameData, flagPadded, 1, 1, 9, 0)),
		frame(framePushPromise, flagEndHeaders, 1, append([]byte{0, 0, 0, 2}, get...)...), frame(frameAltSvc, 0, 0, 0, 1, 'a', 'b'),
		frame(frameOrigin, 0, 0, 0, 1, 'a'), frame(frameHeaders, flagEndHeaders|flagEndStream, 1, 0x88),
	} {
		f.Add(seed, byte(3), true)
		f.Add(seed, byte(1), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, size byte, server bool) {
		r := newRecorder(t)
		s := New(server, testOptions(), r)
		s.Submit(nil)
		if server {
			s.Receive([]byte(clientPreface))
		} else {
			s.Request(Fields{List: request}, "GET", false, false)
			s.Request(Fields{List: request}, "HEAD", true, false)
		}
		s.Receive(frame(frameSettings, 0, 0))
		for step := 0; len(b) > 0; step++ {
			n := min(int(size)+1, len(b))
			s.Receive(b[:n])
			b = b[n:]
			if st := r.stream; st != nil {
				switch step % 6 {
				case 0:
					if server {
						s.Respond(st, Fields{List: ":status\x00200\x00"}, false, step%4 == 0)
					}
				case 1:
					s.Write(st, make([]byte, 1000))
					s.Wait(st)
				case 2:
					s.SetReading(st, step%4 < 2)
				case 3:
					s.End(st)
				case 4:
					if server {
						s.Push(st, Fields{List: request}, "GET")
					}
					s.Trailers(st, Fields{List: "a\x00b\x00"})
				case 5:
					s.Reset(st, Code(step%9))
				}
			}
			if step%3 == 0 {
				if out, _ := s.Flush(1 << 20); len(out) > 4<<20 {
					t.Fatalf("%d bytes to send", len(out))
				}
				s.Sent()
				s.Delivered()
			}
		}
		open, peers := 0, 0
		for id, st := range s.streams {
			if st.ID != id || st.gone {
				t.Fatal("a stream that is gone is still there")
			}
			if st.Local && !st.pending {
				open++
			} else if !st.Local {
				peers++
			}
		}
		if open != s.open || peers != s.peers || s.reservedCount < 0 || s.memory < 0 {
			t.Fatalf("%d of %d, %d of %d streams, %d reserved, %d bytes", open, s.open, peers, s.peers, s.reservedCount, s.memory)
		}
	})
}
