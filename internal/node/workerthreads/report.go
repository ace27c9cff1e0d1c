package workerthreads

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"roost/internal/binding"
	"roost/internal/engine"
)

// reportWait is how long a report waits for one of the threads that it tells of.
const reportWait = 2 * time.Second

// threadReporter(answer): answer(what) gives, as text, what the thread is asked for (see main.ts)
func threadReporter(c *binding.Call) {
	t := Of(c.Env())
	if t == nil || !c.Value(0).IsFunction() {
		return
	}
	fn := c.Env().Isolate.Keep(c.Value(0))
	t.mu.Lock()
	t.answer = fn
	t.mu.Unlock()
	c.Env().OnClose(fn.Release)
}

// workerReports() → the reports of the running workers of this thread, as texts. A worker that doesn't come to it in time is left out.
func workerReports(c *binding.Call) {
	var all []*Thread
	for t := range childrenOf(c.Env()) {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *Thread) int { return cmp.Compare(a.ID, b.ID) })
	var texts []string
	for _, t := range all {
		if text, ok := t.reportBlocking(); ok {
			texts = append(texts, text)
		}
	}
	c.Return(binding.Strings(texts))
}

// reportBlocking asks the worker's thread, in the middle of its JavaScript or on its loop, whichever comes first.
func (t *Thread) reportBlocking() (string, bool) {
	answer := make(chan string, 1)
	var begun atomic.Bool
	t.mu.Lock()
	env, fn := t.env, t.answer
	if env == nil || fn == nil || t.stopping {
		t.mu.Unlock()
		return "", false
	}
	tell := func() {
		if begun.Swap(true) { // the other way, perhaps in the middle of this one
			return
		}
		if text, err := env.Isolate.EvalInside(fn, binding.String("report")); err == nil {
			answer <- text
		}
		close(answer)
	}
	inside := func() { env.Isolate.Inside(tell) }
	forget := env.Isolate.Interrupt(inside)
	env.Loop.Post(inside)
	t.mu.Unlock()
	late := time.NewTimer(reportWait)
	defer late.Stop()
	select {
	case text, ok := <-answer:
		forget()
		return text, ok
	case <-late.C:
		return "", false
	case <-t.done:
		return "", false
	}
}

// workerEval(id, what, request): the worker's answer to what, as text
func workerEval(c *binding.Call) {
	what := c.String(1)
	ask(c, func(t *Thread, env *binding.Env, q *question) bool {
		if t.answer == nil {
			return false
		}
		inside := t.evaluation(env, t.answer, what, q)
		env.Isolate.Interrupt(inside)
		env.Loop.Post(inside)
		return true
	})
}

// evaluation answers q on the worker's thread. It is posted both ways, and the first counts.
func (t *Thread) evaluation(env *binding.Env, fn *engine.Persistent, what string, q *question) func() {
	var begun atomic.Bool
	return func() {
		env.Isolate.Inside(func() {
			if begun.Swap(true) { // the other way, perhaps in the middle of this one
				return
			}
			text, err := env.Isolate.EvalInside(fn, binding.String(what))
			t.mu.Lock()
			delete(t.asked, q)
			t.mu.Unlock()
			if err != nil {
				q.settle(binding.Fail(errNotRunning()))
				return
			}
			q.settle(binding.String(text))
		})
	}
}
