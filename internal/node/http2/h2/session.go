package h2

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/net/http2/hpack"
)

// Padding says how frames are padded.
type Padding int

// Padding strategies.
const (
	PaddingNone    Padding = iota
	PaddingAligned         // to a multiple of eight bytes
	PaddingMax
)

// Options are a session's limits, immutable.
type Options struct {
	MaxHeaderPairs    int
	PeerConcurrent    uint32 // streams that we may open before the peer's settings have come
	MaxReserved       int    // promised streams
	MaxSettings       int    // entries of one frame
	MaxInvalidFrames  int
	MaxRejected       int
	MaxMemory         int64
	MaxDeflateTable   uint32
	MaxSendHeaders    int
	Padding           Padding
	ResetBurst        uint64
	ResetRate         uint64 // a second
	RemoteCustom      []uint16
	LenientWhitespace bool // at the ends of values
	Now               func() int64
}

// Session is one connection.
type Session struct {
	server bool
	h      Handler
	o      Options

	// reading
	magic       int // bytes of the preface that are to come
	in          header
	inHeader    [headerSize]byte
	inCount     int // bytes of inHeader that are there, headerSize once in is valid
	partial     []byte
	dataLeft    int // of a DATA frame: bytes of the payload that are to come
	padLeft     int // the last of which are padding
	padKnown    bool
	dataStream  *Stream
	gotSettings bool
	decoder     *hpack.Decoder
	decoding    decoding
	ended       bool // nothing more is read

	// writing
	out        []byte
	encoder    *hpack.Encoder
	encoded    bytes.Buffer
	prefaced   bool
	first      *Stream // that have something to send, and may
	last       *Stream
	blocked    []*Stream // that wait for the session's window
	acks       int       // answers in out, and in the transport
	goawaySent bool

	streams       map[uint32]*Stream
	waiting       []*Stream // pending requests
	open          int       // of ours
	peers         int
	reservedCount int
	nextID        uint32
	lastPeer      uint32
	lastProcessed uint32
	goaway        bool
	goawayLast    uint32

	local             Settings
	remote            Settings
	inflight          [][]Setting
	pendingConcurrent uint32
	window            int64 // what we may still send in all
	recv              window
	opened            []*window // whose WINDOW_UPDATE is in out
	memory            int64     // bytes in the streams' queues
	invalids          int
	rejected          int
	resets            bucket

	// Counts for performance entries.
	FramesReceived, FramesSent uint64
	StreamCount, MaxStreams    int
}

// New makes a session.
func New(server bool, o Options, h Handler) *Session {
	s := &Session{server: server, h: h, o: o, streams: map[uint32]*Stream{}, window: initialWindow, recv: window{limit: initialWindow, left: initialWindow},
		local: initialSettings(), remote: initialSettings()}
	s.remote.MaxConcurrent = o.PeerConcurrent
	s.pendingConcurrent = s.local.MaxConcurrent
	s.resets = bucket{burst: o.ResetBurst, rate: o.ResetRate, left: o.ResetBurst}
	s.nextID = 1
	if server {
		s.nextID = 2
		s.magic = len(clientPreface)
		s.prefaced = true
	}
	s.decoder = hpack.NewDecoder(s.local.TableSize, s.field)
	s.decoder.SetMaxStringLength(maxString)
	s.encoder = hpack.NewEncoder(&s.encoded)
	if o.MaxDeflateTable < 4096 {
		s.encoder.SetMaxDynamicTableSizeLimit(o.MaxDeflateTable)
	}
	return s
}

// Server tells the side.
func (s *Session) Server() bool { return s.server }

// Local is what we have told the peer and it has accepted.
func (s *Session) Local() Settings { return s.local }

// Remote is what the peer has told us.
func (s *Session) Remote() Settings { return s.remote }

// Stream finds an open stream.
func (s *Session) Stream(id uint32) *Stream { return s.streams[id] }

// Streams is how many are open.
func (s *Session) Streams() int { return len(s.streams) }

// Ended tells that the session reads no more.
func (s *Session) Ended() bool { return s.ended }

// State is what programs see of the session.
// Differs from Node: the sizes of the HPACK tables are 0, as hpack doesn't tell them.
type State struct {
	EffectiveLocalWindow, ReceivedLength, LocalWindow, RemoteWindow int64
	NextID, LastProcessed                                           uint32
	Queue                                                           int
}

// State tells it.
func (s *Session) State() State {
	return State{EffectiveLocalWindow: s.recv.limit, ReceivedLength: s.recv.consumed, LocalWindow: s.recv.left, RemoteWindow: s.window, NextID: s.nextID,
		LastProcessed: s.lastProcessed, Queue: len(s.waiting)}
}

// SetNextID sets the number of the next stream that we open; false when it can't be.
func (s *Session) SetNextID(id uint32) bool {
	if id < s.nextID || id > maxStreamID || !s.mine(id) {
		return false
	}
	s.nextID = id
	return true
}

// sent notes a frame in out.
func (s *Session) sent() {
	s.FramesSent++
	s.h.Output()
}

func (s *Session) sendPreface() {
	if !s.prefaced {
		s.prefaced = true
		s.out = append(s.out, clientPreface...)
	}
}

// maxAnswers is how many acknowledgements and refusals may wait to be sent: a peer that asks for more and doesn't read floods us.
const maxAnswers = 1000

// answered notes an acknowledgement in out.
func (s *Session) answered() {
	if s.acks++; s.acks > maxAnswers {
		s.fatal(ErrFlooded, "")
	}
}

// fail ends the session because of what the peer sent: it is told, and so is the program.
func (s *Session) fail(code Code, n LibError) {
	if s.ended {
		return
	}
	s.invalid()
	if s.ended {
		return
	}
	s.Terminate(code)
	switch n {
	case ErrFrameSize, ErrHeaderComp, ErrSettingsExpected: // programs hear of one error for all of these
		n = ErrProto
	}
	s.h.Failed(n, "")
}

// fatal ends the session at once; the program says goodbye.
func (s *Session) fatal(n LibError, why Why) {
	if s.ended {
		return
	}
	s.ended = true
	s.h.Failed(n, why)
}

// invalid counts a frame that breaks the protocol.
func (s *Session) invalid() {
	if s.invalids > s.o.MaxInvalidFrames {
		s.fatal(-902, WhyInvalidFrames)
	}
	s.invalids++
}

// Terminate says goodbye and reads no more.
func (s *Session) Terminate(code Code) {
	if !s.goawaySent || !s.ended {
		s.Goaway(code, 0, nil)
	}
	s.ended = true
}

// Goaway says that streams beyond last, by default those that we haven't seen, won't be served.
func (s *Session) Goaway(code Code, last uint32, opaque []byte) {
	if last == 0 {
		last = s.lastProcessed
	}
	s.sendPreface()
	s.goawaySent = true
	s.out = appendHeader(s.out, 8+len(opaque), frameGoaway, 0, 0)
	s.out = binary.BigEndian.AppendUint32(s.out, last)
	s.out = binary.BigEndian.AppendUint32(s.out, uint32(code))
	s.out = append(s.out, opaque...)
	s.sent()
}

// Ping sends a PING.
func (s *Session) Ping(payload [8]byte) {
	s.out = appendHeader(s.out, 8, framePing, 0, 0)
	s.out = append(s.out, payload[:]...)
	s.sent()
}

// AltSvc sends an ALTSVC frame.
func (s *Session) AltSvc(id uint32, origin, value string) {
	s.out = appendHeader(s.out, 2+len(origin)+len(value), frameAltSvc, 0, id)
	s.out = binary.BigEndian.AppendUint16(s.out, uint16(len(origin)))
	s.out = append(append(s.out, origin...), value...)
	s.sent()
}

// Origin sends an ORIGIN frame.
func (s *Session) Origin(list []string) {
	length := 0
	for _, o := range list {
		length += 2 + len(o)
	}
	s.out = appendHeader(s.out, length, frameOrigin, 0, 0)
	for _, o := range list {
		s.out = binary.BigEndian.AppendUint16(s.out, uint16(len(o)))
		s.out = append(s.out, o...)
	}
	s.sent()
}

// Memory is about how much the session holds for its streams.
func (s *Session) Memory() int64 { return s.memory + int64(len(s.out)) }

// bucket limits how often something may happen.
type bucket struct {
	burst, rate, left uint64
	at                int64
}

func (b *bucket) take(now int64) bool {
	if b.at == 0 {
		b.at = now
	}
	if gone := uint64(now-b.at) / 1e9; gone > 0 {
		b.at += int64(gone) * 1e9
		b.left = min(b.burst, b.left+gone*b.rate)
	}
	if b.left == 0 {
		return false
	}
	b.left--
	return true
}
