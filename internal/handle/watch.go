package handle

// Change is what fs.watch reports about a file.
type Change string

// The two kinds of changes that Node tells apart.
const (
	Renamed Change = "rename" // appeared, vanished or got another name
	Changed Change = "change" // contents or attributes
)
