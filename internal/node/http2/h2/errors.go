package h2

// Code is an error code of RST_STREAM and GOAWAY (RFC 9113 section 7).
type Code uint32

// Error codes.
const (
	NoError            Code = 0
	ProtocolError      Code = 1
	InternalError      Code = 2
	FlowControlError   Code = 3
	StreamClosed       Code = 5
	FrameSizeError     Code = 6
	RefusedStream      Code = 7
	Cancel             Code = 8
	CompressionError   Code = 9
	EnhanceYourCalm    Code = 11
	InadequateSecurity Code = 12
)

// LibError is a number of nghttp2's for what went wrong; programs see it as errno.
type LibError int

// Library errors.
const (
	ErrInvalidArgument   LibError = -501
	ErrProto             LibError = -505
	ErrNoStreamID        LibError = -509
	ErrStreamClosed      LibError = -510
	ErrStreamClosing     LibError = -511
	ErrInvalidState      LibError = -519
	ErrFrameSize         LibError = -522
	ErrHeaderComp        LibError = -523
	ErrFlowControl       LibError = -524
	ErrPushDisabled      LibError = -528
	ErrSessionClosing    LibError = -530
	ErrHTTPHeader        LibError = -531
	ErrHTTPMessaging     LibError = -532
	ErrRefusedStream     LibError = -533
	ErrSettingsExpected  LibError = -536
	ErrTooManySettings   LibError = -537
	ErrBadMagic          LibError = -903
	ErrFlooded           LibError = -904
	ErrTooManyContinuing LibError = -905
)

// Why tells more about a failure than its number: the ERR_ code that a program sees, "" for the library's own error.
type Why string

// Reasons of failures that are no errors of the library.
const (
	WhyInvalidFrames   Why = "ERR_HTTP2_TOO_MANY_INVALID_FRAMES"
	WhyRejectedStreams Why = "ERR_HTTP2_MAX_REJECTED_STREAMS"
)

// texts are nghttp2_strerror's.
var texts = map[LibError]string{
	-501: "Invalid argument", -502: "Out of buffer space", -503: "Unsupported SPDY version", -504: "Operation would block", -505: "Protocol error",
	-506: "Invalid frame octets", -507: "EOF", -508: "Data transfer deferred", -509: "No more Stream ID available",
	-510: "Stream was already closed or invalid", -511: "Stream is closing", -512: "The transmission is not allowed for this stream",
	-513: "Stream ID is invalid", -514: "Invalid stream state", -515: "Another DATA frame has already been deferred", -516: "request HEADERS is not allowed",
	-517: "GOAWAY has already been sent", -518: "Invalid header block", -519: "Invalid state",
	-521: "The user callback function failed due to the temporal error", -522: "The length of the frame is invalid",
	-523: "Header compression/decompression error", -524: "Flow control error", -525: "Insufficient buffer size given to function",
	-526: "Callback was paused by the application", -527: "Too many inflight SETTINGS", -528: "Server push is disabled by peer",
	-529: "DATA or HEADERS frame has already been submitted for the stream", -530: "The current session is closing",
	-531: "Invalid HTTP header field was received", -532: "Violation in HTTP messaging rule", -533: "Stream was refused", -534: "Internal error",
	-535: "Cancel", -536: "When a local endpoint expects to receive SETTINGS frame, it receives an other type of frame",
	-537: "SETTINGS frame contained more than the maximum allowed entries", -901: "Out of memory", -902: "The user callback function failed",
	-903: "Received bad client magic byte string", -904: "Flooding was detected in this HTTP/2 session, and it must be closed",
	-905: "Too many CONTINUATION frames following a HEADER frame",
}

// Text is the message of a library error.
func Text(n LibError) string {
	if t, ok := texts[n]; ok {
		return t
	}
	return "Unknown error code"
}
