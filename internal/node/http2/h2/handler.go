package h2

// Category says what a header block is.
type Category int

// Categories of header blocks.
const (
	CategoryRequest  Category = iota // opens a stream; on a client: what a push promises
	CategoryResponse                 // the final one
	CategoryPush                     // the final response of a pushed stream
	CategoryInfo                     // a 1xx response
	CategoryTrailers
)

// Block is a decoded header block.
type Block struct {
	Fields    []byte // name NUL value NUL ...; the handler's to keep
	Sensitive []byte // names of fields that are never indexed, each followed by NUL
	Flags     byte   // of the frame
	Parent    uint32 // of a promise: the stream that it came on
}

// Handler hears what the peer does. Bytes are borrowed until the outermost call of the Session returns, unless it says otherwise.
type Handler interface {
	// Headers gives a complete header block.
	Headers(s *Stream, category Category, b Block)
	// Body gives a piece of a body.
	Body(s *Stream, b []byte)
	// End says that the peer has ended its side of a stream.
	End(s *Stream)
	// Closed says that a stream is over; it is no stream of the session any more.
	Closed(s *Stream, code Code)
	// Reset says that the peer reset a stream; Closed follows.
	Reset(s *Stream, code Code)
	// Written says that everything given to Stream.Write has become frames.
	Written(s *Stream)
	// WantTrailers says that a body has ended whose trailers are to be sent now.
	WantTrailers(s *Stream)
	// Settings says that the peer has changed its settings.
	Settings()
	// SettingsAck says that the peer has accepted the oldest settings that wait for it.
	SettingsAck()
	// Ping gives the payload of a PING, or of the answer to one.
	Ping(payload [8]byte, ack bool)
	// Goaway says that the peer won't take streams beyond last. opaque may be kept.
	Goaway(code Code, last uint32, opaque []byte)
	// AltSvc gives an alternative service for an origin, or for a stream's. The strings may be kept.
	AltSvc(id uint32, origin, value []byte)
	// Origin gives a server's origins. They may be kept.
	Origin(list []string)
	// NotSent says that a frame of ours could not be sent.
	NotSent(id uint32, kind byte, code Code)
	// Failed says that the session can't go on, or that the peer broke the protocol in a way that programs hear of.
	Failed(n LibError, why Why)
	// Output says that there may be something to send: Flush is to be called soon.
	Output()
}
