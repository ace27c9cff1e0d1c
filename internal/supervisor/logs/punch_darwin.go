package logs

import "os"

// punch does nothing: the space is kept until the program is started again.
func punch(*os.File, int64, int64) {}
