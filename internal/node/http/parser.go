package http

import (
	"roost/internal/binding"
	"roost/internal/node/http/h1"
)

// jsParser is a parser that JavaScript feeds: of a client's connection, or of a server's over a stream that isn't a socket of Go.
type jsParser struct {
	p       h1.Parser
	expect  int
	results []binding.Result
}

// What a jsParser is told about the next message.
const (
	expectNoBody  = 1 // the answer to HEAD
	expectConnect = 2 // the answer to CONNECT: what follows is another protocol
	expectStep    = 4 // parserExecute returns after every head; without that only where a request asks for an upgrade
)

// Kinds of results, followed by their values.
const (
	resultHead    = 1 // info or status, url or reason, block, major, minor, keep-alive | body follows << 1 | upgrade << 2 | expect << 3 | host << 4 | bodyless << 5
	resultBody    = 2 // start, end
	resultDone    = 3 // trailer block
	resultUpgrade = 4 // offset of the other protocol's first byte
	resultError   = 5 // code, reason, offset
	resultStop    = 6 // offset: decide (parserUpgrade, parserSkipBody), then go on from there
)

// parserNew(response, maxHeaderSize, lenient) → parser
func parserNew(c *binding.Call) {
	kind := h1.Request
	if c.Bool(0) {
		kind = h1.Response
	}
	j := &jsParser{}
	j.p.MaxHeaderSize, j.p.Lenient = c.Int(1), c.Bool(2)
	j.p.Reset(kind)
	c.Return(binding.Ref(j))
}

// parserReset(parser, response, maxHeaderSize, lenient): it is as new, with the memory that it has
func parserReset(c *binding.Call) {
	j, ok := c.Ref(0).(*jsParser)
	if !ok {
		return
	}
	kind := h1.Request
	if c.Bool(1) {
		kind = h1.Response
	}
	j.expect = 0
	j.p.MaxHeaderSize, j.p.Lenient = c.Int(2), c.Bool(3)
	j.p.Reset(kind)
}

// parserIsResponse(parser)
func parserIsResponse(c *binding.Call) {
	j, ok := c.Ref(0).(*jsParser)
	c.Return(binding.Bool(ok && j.p.Kind == h1.Response))
}

// parserUpgrade(parser, on): whether the message whose head was just reported ends HTTP on the connection
func parserUpgrade(c *binding.Call) {
	if j, ok := c.Ref(0).(*jsParser); ok {
		j.p.SetUpgrade(c.Bool(1))
	}
}

// parserSkipBody(parser): the response whose head was just reported has no body
func parserSkipBody(c *binding.Call) {
	if j, ok := c.Ref(0).(*jsParser); ok {
		j.p.SkipBody()
	}
}

// parserExpect(parser, flags)
func parserExpect(c *binding.Call) {
	if j, ok := c.Ref(0).(*jsParser); ok {
		j.expect = c.Int(1)
	}
}

// parserExecute(parser, bytes, from) → list of results
func parserExecute(c *binding.Call) {
	j, ok := c.Ref(0).(*jsParser)
	if !ok {
		return
	}
	j.results = j.results[:0]
	data := c.Bytes(1)
	at := min(max(c.Int(2), 0), len(data))
	for {
		n, ev := j.p.Next(data[at:])
		from := at
		at += n
		switch ev {
		case h1.NeedMore:
			c.Return(binding.List(j.results...))
			return
		case h1.Body:
			j.add(binding.Int(resultBody), binding.Int(at-len(j.p.Chunk)), binding.Int(at))
		case h1.Failed:
			j.fail(from)
			c.Return(binding.List(j.results...))
			return
		case h1.Upgrade:
			j.add(binding.Int(resultUpgrade), binding.Int(at))
			c.Return(binding.List(j.results...))
			return
		case h1.Head:
			j.event(ev)
			if j.expect&expectStep != 0 || j.p.Kind == h1.Request && j.p.Upgrades {
				j.add(binding.Int(resultStop), binding.Int(at))
				c.Return(binding.List(j.results...))
				return
			}
		default:
			j.event(ev)
		}
	}
}

// parserFinish(parser) → list of results: the stream has ended
func parserFinish(c *binding.Call) {
	j, ok := c.Ref(0).(*jsParser)
	if !ok {
		return
	}
	j.results = j.results[:0]
	switch ev := j.p.Finish(); ev {
	case h1.Failed:
		j.fail(0)
	case h1.Done:
		j.event(ev)
	}
	c.Return(binding.List(j.results...))
}

func (j *jsParser) add(r ...binding.Result) { j.results = append(j.results, r...) }

func (j *jsParser) fail(from int) {
	e := j.p.Err
	j.add(binding.Int(resultError), binding.String(e.Code), binding.String(e.Reason), binding.Int(from+e.Offset))
}

func (j *jsParser) event(ev h1.Event) {
	p := &j.p
	if ev == h1.Done {
		j.add(binding.Int(resultDone), binding.Latin1(append([]byte(nil), p.Block...)))
		return
	}
	number, text := int(p.Method), p.URL
	if p.Kind == h1.Response {
		number, text = p.Status, p.Reason
		if j.expect&expectNoBody != 0 && p.Status/100 != 1 {
			p.SkipBody()
		}
		if j.expect&expectConnect != 0 && p.Status/100 != 1 {
			p.SetUpgrade(true)
			p.Upgrades = true
		}
	}
	flags := 0
	bodyless := p.ContentLength < 0 && !p.HasTE
	for k, on := range [...]bool{p.KeepAlive, p.HasBody(), p.Upgrades, p.ExpectHeader, p.HasHost, bodyless} {
		if on {
			flags |= 1 << k
		}
	}
	// The parser's memory is reused before the results cross.
	j.add(binding.Int(resultHead), binding.Int(number), binding.Latin1(append([]byte(nil), text...)),
		binding.Latin1(append([]byte(nil), p.Block...)), binding.Int(p.Major), binding.Int(p.Minor), binding.Int(flags))
}
