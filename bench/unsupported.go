//go:build !linux

package main

import (
	"context"
	"errors"
)

var errLinux = errors.New("measured through /proc, so on Linux only")

func benchStart(context.Context, options, []program) error     { return errLinux }
func benchHello(context.Context, options, []program) error     { return errLinux }
func benchHTTP(context.Context, options, []program) error      { return errLinux }
func benchTLS(context.Context, options, []program) error       { return errLinux }
func benchPG(context.Context, options, []program) error        { return errLinux }
func benchExpress(context.Context, options, []program) error   { return errLinux }
func benchFastify(context.Context, options, []program) error   { return errLinux }
func benchNative(context.Context, options, []program) error    { return errLinux }
func benchWorkers(context.Context, options, []program) error   { return errLinux }
func benchJSON(context.Context, options, []program) error      { return errLinux }
func benchStatic(context.Context, options, []program) error    { return errLinux }
func benchFetch(context.Context, options, []program) error     { return errLinux }
func benchWebSocket(context.Context, options, []program) error { return errLinux }
func benchIdle(context.Context, options, []program) error      { return errLinux }
