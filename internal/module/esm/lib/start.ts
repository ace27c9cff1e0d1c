// Starts the isolate's loader; see esm.go.
export { start } from 'native:module/esm';
