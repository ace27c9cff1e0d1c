package blob

import (
	"regexp"
	"testing"
)

func TestUUID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	a, b := uuid(), uuid()
	if !form.MatchString(a) || a == b {
		t.Errorf("%q, %q", a, b)
	}
}
