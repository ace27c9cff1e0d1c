package inspector

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"
)

// server is the HTTP endpoint: the list of what can be debugged under /json, and a WebSocket for each debugger.
// https://nodejs.org/docs/latest-v24.x/api/inspector.html#inspectoropenport-host-wait
type server struct {
	agent    *agent
	listener net.Listener
	http     *http.Server
	id       string // of the target, which a debugger must know
	title    string
	file     string // file: URL of the program
	lists    bool   // /json tells the id
}

// listen opens the endpoint; port 0 is any.
func listen(a *agent, host string, port int, title, file, publish string) (*server, error) {
	network := "tcp"
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is4() {
		network = "tcp4" // 0.0.0.0 is no IPv6
	}
	l, err := net.Listen(network, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	s := &server{agent: a, listener: l, id: newID(), title: title, file: file, lists: strings.Contains(publish, "http")}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 30 * time.Second}
	go s.http.Serve(l)
	if strings.Contains(publish, "stderr") {
		fmt.Fprintf(os.Stderr, "Debugger listening on %s\nFor help, see: https://nodejs.org/en/docs/inspector\n", s.url())
	}
	return s, nil
}

func (s *server) close() { s.http.Close() }

// newID is a random UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (s *server) url() string { return fmt.Sprintf("ws://%s/%s", s.listener.Addr(), s.id) }

// allowedHost keeps pages of the web away, which reach the endpoint by a name of their own.
func allowedHost(header string) bool {
	host := header
	if h, _, err := net.SplitHostPort(header); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return strings.EqualFold(host, "localhost") || strings.EqualFold(host, "localhost6") || host == ""
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	if !allowedHost(r.Host) {
		http.Error(w, "Host header is not allowed", http.StatusBadRequest)
		return
	}
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.upgrade(w, r)
		return
	}
	switch path := strings.TrimSuffix(r.URL.Path, "/"); {
	case s.lists && (path == "/json" || path == "/json/list"):
		s.reply(w, []map[string]string{s.target(r.Host)})
	case path == "/json/version":
		s.reply(w, map[string]string{"Browser": "node.js/v24.12.0", "Protocol-Version": "1.1"})
	case path == "/json" || path == "/json/list":
		http.NotFound(w, r)
	default:
		http.Error(w, "WebSockets request was expected", http.StatusBadRequest)
	}
}

func (s *server) target(host string) map[string]string {
	if host == "" {
		host = s.listener.Addr().String()
	}
	at := host + "/" + s.id
	return map[string]string{
		"description": "node.js instance", "devtoolsFrontendUrl": "devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=" + at,
		"devtoolsFrontendUrlCompat": "devtools://devtools/bundled/inspector.html?experiments=true&v8only=true&ws=" + at,
		"faviconUrl":                "https://nodejs.org/static/images/favicons/favicon.ico", "id": s.id, "title": s.title, "type": "node", "url": s.file,
		"webSocketDebuggerUrl": "ws://" + at,
	}
}

func (s *server) reply(w http.ResponseWriter, value any) {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(append(text, "\n\n"...))
}

// upgrade makes a session of a connection, and reads it until it ends.
func (s *server) upgrade(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Sec-WebSocket-Key")
	if r.URL.Path != "/"+s.id || key == "" {
		http.Error(w, "WebSockets request was expected", http.StatusBadRequest)
		return
	}
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	conn, buffered, err := hijacker.Hijack()
	if err != nil {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	if _, err := io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+acceptKey(key)+
		"\r\n\r\n"); err != nil {
		conn.Close()
		return
	}
	fmt.Fprintln(os.Stderr, "Debugger attached.")
	socket := &socket{r: bufio.NewReader(buffered), w: conn}
	one := &session{say: func(m []byte) error { return socket.write(opText, m) }, close: func() { conn.Close() }}
	s.agent.join(one)
	for {
		message, err := socket.read()
		if err != nil {
			break
		}
		if len(message) > 0 {
			s.agent.tell(one, message)
		}
	}
	conn.Close()
	s.agent.leave(one)
}
