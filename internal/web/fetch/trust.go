package fetch

import (
	"crypto/x509"
	"net/http"

	"roost/internal/binding"
)

// trust is an isolate's own client, for the certificates that tls.setDefaultCACertificates() named. Loop thread only.
type trust struct{ own *http.Transport }

type trustKey struct{}

func trustOf(env *binding.Env) *trust {
	return env.State(trustKey{}, func() any {
		t := &trust{}
		env.OnClose(func() { t.set(nil) })
		return t
	}).(*trust)
}

func (t *trust) set(own *http.Transport) {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
	t.own = own
}

// client is the one that an isolate's requests go through.
func client(env *binding.Env) *http.Transport {
	if own := trustOf(env).own; own != nil {
		return own
	}
	return shared()
}

// setRoots(PEM texts): what this isolate trusts from now on
func setRoots(c *binding.Call) {
	pool := x509.NewCertPool()
	for _, text := range c.Strings(0) {
		pool.AppendCertsFromPEM([]byte(text))
	}
	trustOf(c.Env()).set(newTransport(pool))
}
