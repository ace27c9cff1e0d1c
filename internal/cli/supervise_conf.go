package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Settings are names and values that set keeps for get: of whoever uses them. Those of Roost itself are metrics.* (supervise_metrics.go).

func (m *manager) settings() (map[string]string, error) {
	out := map[string]string{}
	text, err := os.ReadFile(m.home.Settings())
	if errors.Is(err, os.ErrNotExist) {
		return out, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

func (m *manager) store(s map[string]string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := m.home.Make(); err != nil {
		return err
	}
	temporary := m.home.Settings() + ".tmp"
	if err := os.WriteFile(temporary, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, m.home.Settings())
}

func (m *manager) set() int {
	if len(m.args) == 0 {
		return m.conf()
	}
	if len(m.args) < 2 {
		return m.fail(errors.New("missing argument: set <key> <value>"))
	}
	s, err := m.settings()
	if err == nil {
		s[m.args[0]] = m.args[1]
		err = m.store(s)
	}
	if err != nil {
		return m.fail(err)
	}
	if err := m.tellSettings(m.args[0]); err != nil {
		return m.fail(err)
	}
	m.say("Key %s set to %s", m.args[0], m.args[1])
	return 0
}

func (m *manager) unset() int {
	key, err := m.target()
	if err != nil {
		return m.fail(err)
	}
	s, err := m.settings()
	if err == nil {
		delete(s, key)
		err = m.store(s)
	}
	if err != nil {
		return m.fail(err)
	}
	if err := m.tellSettings(key); err != nil {
		return m.fail(err)
	}
	m.say("Key %s unset", key)
	return 0
}

func (m *manager) get() int {
	if len(m.args) == 0 {
		return m.conf()
	}
	s, err := m.settings()
	if err != nil {
		return m.fail(err)
	}
	value, ok := s[m.args[0]]
	if !ok {
		return m.fail(fmt.Errorf("no value for %s", m.args[0]))
	}
	fmt.Fprintln(m.out, value)
	return 0
}

// conf lists, gets or sets.
func (m *manager) conf() int {
	if len(m.args) > 1 {
		return m.set()
	}
	s, err := m.settings()
	if err != nil {
		return m.fail(err)
	}
	for _, k := range slices.Sorted(maps.Keys(s)) {
		if len(m.args) == 0 || k == m.args[0] || strings.HasPrefix(k, m.args[0]+":") {
			fmt.Fprintf(m.out, "$ roost set %s %s\n", k, s[k])
		}
	}
	return 0
}

// multiset sets several at once: "key value key value".
func (m *manager) multiset() int {
	text, err := m.target()
	if err != nil {
		return m.fail(errors.New("missing required argument `value'"))
	}
	words := strings.Fields(text)
	if len(words)%2 != 0 {
		return m.fail(errors.New("multiset takes pairs: \"key value key value\""))
	}
	s, err := m.settings()
	if err != nil {
		return m.fail(err)
	}
	for k := 0; k < len(words); k += 2 {
		s[words[k]] = words[k+1]
	}
	if err := m.store(s); err != nil {
		return m.fail(err)
	}
	if err := m.tellSettings(words...); err != nil {
		return m.fail(err)
	}
	for k := 0; k < len(words); k += 2 {
		m.say("Key %s set to %s", words[k], words[k+1])
	}
	return 0
}
