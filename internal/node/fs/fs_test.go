package fs

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMkdirAll(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, first string
		err         error
	}{
		{root + "/a/b/c", root + "/a", nil},
		{root + "/a/b/c", "", nil},
		{root + "/a/b/d/", root + "/a/b/d/", nil},
		{file, "", unix.EEXIST},
		{file + "/x/y", "", unix.ENOTDIR},
		{"", "", unix.ENOENT},
	} {
		first, err := mkdirAll(c.path, 0o777)
		if first != c.first || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", c.path, first, err)
		}
	}
}

func TestResolve(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.MkdirAll(root+"/d/e", 0o700), os.WriteFile(root+"/f", nil, 0o600), os.Symlink("d/e", root+"/l"), os.Symlink(root+"/l/..", root+"/up"),
		os.Symlink("loop", root+"/loop"), os.Symlink("none", root+"/dangling"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		path, out, call string
		err             error
	}{
		{root + "/l", root + "/d/e", "", nil},
		{root + "/up", root + "/d", "", nil},
		{root + "//d/./e/../../f", root + "/f", "", nil},
		{"/", "/", "", nil},
		{"/..", "/", "", nil},
		{root + "/loop", "", "stat", unix.ELOOP},
		{root + "/dangling", "", "stat", unix.ENOENT},
		{root + "/none/x", "", "lstat", unix.ENOENT},
		{root + "/f/x", "", "lstat", unix.ENOTDIR},
	} {
		out, call, _, err := resolve(c.path)
		if out != c.out || call != c.call || !errors.Is(err, c.err) {
			t.Errorf("%s: %q %q %v", c.path, out, call, err)
		}
	}
}

func TestRemove(t *testing.T) {
	root := t.TempDir()
	for _, err := range []error{os.MkdirAll(root+"/t/a/b", 0o700), os.WriteFile(root+"/t/a/f", nil, 0o400), os.Mkdir(root+"/keep", 0o700),
		os.WriteFile(root+"/keep/f", nil, 0o600), os.Symlink(root+"/keep", root+"/t/a/link")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r := remover{recursive: true}
	if err := r.remove(root+"/t", true); err != nil {
		t.Error(err.call, err.path, err.err)
	}
	if _, err := os.Stat(root + "/keep/f"); err != nil {
		t.Error("a link was followed:", err)
	}
	if err := r.remove(root+"/t", true); err == nil || err.call != "lstat" || err.err != unix.ENOENT {
		t.Errorf("%+v", err)
	}
	if err := (&remover{}).remove(root+"/keep", true); err == nil || err.err != unix.ENOTEMPTY {
		t.Errorf("%+v", err)
	}
}

func TestReadUpTo(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	text := make([]byte, 200<<10)
	for i := range text {
		text[i] = byte(i * 7)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ size, space, want int }{{0, 0, len(text)}, {0, 1 << 10, len(text)}, {len(text), 0, len(text)}, {10, 64, 10}, {len(text) + 5, 0, len(text)}} {
		fd, err := openRetry(name, unix.O_RDONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		var space []byte
		if c.space > 0 {
			space = make([]byte, c.space)
		}
		b, err := readUpTo(fd, int64(c.size), space)
		_ = closeOnce(fd)
		if err != nil || len(b) != c.want || string(b) != string(text[:c.want]) {
			t.Errorf("%+v: %d bytes, %v", c, len(b), err)
		}
	}
}

func TestWindow(t *testing.T) {
	b := []byte("0123456789")
	for _, c := range []struct {
		offset, length int64
		want           string
	}{{0, 10, "0123456789"}, {2, 3, "234"}, {8, 100, "89"}, {10, 1, ""}, {11, 1, ""}, {-1, 5, ""}, {3, -1, ""}} {
		if got := string(window(b, c.offset, c.length)); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestLongPath(t *testing.T) {
	dir := t.TempDir()
	for len(dir) < 400 {
		dir += "/a-name-of-some-length"
	}
	if _, err := mkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var st [statFields]int64
	if err := statusOfPath(dir, true, &st); err != nil || kindOfMode(st[1]) != kindDirectory {
		t.Error(err, st)
	}
	if err := accessible(dir+"/none", unix.F_OK); err != unix.ENOENT {
		t.Error(err)
	}
}
