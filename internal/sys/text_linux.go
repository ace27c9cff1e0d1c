package sys

import (
	"bufio"
	"debug/elf"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// DropText gives back the pages of this program's file that were touched so far: package initialisation, and code and tables that only a start
// needs. What is needed again is mapped again from the kernel's cache.
func DropText() {
	program, err := elf.Open("/proc/self/exe")
	if err != nil {
		return
	}
	defer program.Close()
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer maps.Close()
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 6 || fields[5] != path || strings.Contains(fields[1], "w") {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		begin, err1 := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		offset, err3 := strconv.ParseUint(fields[2], 16, 64)
		if err1 != nil || err2 != nil || err3 != nil || !isPlain(program, offset) {
			continue
		}
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, uintptr(begin), uintptr(end-begin), unix.MADV_DONTNEED)
	}
}

// isPlain tells whether the part of the program's file that begins at offset is mapped as it is. What was relocated and only then made read-only
// differs from the file and would be lost; it may begin in the page in which the part before it ends.
func isPlain(program *elf.File, offset uint64) bool {
	page := uint64(os.Getpagesize())
	for _, p := range program.Progs {
		if p.Type == elf.PT_LOAD && p.Flags&elf.PF_W != 0 && offset+page > p.Off && offset < p.Off+p.Filesz {
			return false
		}
	}
	return true
}
