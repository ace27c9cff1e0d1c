package handle

// Layer is what one builtin lays over a Stream and another reads and writes through: TLS under HTTP. Loop thread only; it never runs user
// code before it returns.
type Layer interface {
	// Ready tells whether bytes can go through.
	Ready() bool
	// Open appends to dst what bytes of the stream hold. b is borrowed. ended: nothing follows, since the peer ends its side or err broke it.
	Open(dst, b []byte) (plain []byte, ended bool, err error)
	// Seal appends to dst the bytes for the stream that hold b, behind any that the layer had to say itself.
	Seal(dst, b []byte) ([]byte, error)
	// End appends to dst the bytes for the stream that end our side.
	End(dst []byte) []byte
}
