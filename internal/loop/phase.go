package loop

// Phase is a part of a turn.
// https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
type Phase uint8

// The phases, as Node numbers them in its documentation.
const (
	PhaseTimers Phase = iota
	PhasePending
	PhaseIdle
	PhasePrepare
	PhasePoll
	PhaseCheck
	PhaseClose
)

var phaseNames = [...]string{"timers", "pending", "idle", "prepare", "poll", "check", "close"}

// String is the phase's name in lower case.
func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "unknown"
}

// OnPhase sets the observer: start and end are called around each phase that
// has something to run; poll is always reported and includes the time blocked
// (see Metrics). nil, the default, costs one branch.
func (l *Loop) OnPhase(start, end func(Phase)) {
	l.checkThread()
	l.phaseStart, l.phaseEnd = start, end
}

func (l *Loop) enter(p Phase) {
	if l.phaseStart != nil {
		l.phaseStart(p)
	}
}

func (l *Loop) leave(p Phase) {
	if l.phaseEnd != nil {
		l.phaseEnd(p)
	}
}
