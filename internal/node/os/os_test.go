package os

import "testing"

func TestParsePasswd(t *testing.T) {
	u, ok := parsePasswd("root:x:0:0:root:/root:/bin/bash")
	if !ok || u.name != "root" || u.home != "/root" || u.shell != "/bin/bash" || u.uid != 0 {
		t.Errorf("%+v %v", u, ok)
	}
	for _, bad := range []string{"", "a:b", "root:x:zero:0::/:/bin/sh", "# comment"} {
		if _, ok := parsePasswd(bad); ok {
			t.Errorf("accepted %q", bad)
		}
	}
}
