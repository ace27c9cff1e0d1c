package fetch

import (
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"roost/internal/binding"
	"roost/internal/sys"
)

var (
	errUpgrade    = errors.New("bad upgrade")
	errHeaderName = errors.New("malformed header name")
)

// connInfo are the ends of a connection, for SocketError.socket.
type connInfo struct{ local, remote *net.TCPAddr }

func describe(c net.Conn) *connInfo {
	local, _ := c.LocalAddr().(*net.TCPAddr)
	remote, _ := c.RemoteAddr().(*net.TCPAddr)
	if local == nil || remote == nil {
		return nil
	}
	return &connInfo{local, remote}
}

func (i *connInfo) result() binding.Result {
	family := "IPv4"
	if i.remote.IP.To4() == nil {
		family = "IPv6"
	}
	return binding.Object(
		binding.String("localAddress"), binding.String(i.local.IP.String()),
		binding.String("localPort"), binding.Int(i.local.Port),
		binding.String("remoteAddress"), binding.String(i.remote.IP.String()),
		binding.String("remotePort"), binding.Int(i.remote.Port),
		binding.String("remoteFamily"), binding.String(family))
}

// failures is the answer of an exchange that got no head: [-1, ...errors]; several when several addresses were tried.
func failures(err error, x *exchange) binding.Result {
	out := []binding.Result{binding.Int(-1)}
	var dial *dialErrors
	if errors.As(err, &dial) && len(dial.all) > 0 {
		for _, e := range dial.all {
			out = append(out, binding.Fail(connectError(e)))
		}
		return binding.List(out...)
	}
	return binding.List(append(out, binding.Fail(describeError(err, x)))...)
}

// bodyError is the cause of a body that broke off.
func bodyError(err error, x *exchange) error { return describeError(err, x) }

// undici makes an error that JavaScript turns into undici's class of this code.
func undici(code, message string) *binding.NodeError {
	return (&binding.NodeError{Class: binding.ClassError, Message: message}).With("code", binding.String(code))
}

func (x *exchange) socketError() error {
	e := undici("UND_ERR_SOCKET", "other side closed")
	if i := x.conn.Load(); i != nil {
		e.With("socket", i.result())
	}
	return e
}

// describeError finds undici's error for one of Go's. net/http has no types for most of what a peer does wrong, only texts.
func describeError(err error, x *exchange) error {
	if cause := context.Cause(x.ctx); errors.Is(cause, errBodyTimeout) {
		return undici("UND_ERR_BODY_TIMEOUT", "Body Timeout Error")
	}
	var dns *net.DNSError
	var data *dataError
	switch {
	case errors.As(err, &dns):
		return lookupError(dns)
	case errors.Is(err, errConnectTimeout):
		return undici("UND_ERR_CONNECT_TIMEOUT", err.Error())
	case errors.As(err, &data):
		message := "incorrect header check"
		if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, zlib.ErrChecksum) {
			message = "incorrect data check"
		}
		return &binding.NodeError{Class: binding.ClassError, Message: message,
			Props: []binding.Result{binding.String("errno"), binding.Int(-3), binding.String("code"), binding.String("Z_DATA_ERROR")}}
	case errors.Is(err, errCodings), errors.Is(err, errUpgrade):
		return undici("UND_ERR_SOCKET", err.Error())
	}
	if e := tlsError(err); e != nil {
		return e
	}
	if errno, ok := sys.ErrnoOf(err); ok {
		return errnoError("read", errno, err)
	}
	text := err.Error()
	has := func(s string) bool { return strings.Contains(text, s) }
	const mismatch = "Response does not match the HTTP/1.1 protocol "
	switch {
	case has("timeout awaiting response headers"):
		return undici("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error")
	case has("server response headers exceeded"):
		return undici("UND_ERR_HEADERS_OVERFLOW", "Headers Overflow Error")
	case has("malformed MIME header"), errors.Is(err, errHeaderName):
		return undici("HPE", mismatch+"(Invalid header token)")
	case has("malformed HTTP version"):
		return undici("HPE", mismatch+"(Invalid HTTP version)")
	case has("malformed HTTP status code"):
		return undici("HPE", mismatch+"(Invalid status code)")
	case has("malformed HTTP response"):
		return undici("HPE", mismatch+"(Expected HTTP/, RTSP/ or ICE/)")
	case has("invalid byte in chunk length"), has("malformed chunked encoding"), has("chunk length too large"):
		return undici("HPE", mismatch+"(Invalid character in chunk size)")
	case has("bad Content-Length"), has("invalid empty Content-Length"):
		return undici("HPE", mismatch+"(Invalid character in Content-Length)")
	case has("unsupported transfer encoding"):
		return undici("HPE", mismatch+"(Unsupported transfer encoding)")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), has("server closed idle connection"), has("readLoopPeekFailLocked"):
		return x.socketError()
	}
	return err
}

// errnoError is a failed read or write on the connection, in Node's words.
func errnoError(call string, errno syscall.Errno, err error) error {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "write" || op.Op == "read") {
		call = op.Op
	}
	code := sys.ErrnoName(errno)
	return binding.Named(code, sys.ErrnoNumber(errno), call, call+" "+code)
}

// connectError is Node's error of one address that did not answer.
func connectError(e *addressError) error {
	errno, ok := sys.ErrnoOf(e.err)
	if !ok {
		errno = syscall.ETIMEDOUT
	}
	code := sys.ErrnoName(errno)
	return binding.Named(code, sys.ErrnoNumber(errno), "connect", "connect "+code+" "+net.JoinHostPort(e.ip, e.port)).
		With("address", binding.String(e.ip)).With("port", binding.Int(e.portNumber()))
}

func lookupError(e *net.DNSError) error {
	code, errno := "ENOTFOUND", -3008
	if !e.IsNotFound && (e.IsTimeout || e.IsTemporary) {
		code, errno = "EAI_AGAIN", -3001
	}
	return binding.Named(code, errno, "getaddrinfo", "getaddrinfo "+code+" "+e.Name).With("hostname", binding.String(e.Name))
}

// tlsError is Node's error of a certificate that was refused (OpenSSL's names); nil when err is something else.
func tlsError(err error) error {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	named := func(code, message string) error {
		return (&binding.NodeError{Class: binding.ClassError, Message: message}).With("code", binding.String(code))
	}
	switch {
	case errors.As(err, &host):
		return altNameError(host)
	case errors.As(err, &invalid):
		switch invalid.Reason {
		case x509.Expired:
			if strings.Contains(invalid.Detail, "before") {
				return named("CERT_NOT_YET_VALID", "certificate is not yet valid")
			}
			return named("CERT_HAS_EXPIRED", "certificate has expired")
		case x509.IncompatibleUsage:
			return named("INVALID_PURPOSE", "unsuitable certificate purpose")
		}
		return named("CERT_UNTRUSTED", "certificate not trusted")
	case errors.As(err, &unknown):
		var chain *chainError
		n := 1
		if errors.As(err, &chain) {
			n = len(chain.certs)
		}
		switch {
		case n == 1 && unknown.Cert != nil && unknown.Cert.CheckSignatureFrom(unknown.Cert) == nil,
			n == 1 && unknown.Cert != nil && string(unknown.Cert.RawIssuer) == string(unknown.Cert.RawSubject):
			return named("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate")
		case n > 1 && string(chain.certs[n-1].RawIssuer) == string(chain.certs[n-1].RawSubject):
			return named("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain")
		case n == 1:
			return named("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate")
		}
		return named("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate")
	case errors.As(err, &record):
		return named("ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number")
	case errors.As(err, &alert):
		return named("ERR_SSL_"+strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(alert.Error(), "tls: "), " ", "_")), alert.Error())
	}
	return nil
}

// altNameError is Node's ERR_TLS_CERT_ALTNAME_INVALID.
// https://nodejs.org/docs/latest-v24.x/api/errors.html#err_tls_cert_altname_invalid
func altNameError(e x509.HostnameError) error {
	var names []string
	for _, n := range e.Certificate.DNSNames {
		names = append(names, "DNS:"+n)
	}
	for _, ip := range e.Certificate.IPAddresses {
		names = append(names, "IP Address:"+ip.String())
	}
	list := strings.Join(names, ", ")
	reason := "Host: " + e.Host + ". is not in the cert's altnames: " + list
	if ip := net.ParseIP(e.Host); ip != nil {
		ips := make([]string, 0, len(e.Certificate.IPAddresses))
		for _, ip := range e.Certificate.IPAddresses {
			ips = append(ips, ip.String())
		}
		reason = "IP: " + e.Host + " is not in the cert's list: " + strings.Join(ips, ", ")
	} else if len(e.Certificate.DNSNames) == 0 {
		reason = "Cert does not contain a DNS name"
	}
	return binding.Error("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames: %s", reason).
		With("reason", binding.String(reason)).With("host", binding.String(e.Host))
}
