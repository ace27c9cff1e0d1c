package supervisor

import (
	"os"

	"roost/internal/supervisor/logs"
)

// spools are what a program prints into, both streams, and the ends that it inherits.
type spools struct {
	out, err         *logs.Spool
	outFile, errFile *os.File
}

// createSpools makes both or none. The caller closes the program's ends when it has started it.
func createSpools(out, err string) (spools, error) {
	var s spools
	var e error
	if s.out, s.outFile, e = logs.CreateSpool(out); e != nil {
		return spools{}, e
	}
	if s.err, s.errFile, e = logs.CreateSpool(err); e != nil {
		_ = s.outFile.Close()
		s.out.Remove()
		return spools{}, e
	}
	return s, nil
}

func (s spools) closeEnds() {
	_ = s.outFile.Close()
	_ = s.errFile.Close()
}

// remove is for those of a program that didn't start.
func (s spools) remove() {
	s.out.Remove()
	s.err.Remove()
}
