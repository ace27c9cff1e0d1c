package fetch

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
)

// proxyOption is what the command line says of --use-env-proxy: 0 nothing, 1 on, 2 off. It counts until the first connection.
var proxyOption atomic.Int32

// proxyOverride is what a program has set in place of the environment's proxies; nil: nothing.
var proxyOverride atomic.Pointer[proxies]

// dialPlain connects for a request over http: through a tunnel of the proxy, where there is one.
func (d *tlsDialer) dialPlain(ctx context.Context, network, address string) (net.Conn, error) {
	return d.dialFor(ctx, "http", network, address)
}

func (d *tlsDialer) dialFor(ctx context.Context, scheme, network, address string) (net.Conn, error) {
	proxy := proxyFor(&url.URL{Scheme: scheme, Host: address})
	if proxy == nil {
		return dial(ctx, network, address)
	}
	return d.tunnel(ctx, proxy, network, address)
}

// tunnel asks a proxy for a connection to address (RFC 9110, 9.3.6).
func (d *tlsDialer) tunnel(ctx context.Context, proxy *url.URL, network, address string) (net.Conn, error) {
	conn, err := dial(ctx, network, net.JoinHostPort(proxy.Hostname(), port(proxy)))
	if err != nil {
		return nil, err
	}
	if proxy.Scheme == "https" {
		if conn, err = d.handshake(ctx, conn, proxy.Hostname()); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	err = askForTunnel(conn, proxy, address)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func askForTunnel(conn net.Conn, proxy *url.URL, address string) error {
	authorization := ""
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		authorization = "proxy-authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)) + "\r\n"
	}
	_, err := fmt.Fprintf(conn, "CONNECT %[1]s HTTP/1.1\r\nhost: %[1]s\r\nconnection: close\r\nproxy-connection: keep-alive\r\n%[2]s\r\n", address, authorization)
	if err != nil {
		return err
	}
	// Byte by byte: what follows the head is the other end's already.
	var head []byte
	var one [1]byte
	for !strings.HasSuffix(string(head), "\r\n\r\n") {
		if len(head) >= maxHeaders {
			return errors.New("the proxy's response is too long")
		}
		if _, err := conn.Read(one[:]); err != nil {
			return err
		}
		head = append(head, one[0])
	}
	line, _, _ := strings.Cut(string(head), "\r\n")
	version, status, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(status, " ")
	if !strings.HasPrefix(version, "HTTP/1.") || code != "200" {
		return fmt.Errorf("Proxy response (%s) !== 200 when HTTP Tunneling", code)
	}
	return nil
}

// handshake makes a TLS connection to host of a connection. It closes the connection when it fails.
func (d *tlsDialer) handshake(ctx context.Context, raw net.Conn, host string) (net.Conn, error) {
	config := &tls.Config{ServerName: host, NextProtos: []string{"http/1.1"}, ClientSessionCache: d.sessions, InsecureSkipVerify: true}
	if !insecure() {
		// Verified here, for the chain that Node's error codes depend on. A resumed session is verified too.
		config.VerifyConnection = func(s tls.ConnectionState) error { return d.verify(s.PeerCertificates, host) }
	}
	conn := tls.Client(raw, config)
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return conn, nil
}
