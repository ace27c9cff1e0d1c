// native:module
export function erase(name: string, text: string): string;
