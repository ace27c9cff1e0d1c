// Command ferretdb is the server that test/apps's MongoDB driver speaks to: FerretDB, an implementation of MongoDB's protocol in Go, which
// keeps its data in SQLite. Debian packages no MongoDB.
//
// It is a module of its own, so that its many dependencies are nobody else's.
//
//	go -C test/apps/ferretdb install .     puts it where test/apps finds it when $(go env GOPATH)/bin is on the PATH
//	ferretdb <address> <folder>            serves until SIGTERM
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: ferretdb <address> <folder>")
	}
	folder, err := filepath.Abs(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: os.Args[1]},
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := server.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
