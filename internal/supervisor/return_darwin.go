package supervisor

import (
	"errors"
	"net"
)

func listenBelow(string, string) (int, error) { return -1, errors.ErrUnsupported }

func connectBelow(string, string) (*net.UnixConn, error) { return nil, errors.ErrUnsupported }
