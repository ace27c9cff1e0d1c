// native:module
type Mistake = [code: string, message: string, report: string];
export function erase(name: string, text: string): [js: string] | Mistake;
export function transform(name: string, text: string): [js: string, mappings: string] | Mistake;
