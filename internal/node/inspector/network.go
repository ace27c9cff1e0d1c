package inspector

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"roost/internal/binding"
)

// The domain Network: what the program tells of its requests goes to the debuggers that have asked for it; bodies are kept until one asks.
// https://nodejs.org/docs/latest-v24.x/api/inspector.html#integration-with-devtools
// Everything here belongs to the isolate's thread but for the sending.

// Limits of what is kept: of one body, and of all. Beyond them the oldest requests are forgotten.
const (
	maxBody   = 5 << 20
	maxBodies = 100 << 20
)

// network is what an agent knows of the program's requests.
type network struct {
	watchers map[*session]bool
	requests map[string]*request
	order    []string // ids, the oldest first; some may be gone
	size     int      // of all bodies
}

// request is one that began while a debugger watched.
type request struct {
	sent, received         []byte
	sentText, receivedText bool // they are UTF-8
	sentAll, receivedAll   bool
	streams                map[*session]bool // these hear each piece of the response
}

// watch makes a session one that hears of requests, or no longer.
func (a *agent) watch(s *session, watches bool) {
	n := &a.network
	before := len(n.watchers)
	if watches {
		if n.watchers == nil {
			n.watchers, n.requests = map[*session]bool{}, map[string]*request{}
		}
		n.watchers[s] = true
	} else {
		delete(n.watchers, s)
	}
	switch after := len(n.watchers); {
	case before == 0 && after > 0:
		a.env.Watched("network")
	case before > 0 && after == 0:
		n.requests, n.order, n.size, n.watchers = nil, nil, 0, nil
		if !a.env.Stopped() {
			a.env.Watched("no network")
		}
	}
}

// tellNetwork(event, id, params, charset, bytes | undefined): something happened to a request. params is JSON, charset that of the body, bytes a
// piece of one.
func tellNetwork(c *binding.Call) {
	a := of(c.Env())
	if len(a.network.watchers) == 0 {
		return
	}
	event, id, params := c.String(0), c.String(1), c.String(2)
	r := a.network.requests[id]
	text := strings.EqualFold(c.String(3), "utf-8")
	switch event {
	case "requestWillBeSent":
		a.network.add(id, &request{sentText: text, sentAll: !c.Bool(5), streams: map[*session]bool{}})
	case "responseReceived":
		if r != nil {
			r.receivedText = text
		}
	case "dataSent":
		a.network.keep(r, &r.orNone().sent, c.Bytes(4))
		if r != nil && c.Bool(5) {
			r.sentAll = true
		}
		return
	case "dataReceived":
		if r == nil {
			return
		}
		if len(r.streams) == 0 {
			a.network.keep(r, &r.received, c.Bytes(4))
			return
		}
		var fields map[string]any
		_ = json.Unmarshal([]byte(params), &fields)
		fields["data"] = base64.StdEncoding.EncodeToString(c.Bytes(4))
		all, _ := json.Marshal(fields)
		for s := range r.streams {
			s.tell(`{"method":"Network.dataReceived","params":` + string(all) + `}`)
		}
		return
	case "loadingFinished":
		if r != nil {
			r.receivedAll, r.sentAll = true, true
			if len(r.streams) > 0 {
				a.network.drop(id)
			}
		}
	case "loadingFailed":
		a.network.drop(id)
	}
	for s := range a.network.watchers {
		s.tell(`{"method":"Network.` + event + `","params":` + params + `}`)
	}
}

// orNone is r, or one that nobody sees.
func (r *request) orNone() *request {
	if r == nil {
		return &request{}
	}
	return r
}

func (n *network) add(id string, r *request) {
	if n.requests[id] == nil {
		n.requests[id] = r
		n.order = append(n.order, id)
	}
}

func (n *network) drop(id string) {
	if r := n.requests[id]; r != nil {
		n.size -= len(r.sent) + len(r.received)
		delete(n.requests, id)
	}
}

// keep adds a piece to a body of r.
func (n *network) keep(r *request, body *[]byte, piece []byte) {
	if r == nil || len(*body)+len(piece) > maxBody {
		return
	}
	*body = append(*body, piece...)
	n.size += len(piece)
	for n.size > maxBodies && len(n.order) > 0 {
		n.drop(n.order[0])
		n.order = n.order[1:]
	}
}

// ownNetwork answers a command of Network.
func (a *agent) ownNetwork(s *session, c command) bool {
	method := strings.TrimPrefix(c.Method, "Network.")
	switch method {
	case "enable", "disable":
		a.watch(s, method == "enable")
		return c.done(s)
	case "getRequestPostData", "getResponseBody", "streamResourceContent":
	case "loadNetworkResource":
		return c.fail(s, -32000, "Network resource loading is not enabled. This feature is experimental and requires --experimental-inspector-network-resource flag to be set.")
	default:
		return c.unknown(s)
	}
	var p struct {
		ID *string `json:"requestId"`
	}
	if json.Unmarshal(c.Params, &p) != nil || p.ID == nil {
		return c.invalid(s)
	}
	r := a.network.requests[*p.ID]
	if r == nil {
		return c.fail(s, -32602, "Request not found")
	}
	var result map[string]any
	switch method {
	case "getRequestPostData":
		switch {
		case !r.sentAll:
			return c.fail(s, -32602, "Request data is not finished yet")
		case !r.sentText:
			return c.fail(s, -32602, "Unable to serialize binary request body")
		}
		result = map[string]any{"postData": string(r.sent)}
	case "getResponseBody":
		if !r.receivedAll {
			return c.fail(s, -32602, "Response data is not finished yet")
		}
		body := string(r.received)
		if !r.receivedText {
			body = base64.StdEncoding.EncodeToString(r.received)
		}
		result = map[string]any{"body": body, "base64Encoded": !r.receivedText}
	default:
		result = map[string]any{"bufferedData": base64.StdEncoding.EncodeToString(r.received)}
		if r.receivedAll {
			a.network.drop(*p.ID)
		} else {
			a.network.size -= len(r.received)
			r.received = nil
			r.streams[s] = true
		}
	}
	text, _ := json.Marshal(result)
	return c.answer(s, string(text))
}
