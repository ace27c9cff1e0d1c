package http2

import (
	"strconv"
	"strings"
	"time"

	"roost/internal/node/http2/h2"
)

// Requests and their answers, as package vitals counts them: from the head's arrival to the stream's end.

// exchange is a request that is not over.
type exchange struct {
	begun  time.Duration // loop time
	status int           // 0: there is no answer yet
}

// begin counts a request.
func (s *session) begin(stream uint32) {
	l := s.st.env.Loop
	if l.Vitals() == nil {
		return
	}
	if s.exchanges == nil {
		s.exchanges = map[uint32]exchange{}
	}
	s.exchanges[stream] = exchange{begun: l.Now()}
	l.Vitals().Begin()
}

// answers notes the status of an answer.
func (s *session) answers(stream uint32, f h2.Fields) {
	e, ok := s.exchanges[stream]
	if !ok {
		return
	}
	if _, after, found := strings.Cut(f.List, ":status\x00"); found && len(after) >= 3 {
		e.status, _ = strconv.Atoi(after[:3])
	}
	s.exchanges[stream] = e
}

// ends counts a stream's end.
func (s *session) ends(stream uint32) {
	e, ok := s.exchanges[stream]
	if !ok {
		return
	}
	delete(s.exchanges, stream)
	l := s.st.env.Loop
	if e.status == 0 {
		l.Vitals().Abandon()
		return
	}
	l.Vitals().Answered(e.status, l.Elapsed()-e.begun)
}

// abandon ends what is left when the session does.
func (s *session) abandon() {
	for stream := range s.exchanges {
		s.ends(stream)
	}
}
