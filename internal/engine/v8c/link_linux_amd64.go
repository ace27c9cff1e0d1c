package v8c

import _ "github.com/tommie/v8go/deps/linux_amd64" // V8's static libraries and the flags that link them
