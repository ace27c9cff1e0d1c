export function D(...options: any[]): any { return () => {}; }
