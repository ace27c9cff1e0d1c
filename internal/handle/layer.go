package handle

// Layer is what one builtin lays over a Stream and another reads and writes through: TLS under HTTP/2. Loop thread only; it never runs user
// code before it returns.
type Layer interface {
	// Ready tells whether bytes can go through.
	Ready() bool
	// Open appends to dst what bytes of the stream hold. ended: the peer ends its side, or err came; nothing follows.
	Open(dst, b []byte) (plain []byte, ended bool, err error)
	// Seal gives the bytes for the stream that hold b, and any that the layer has to say itself. They are borrowed until its next use.
	Seal(b []byte) ([]byte, error)
}
