package sticky

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestInherit(t *testing.T) {
	if Inherit() != nil {
		t.Error("nobody has invited")
	}
	dir, err := unix.Open(t.TempDir(), unix.O_DIRECTORY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(dir)
	by := By{Header, "x-real-ip"}
	t.Setenv(Variable, Invite(dir, by))
	p := Inherit()
	if p == nil || p.Folder != dir || p.By != by {
		t.Fatalf("%+v", p)
	}
	if flags, err := unix.FcntlInt(uintptr(dir), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Error("children inherit it")
	}
	if _, there := os.LookupEnv(Variable); there {
		t.Error("the variable is still there")
	}
	for _, bad := range []string{"", "x,address", "1,address", "99999,address", Invite(dir, by) + " ", "7"} {
		t.Setenv(Variable, bad)
		if p := Inherit(); p != nil {
			t.Errorf("%q: %+v", bad, p)
		}
	}
}
