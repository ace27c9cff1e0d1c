// Package h2 is HTTP/2 (RFC 9113) without input, output and JavaScript: a Session is fed the bytes of a connection and gives the bytes to send.
// It owns framing, HPACK, the states of streams, flow control, and the limits that keep a peer from harming us; what the peer did is told to
// a Handler, synchronously.
//
// Everything belongs to one goroutine. A Handler may not call back into the Session that calls it: it records, and acts later.
// Library error numbers and their texts are nghttp2's, because programs see them.
package h2
