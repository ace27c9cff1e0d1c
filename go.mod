module roost

go 1.26.0

require (
	github.com/microsoft/typescript-go/roost v0.0.0
	github.com/tommie/v8go v0.34.0
	github.com/tommie/v8go/deps/linux_amd64 v0.0.0-20250515043113-5dcc98077472
)

require golang.org/x/sys v0.49.0

replace github.com/microsoft/typescript-go/roost => ./tsgo
