package sys

import (
	"bufio"
	"debug/elf"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Nothing that differs from the program's file may be given back: it would be lost.
func TestDropTextKeepsPrivatePages(t *testing.T) {
	DropText()
	program, err := elf.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer smaps.Close()
	mapping, dropped := "", 0
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case !strings.HasSuffix(fields[0], ":"):
			mapping = ""
			if len(fields) < 6 || fields[5] != path || strings.Contains(fields[1], "w") {
				continue
			}
			if offset, err := strconv.ParseUint(fields[2], 16, 64); err == nil && isPlain(program, offset) {
				mapping = lines.Text()
				dropped++
			}
		case fields[0] == "Anonymous:" && fields[1] != "0" && mapping != "":
			t.Errorf("%s has %s kB that are not in the file", mapping, fields[1])
		}
	}
	if dropped == 0 {
		t.Error("no mapping of the program is plain")
	}
}
