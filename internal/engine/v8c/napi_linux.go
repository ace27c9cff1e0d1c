package v8c

// Addons link against Node-API's functions in our executable, so those, and only those, must be dynamic symbols: the
// linker script napi_exports.so picks them. -rdynamic alone would export all of V8, 9 MB of names. A changed script needs
// a rebuild with -a, because the go command doesn't know of it. On macOS executables export all global symbols anyway.

/*
#cgo LDFLAGS: -rdynamic ${SRCDIR}/napi_exports.so
*/
import "C"
