// native:web/encoding — decoders of the Encoding standard for legacy encodings (golang.org/x/text/encoding/htmlindex).

/** The name of a label in lower case, '' when there is no decoder for it. */
export function encodingName(label: string): string;
/** A decoder for a name that encodingName gave. */
export function decoderNew(name: string, fatal: boolean): object | undefined;
/** Decodes bytes; undefined for malformed data when the decoder is fatal. */
export function decoderDecode(decoder: object, bytes: ArrayBufferView | ArrayBuffer, flush: boolean): string | undefined;
