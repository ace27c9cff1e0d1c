package cli

import (
	"fmt"
	"os"
	"path/filepath"
)

const simpleEcosystem = `module.exports = {
  apps : [{
    name   : "app1",
    script : "./app.js"
  }]
}
`

const fullEcosystem = `// Options: packages/ecosystem/index.d.ts of Roost, or https://pm2.keymetrics.io/docs/usage/application-declaration/
module.exports = {
  apps: [{
    name: 'app1',
    script: './app.js',
    instances: 2,
    exec_mode: 'cluster',
    max_memory_restart: '300M',
    env: {
      NODE_ENV: 'development',
    },
    env_production: {
      NODE_ENV: 'production',
    },
  }],
};
`

// init writes an ecosystem file into the working directory.
func (m *manager) init() int {
	text := fullEcosystem
	if len(m.args) > 0 && m.args[0] == "simple" {
		text = simpleEcosystem
	}
	path, err := filepath.Abs("ecosystem.config.js")
	if err != nil {
		return m.fail(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return m.fail(fmt.Errorf("%s can't be written: %w", path, err))
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		return m.fail(err)
	}
	m.say("File %s generated", path)
	return 0
}
