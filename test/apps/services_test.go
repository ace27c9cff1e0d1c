package apps

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"
)

var postgres = &service{
	name: "PostgreSQL", needs: []string{"initdb", "postgres"},
	launch: func(i *instance) ([]string, error) {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		data := filepath.Join(i.dir, "data")
		password, err := i.write("password", "secret")
		if err != nil {
			return nil, err
		}
		if err := i.run(i.command("initdb", "-D", data, "-U", "app", "--pwfile", password, "-A", "scram-sha-256",
			"-E", "UTF8", "--no-locale", "--no-sync")); err != nil {
			return nil, err
		}
		cert, key, err := i.certificate()
		if err != nil {
			return nil, err
		}
		i.ends = syscall.SIGQUIT
		p, err := i.serve(i.command("postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1",
			"-c", "unix_socket_directories="+i.dir, "-c", "fsync=off", "-c", "max_connections=60", "-c", "timezone=UTC",
			"-c", "ssl=on", "-c", "ssl_cert_file="+cert, "-c", "ssl_key_file="+key))
		if err != nil {
			return nil, err
		}
		env := []string{"PGHOST=127.0.0.1", "PGPORT=" + port, "PGUSER=app", "PGPASSWORD=secret", "PGDATABASE=postgres",
			"APPS_PG_SOCKET=" + i.dir}
		return env, i.listening(p, port)
	},
}

var mariadb = &service{
	name: "MariaDB", needs: []string{"mariadb-install-db", "mariadbd"},
	launch: func(i *instance) ([]string, error) {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		data := filepath.Join(i.dir, "data")
		if err := i.run(i.command("mariadb-install-db", "--no-defaults", "--datadir="+data,
			"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")); err != nil {
			return nil, err
		}
		setup, err := i.write("setup.sql", "CREATE DATABASE app;\nCREATE USER 'app'@'127.0.0.1' IDENTIFIED BY 'secret';\n"+
			"GRANT ALL ON app.* TO 'app'@'127.0.0.1';\n")
		if err != nil {
			return nil, err
		}
		cert, key, err := i.certificate()
		if err != nil {
			return nil, err
		}
		p, err := i.serve(i.command("mariadbd", "--no-defaults", "--datadir="+data, "--port="+port,
			"--bind-address=127.0.0.1", "--skip-name-resolve", "--socket="+filepath.Join(i.dir, "socket"),
			"--pid-file="+filepath.Join(i.dir, "pid"), "--init-file="+setup, "--default-time-zone=+00:00",
			"--ssl-ca="+cert, "--ssl-cert="+cert, "--ssl-key="+key, "--tls-version=TLSv1.2,TLSv1.3"))
		if err != nil {
			return nil, err
		}
		env := []string{"APPS_MYSQL_PORT=" + port}
		return env, i.listening(p, port)
	},
}

var redis = &service{
	name: "Redis", needs: []string{"redis-server"},
	launch: func(i *instance) ([]string, error) {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		socket := filepath.Join(i.dir, "socket")
		p, err := i.serve(i.command("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", i.dir,
			"--save", "", "--appendonly", "no", "--requirepass", "secret", "--unixsocket", socket))
		if err != nil {
			return nil, err
		}
		return []string{"APPS_REDIS_PORT=" + port, "APPS_REDIS_SOCKET=" + socket}, i.listening(p, port)
	},
}

var rabbitmq = &service{
	name: "RabbitMQ", needs: []string{"epmd", "rabbitmq-server"},
	launch: func(i *instance) ([]string, error) {
		ports, err := freePorts(3)
		if err != nil {
			return nil, err
		}
		// Debian's rabbitmq-server on the PATH switches users; the one that it calls does not.
		if script := "/usr/lib/rabbitmq/bin/rabbitmq-server"; i.programs["rabbitmq-server"] != script {
			if _, err := os.Stat(script); err == nil {
				i.programs["rabbitmq-server"] = script
			}
		}
		plugins, err := i.write("plugins", "[].\n")
		if err != nil {
			return nil, err
		}
		env := []string{
			"ERL_EPMD_PORT=" + ports[2], "ERL_EPMD_ADDRESS=127.0.0.1",
			"RABBITMQ_NODENAME=roost@localhost", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1", "RABBITMQ_NODE_PORT=" + ports[0],
			"RABBITMQ_DIST_PORT=" + ports[1], "RABBITMQ_MNESIA_BASE=" + filepath.Join(i.dir, "mnesia"),
			"RABBITMQ_LOG_BASE=" + filepath.Join(i.dir, "log"), "RABBITMQ_ENABLED_PLUGINS_FILE=" + plugins,
			"RABBITMQ_CONF_ENV_FILE=/dev/null", "RABBITMQ_CONFIG_FILE=" + filepath.Join(i.dir, "none"),
			"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S 1:1",
		}
		// Erlang would leave its name server behind; this one ends with the test.
		names := i.command("epmd", "-port", ports[2], "-address", "127.0.0.1")
		names.Env = append(names.Env, env...)
		epmd, err := i.serve(names)
		if err != nil {
			return nil, err
		}
		if err := i.listening(epmd, ports[2]); err != nil {
			return nil, err
		}
		cmd := i.command("rabbitmq-server")
		cmd.Env = append(cmd.Env, env...)
		p, err := i.serve(cmd)
		if err != nil {
			return nil, err
		}
		return []string{"APPS_AMQP_URL=amqp://guest:guest@127.0.0.1:" + ports[0]}, i.listening(p, ports[0])
	},
}

var nats = &service{
	name: "NATS", needs: []string{"nats-server"},
	launch: func(i *instance) ([]string, error) {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		p, err := i.serve(i.command("nats-server", "-a", "127.0.0.1", "-p", port, "-js", "-sd", i.dir))
		if err != nil {
			return nil, err
		}
		return []string{"APPS_NATS_PORT=" + port}, i.listening(p, port)
	},
}

var mosquitto = &service{
	name: "Mosquitto", needs: []string{"mosquitto"},
	launch: func(i *instance) ([]string, error) {
		ports, err := freePorts(3)
		if err != nil {
			return nil, err
		}
		cert, key, err := i.certificate()
		if err != nil {
			return nil, err
		}
		config, err := i.write("mosquitto.conf", fmt.Sprintf("allow_anonymous true\npersistence false\nmax_queued_messages 0\n"+
			"listener %s 127.0.0.1\nlistener %s 127.0.0.1\nprotocol websockets\n"+
			"listener %s 127.0.0.1\ncertfile %s\nkeyfile %s\n", ports[0], ports[1], ports[2], cert, key))
		if err != nil {
			return nil, err
		}
		p, err := i.serve(i.command("mosquitto", "-c", config))
		if err != nil {
			return nil, err
		}
		env := []string{"APPS_MQTT_PORT=" + ports[0], "APPS_MQTT_WS_PORT=" + ports[1], "APPS_MQTT_TLS_PORT=" + ports[2]}
		return env, i.listening(p, ports[0])
	},
}

// kafka is the broker that librdkafka brings for tests, an implementation of the protocol of its own: Debian packages no Kafka.
// kcat starts it and is its first client.
var kafka = &service{
	name: "Kafka (librdkafka's mock cluster in kcat)", needs: []string{"kcat"},
	launch: func(i *instance) ([]string, error) {
		p, err := i.serve(i.command("kcat", "-C", "-b", "127.0.0.1:1", "-t", "unused", "-X", "test.mock.num.brokers=2", "-d", "mock"))
		if err != nil {
			return nil, err
		}
		address := regexp.MustCompile(`bootstrap\.servers=(\S+)`)
		var brokers string
		err = i.until(p, "address", func() bool {
			if found := address.FindStringSubmatch(i.log.String()); found != nil {
				brokers = found[1]
			}
			return brokers != ""
		})
		return []string{"APPS_KAFKA_BROKERS=" + brokers}, err
	},
}

// ferretdb speaks MongoDB's protocol; it is built from the folder of that name.
var ferretdb = &service{
	name: "FerretDB", needs: []string{"ferretdb"},
	launch: func(i *instance) ([]string, error) {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		i.as = nil // the program may lie in the home folder of who runs the tests
		p, err := i.serve(i.command("ferretdb", "127.0.0.1:"+port, i.dir))
		if err != nil {
			return nil, err
		}
		return []string{"APPS_MONGO_PORT=" + port}, i.listening(p, port)
	},
}

// certificate writes the certificate for localhost and its key for the server. Scripts have it as APPS_CERT.
func (i *instance) certificate() (cert, key string, err error) {
	certText, keyText, err := selfSigned()
	if err != nil {
		return "", "", err
	}
	if cert, err = i.write("cert.pem", certText); err != nil {
		return "", "", err
	}
	key, err = i.write("key.pem", keyText)
	return cert, key, err
}

// selfSigned makes a certificate for localhost and 127.0.0.1 that signs itself.
var selfSigned = onceTexts(func() (cert, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return "", "", err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", err
	}
	cert = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return cert, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})), nil
})

func onceTexts(make func() (string, string, error)) func() (string, string, error) {
	type made struct {
		cert, key string
		err       error
	}
	once := sync.OnceValue(func() made {
		cert, key, err := make()
		return made{cert, key, err}
	})
	return func() (string, string, error) { m := once(); return m.cert, m.key, m.err }
}
